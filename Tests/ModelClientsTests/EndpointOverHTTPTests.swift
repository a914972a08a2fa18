import Completions
import Foundation
import ModelTransport
import Synchronization
import Testing

@testable import ModelClients

/// Endpoints over the real transport, against a small server of our own.
@Suite(.timeLimit(.minutes(2))) struct EndpointOverHTTPTests {
    private let log = EventLog()

    private func withEndpoint(
        _ base: String, provider: EndpointProvider = .openai, key: String? = nil, idle: Double = 60,
        _ body: (ModelEndpoint) async throws -> Void
    ) async throws {
        let loop = try #require(CurlLoop())
        defer { loop.shutdown() }
        let configuration = EndpointConfiguration(
            role: "main", provider: provider, baseURL: base, model: "m", apiKey: key.map { Secret($0) },
            deadlines: EndpointDeadlines(connect: 5, firstByte: min(20, idle * 4), idle: idle, total: 60),
            maxAttempts: 4)
        try await body(try ModelEndpoint(configuration, loop: loop, budget: SharedRetryBudget(seconds: 60)))
    }

    @Test func `A plain call, with key and JSON`() async throws {
        let server = try LoopbackServer { _ in .json(200, FakeTransport.chat(["hello"])) }
        try await withEndpoint("http://127.0.0.1:\(server.port)/v1", key: "sk-test-123456") { endpoint in
            let outcome = await endpoint.perform(.test())
            #expect(outcome.completions[0]?.text == "hello")
            let request = try #require(server.requests.first)
            #expect(request.path == "/v1/chat/completions" && request.method == "POST")
            #expect(
                request.head.contains("Authorization: Bearer sk-test-123456")
                    && request.head.contains("application/json"))
        }
    }

    @Test func `A stream over a Unix socket`() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "evalh-\(UUID().uuidString.prefix(8)).sock"
        ).path
        defer { unlink(path) }
        let server = try LoopbackServer(socketPath: path) { _ in
            .stream([
                FakeTransport.delta(0, "a"), FakeTransport.delta(0, "b", finish: "stop"),
                FakeTransport.usage(3) + "data: [DONE]\n\n",
            ])
        }
        try await withEndpoint("unix:\(path)#/v1") { endpoint in
            let outcome = await endpoint.perform(.test(stream: true))
            #expect(outcome.completions[0]?.text == "ab" && outcome.deltas == 2)
            #expect(outcome.completions[0]?.usage == TokenUsage(requests: 1, promptTokens: 9, completionTokens: 3))
        }
        _ = server
    }

    @Test func `A cancel closes the connection`() async throws {
        let server = try LoopbackServer { _ in
            .stream([FakeTransport.delta(0, "a"), FakeTransport.delta(0, "b")], holds: true)
        }
        try await withEndpoint("http://127.0.0.1:\(server.port)") { endpoint in
            let outcome = await endpoint.perform(.test(stream: true), cancelAfter: 2)
            #expect(outcome.partial?[0]?.text == "ab")
            let isClosed = try await log.wait { _ in server.closedByClient == 1 }
            #expect(isClosed)
        }
    }

    @Test func `A server that is too busy is asked again, one whose quota is used up is not`() async throws {
        let count = Mutex(0)
        let server = try LoopbackServer { request in
            if request.body.contains(#""seed":1,"#) {
                return .json(429, #"{"error":{"message":"pay","code":"insufficient_quota"}}"#)
            }
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number < 3
                ? .json(number == 1 ? 503 : 429, "{}", headers: ["Retry-After: 0"])
                : .json(200, FakeTransport.chat(["ok"]))
        }
        try await withEndpoint("http://127.0.0.1:\(server.port)/v1") { endpoint in
            let patient = await endpoint.perform(.test())
            #expect(patient.completions[0]?.text == "ok")
            #expect(endpoint.load.retries == 2)
            var call = ModelCall.test(2)
            call.seeds = [1]
            let failure = await endpoint.perform(call).failure
            #expect(failure?.kind == .quota && failure?.httpStatus == 429)
            #expect(server.requests.count == 4)
        }
    }

    @Test func `A stream that breaks off after it was shown fails and is not sent again`() async throws {
        let server = try LoopbackServer { _ in .stream([FakeTransport.delta(0, "a")]) }
        try await withEndpoint("http://127.0.0.1:\(server.port)/v1") { endpoint in
            let outcome = await endpoint.perform(.test(stream: true))
            #expect(outcome.failure?.kind == .connection)
            #expect(outcome.failure?.spent.completionTokens == 1)
            #expect(server.requests.count == 1)
        }
    }

    @Test func `A stream that falls silent costs one timeout`() async throws {
        let server = try LoopbackServer { _ in .stream([FakeTransport.delta(0, "a")], holds: true) }
        try await withEndpoint("http://127.0.0.1:\(server.port)/v1", idle: 0.5) { endpoint in
            let outcome = await endpoint.perform(.test(stream: true))
            #expect(outcome.failure?.kind == .timeout)
        }
    }

    @Test func `Nobody there is a failure to connect`() async throws {
        let port = try LoopbackProbe.freePort()
        try await withEndpoint("http://127.0.0.1:\(port)/v1") { endpoint in
            let failure = await endpoint.perform(.test()).failure
            #expect(failure?.kind == .connection && failure?.isRetryable == true && failure?.attempts == 4)
        }
    }
}
