import Foundation
import ModelTransport
import Testing

@Suite(.timeLimit(.minutes(1))) final class QueueRetryTests {
    private let loop: CurlLoop

    init() throws { loop = try #require(CurlLoop()) }
    deinit { loop.shutdown() }

    private func queue(_ connections: Int = 4, attempts: Int = 6, budget: Double = 60) -> RequestQueue {
        RequestQueue(
            loop: loop, maxConnections: connections,
            policy: RetryPolicy(maxAttempts: attempts, baseDelay: 0.001, maxDelay: 0.01),
            budget: SharedRetryBudget(seconds: budget))
    }

    /// Answers the n-th request of all by the n-th script, and those after by the last.
    private func server(_ answers: [@Sendable (RawConnection) -> Void]) throws -> RawServer {
        let asked = Watched(0)
        return try RawServer { connection in
            while connection.readRequest() != nil {
                asked.update { $0 += 1 }
                answers[min(asked.value, answers.count) - 1](connection)
            }
        }
    }

    @Test func `a request that goes well tells its start, head, data and end`() async throws {
        let server = try server([{ $0.respond("fine") }])
        let answer = await queue().answer(HTTPRequest(url: server.url))
        #expect(answer.events == ["started", "head", "data", "end"] && answer.text == "fine" && answer.attempts == 1)
    }

    @Test func `a rate limit is waited out as long as the server says`() async throws {
        let server = try server([
            { $0.respond("{}", status: "429 Too Many Requests", headers: ["retry-after-ms: 150"]) },
            { $0.respond("fine") },
        ])
        let queue = queue()
        let answer = await queue.answer(HTTPRequest(url: server.url))
        #expect(
            answer.events == ["started", "started", "head", "data", "end"] && answer.text == "fine"
                && answer.attempts == 2)
        let requests = server.counts.value.requests
        #expect(requests.count == 2 && requests[1].at - requests[0].at >= 0.149)
        #expect(queue.snapshot.retries == 1)
    }

    @Test func `while a rate limit is waited out nobody is sent into it, and the limit is halved`() async throws {
        let server = try server([
            { $0.respond("{}", status: "429 Too Many Requests", headers: ["retry-after-ms: 200"]) },
            { $0.respond("fine") },
        ])
        let queue = queue()
        let first = queue.record(1, HTTPRequest(url: server.url))
        await first.wait { _ in queue.snapshot.retries == 1 || !server.counts.value.requests.isEmpty }
        while queue.snapshot.retries == 0 { await Task.yield() }
        #expect(queue.snapshot.limit == 2 && queue.snapshot.ceiling == 4 && queue.snapshot.reason.contains("429"))
        let others = (2..<6).map { queue.record($0, HTTPRequest(url: server.url)) }
        for record in [first] + others { #expect(await record.ended().text == "fine") }
        let times = server.counts.value.requests.map(\.at)
        #expect(times.count == 6 && times.dropFirst().allSatisfy { $0 - times[0] >= 0.199 })
    }

    @Test(arguments: ["500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "529 Overloaded"])
    func `a server's error is tried again`(_ status: String) async throws {
        let server = try server([
            { $0.respond("oops", status: status) }, { $0.respond("oops", status: status) }, { $0.respond("fine") },
        ])
        let answer = await queue().answer(HTTPRequest(url: server.url))
        #expect(answer.text == "fine" && answer.attempts == 3 && answer.lastEvents == 1)
    }

    @Test(arguments: ["400 Bad Request", "401 Unauthorized", "404 Not Found", "302 Found"])
    func `a refusal is told at once, with its text`(_ status: String) async throws {
        let server = try server([{ $0.respond("no: because", status: status) }])
        let answer = await queue().answer(HTTPRequest(url: server.url))
        #expect(answer.events == ["started", "rejected"] && answer.text == "no: because" && answer.attempts == 1)
        #expect(answer.status == Int(status.prefix(3)) && !answer.isQuota)
        #expect(server.counts.value.requests.count == 1)
    }

    @Test func `of a refusal's text 64 KiB are kept`() async throws {
        let server = try server([{ $0.respond(String(repeating: "e", count: 300_000), status: "400 Bad Request") }])
        #expect(await queue().answer(HTTPRequest(url: server.url)).body.count == 64 << 10)
    }

    @Test func `a quota that is used up is not asked again`() async throws {
        let server = try server([{ $0.respond("insufficient_quota", status: "429 Too Many Requests") }])
        let record = queue().record(1, HTTPRequest(url: server.url)) { status, _, body in
            status == 429 && String(decoding: body, as: UTF8.self).contains("quota") ? .quotaExhausted : .permanent
        }
        let answer = await record.ended()
        #expect(answer.events == ["started", "rejected"] && answer.isQuota && answer.status == 429)
    }

    @Test func `a wait beyond the run's retry time is a quota, and is not waited for`() async throws {
        let server = try server([{ $0.respond("{}", status: "429 Too Many Requests", headers: ["Retry-After: 3600"]) }])
        let answer = await queue(budget: 10).answer(HTTPRequest(url: server.url))
        #expect(answer.events == ["started", "rejected"] && answer.isQuota)
        #expect(answer.reason.contains("10 s") && answer.reason.contains("36"))
    }

    @Test func `the run's retry time is one for all queues`() async throws {
        let server = try server([{ $0.respond("oops", status: "503 X", headers: ["retry-after-ms: 60"]) }])
        let budget = SharedRetryBudget(seconds: 0.1)
        for expected in [2, 1] {
            let queue = RequestQueue(loop: loop, maxConnections: 1, budget: budget)
            let answer = await queue.answer(HTTPRequest(url: server.url))
            #expect(
                answer.events.last == "rejected" && answer.attempts == expected && answer.reason.contains("retry time"))
        }
    }

    @Test func `attempts come to an end`() async throws {
        let server = try server([{ $0.respond("oops", status: "500 X") }])
        let answer = await queue(attempts: 3).answer(HTTPRequest(url: server.url))
        #expect(answer.events == ["started", "started", "started", "rejected"] && answer.attempts == 3)
        #expect(answer.reason == "after 3 attempts" && answer.text == "oops" && !answer.isQuota)
    }

    @Test func `a refused connection is tried again, then told`() async throws {
        let listener = try Listener(backlog: nil)
        defer { close(listener.file) }
        let queue = queue(attempts: 3)
        let answer = await queue.answer(HTTPRequest(url: "http://127.0.0.1:\(listener.port)/"))
        #expect(answer.events == ["started", "started", "started", "failed"] && answer.failure?.kind == .connect)
        #expect(answer.reason == "after 3 attempts")
        #expect(queue.snapshot.inFlight == 0 && queue.snapshot.waiting == 0 && queue.snapshot.retries == 2)
    }

    /// Breaks off in the middle, then answers whole.
    private func breaking() throws -> RawServer {
        try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
            connection.write(connection.number == 0 ? "half" : "halfhalf")
        }
    }

    @Test func `an answer that broke off unseen is asked for again from the start`() async throws {
        let server = try breaking()
        let answer = await queue().answer(HTTPRequest(url: server.url))
        #expect(answer.events == ["started", "head", "data", "restarted", "started", "head", "data", "end"])
        #expect(answer.text == "halfhalf" && answer.attempts == 2)
    }

    @Test func `an answer that somebody saw is not asked for again`() async throws {
        let server = try breaking()
        let answer = await queue().answer(HTTPRequest(url: server.url), isRestartable: false)
        #expect(answer.events == ["started", "head", "data", "failed"] && answer.failure?.kind == .closedEarly)
        #expect(answer.failure?.bytesReceived == 4 && server.counts.value.requests.count == 1)
    }

    @Test func `an answer that is too large is not asked for again`() async throws {
        let server = try server([{ $0.respond("too much") }])
        let answer = await queue().answer(HTTPRequest(url: server.url, maxBodyBytes: 3))
        #expect(answer.failure?.kind == .tooLarge && answer.attempts == 1 && answer.lastEvents == 1)
    }
}
