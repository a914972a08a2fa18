import Foundation
import ModelTransport
import Testing

/// Who waits, who goes, and what ends them.
@Suite(.timeLimit(.minutes(1))) final class QueueOrderTests {
    private let loop: CurlLoop
    private let goOn = DispatchSemaphore(value: 0)

    init() throws { loop = try #require(CurlLoop()) }
    deinit { loop.shutdown() }

    private func queue(_ connections: Int, _ policy: RetryPolicy = RetryPolicy(), _ loop: CurlLoop? = nil)
        -> RequestQueue
    {
        RequestQueue(
            loop: loop ?? self.loop, maxConnections: connections, policy: policy,
            budget: SharedRetryBudget(seconds: 1000))
    }

    /// Answers each request once the test says so.
    private func patient() throws -> RawServer {
        let goOn = goOn
        return try RawServer { connection in
            connection.serve { request in
                goOn.wait()
                connection.respond(String(decoding: request.body, as: UTF8.self))
            }
        }
    }

    private func request(_ server: RawServer, _ body: String = "") -> HTTPRequest {
        HTTPRequest(url: server.url, body: Array(body.utf8))
    }

    @Test func `of two hundred requests never more than eight are under way`() async throws {
        let underWay = Watched((now: 0, most: 0))
        let server = try RawServer { connection in
            connection.serve { _ in
                underWay.update {
                    $0.now += 1
                    $0.most = max($0.most, $0.now)
                }
                // Long enough for others to come in between if they could.
                _ = connection.isClosed(within: 2)
                underWay.update { $0.now -= 1 }
                connection.respond("x")
            }
        }
        let queue = queue(8)
        let records = (0..<200).map { queue.record($0, request(server)) }
        for record in records { #expect(await record.ended().events.last == "end") }
        #expect(underWay.value.most == 8)
        #expect(server.counts.value.mostOpen <= 8 && server.counts.value.requests.count == 200)
        #expect(queue.snapshot.inFlight == 0 && queue.snapshot.waiting == 0)
    }

    @Test func `higher priorities go first, equal ones in the order they came`() async throws {
        let server = try patient()
        let queue = queue(1)
        let names = [("first", 0), ("a", 0), ("B", 5), ("c", 0), ("D", 5), ("low", -1), ("E", 9)]
        let records = names.enumerated().map {
            queue.record(UInt64($0.offset), request(server, $0.element.0), priority: $0.element.1)
        }
        await server.counts.wait { $0.requests.count == 1 }
        for _ in names { goOn.signal() }
        for record in records { _ = await record.ended() }
        let order = server.counts.value.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(order == ["first", "E", "B", "D", "a", "c", "low"])
    }

    @Test func `who waits and is cancelled is never sent`() async throws {
        let server = try patient()
        let queue = queue(1)
        let first = queue.record(1, request(server, "first"))
        await server.counts.wait { $0.requests.count == 1 }
        let second = queue.record(2, request(server, "second"))
        let third = queue.record(3, request(server, "third"))
        queue.cancel(TransferID(2))
        let answer = await second.ended()
        #expect(answer.events == ["failed"] && answer.failure?.kind == .cancelled && answer.attempts == 0)
        for _ in 0..<3 { goOn.signal() }
        #expect(await first.ended().text == "first")
        #expect(await third.ended().text == "third")
        #expect(server.counts.value.requests.count == 2)
    }

    @Test func `a cancel under way closes the connection and makes room`() async throws {
        let server = try RawServer { connection in
            guard let request = connection.readRequest() else { return }
            if request.body.isEmpty { return connection.waitForClose() }
            connection.respond("next")
        }
        let queue = queue(1)
        let held = queue.record(1, request(server))
        let next = queue.record(2, request(server, "x"))
        await server.counts.wait { $0.requests.count == 1 }
        queue.cancel(TransferID(1))
        #expect(await held.ended().failure?.kind == .cancelled)
        await server.counts.wait { $0.closedByClient == 1 }
        #expect(await next.ended().text == "next")
    }

    @Test func `who waits for a retry and is cancelled is not sent again`() async throws {
        let server = try RawServer { connection in
            connection.serve { _ in connection.respond("", status: "503 X", headers: ["Retry-After: 500"]) }
        }
        let queue = queue(1)
        let record = queue.record(1, request(server))
        while queue.snapshot.retries == 0 { await Task.yield() }
        queue.cancel(TransferID(1))
        let answer = await record.ended()
        #expect(answer.events == ["started", "failed"] && answer.failure?.kind == .cancelled && answer.attempts == 1)
    }

    @Test func `a cancel that crosses the attempt's failure holds`() async throws {
        let server = try RawServer { connection in connection.serve { _ in connection.respond("", status: "500 X") } }
        let queue = queue(8, RetryPolicy(maxAttempts: 1_000_000, baseDelay: 0.0001, maxDelay: 0.0001))
        for round in 0..<300 {
            let record = queue.record(UInt64(round), request(server))
            await record.wait { $0.events.count > round % 3 }
            queue.cancel(TransferID(UInt64(round)))
            #expect(await record.ended().failure?.kind == .cancelled)
        }
    }

    @Test func `all can be cancelled at once, and the queue goes on`() async throws {
        let server = try patient()
        let queue = queue(2)
        let records = (0..<10).map { queue.record($0, request(server)) }
        await server.counts.wait { $0.requests.count == 2 }
        queue.cancelAll()
        for record in records { #expect(await record.ended().failure?.kind == .cancelled) }
        #expect(records.allSatisfy { $0.value.lastEvents == 1 } && server.counts.value.requests.count == 2)
        let next = queue.record(99, request(server, "next"))
        for _ in 0..<3 { goOn.signal() }
        #expect(await next.ended().text == "next")
    }

    @Test func `an identifier in use is refused and the first request goes on`() async throws {
        let server = try patient()
        let queue = queue(1)
        let first = queue.record(1, request(server, "first"))
        let second = queue.record(1, request(server, "second"))
        #expect(await second.ended().failure?.kind == .other)
        goOn.signal()
        #expect(await first.ended().text == "first")
    }

    @Test func `shutting down ends who is under way, who waits and who waits for a retry, each once`() async throws {
        let loop = try #require(CurlLoop())
        let server = try RawServer { connection in
            connection.serve { request in
                if request.body.isEmpty { return connection.waitForClose() }
                connection.respond("", status: "503 X", headers: ["Retry-After: 500"])
            }
        }
        let queue = queue(2, RetryPolicy(), loop)
        let retried = queue.record(100, request(server, "busy"), priority: 1)
        while queue.snapshot.retries == 0 { await Task.yield() }
        let held = (0..<6).map { queue.record($0, request(server)) }
        await server.counts.wait { $0.requests.count == 3 }
        let direct = loop.record(500, request(server))
        await server.counts.wait { $0.requests.count == 4 }
        await withCheckedContinuation { done in
            Thread.detachNewThread {
                loop.shutdown()
                loop.shutdown()
                done.resume()
            }
        }
        // All is told by the time that it returns.
        for record in held + [retried] {
            #expect(record.value.lastEvents == 1 && record.value.failure?.kind == .cancelled)
        }
        #expect(direct.value.lastEvents == 1 && direct.value.failure?.kind == .cancelled)
        await server.counts.wait { $0.closedByClient == 3 }

        // Who comes too late is told so.
        #expect(await queue.record(7, request(server)).ended().failure?.kind == .cancelled)
        #expect(await loop.answer(request(server), id: 8).failure?.kind == .cancelled)
        queue.cancelAll()
        #expect(server.counts.value.requests.count == 4)
    }
}
