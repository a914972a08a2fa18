import Foundation
import ModelTransport
import Testing

/// What may leave the process, and to whom.
@Suite(.timeLimit(.minutes(1))) final class RedirectAndSecretTests {
    private let loop: CurlLoop
    private let secret = "sk-very-secret-0123456789"

    init() throws { loop = try #require(CurlLoop()) }
    deinit { loop.shutdown() }

    /// A server that sends everybody on to another, which counts who comes.
    private func redirecting() throws -> (from: RawServer, to: RawServer) {
        let to = try RawServer { $0.serve { [connection = $0] _ in connection.respond("moved") } }
        let url = to.url
        let from = try RawServer { connection in
            connection.serve { _ in connection.respond("", status: "302 Found", headers: ["Location: \(url)"]) }
        }
        return (from, to)
    }

    @Test func `a GET without headers of its own follows a redirect`() async throws {
        let (from, to) = try redirecting()
        let answer = await loop.answer(HTTPRequest(method: "GET", url: from.url))
        #expect(answer.status == 200 && answer.text == "moved" && to.counts.value.requests.count == 1)
    }

    @Test(arguments: ["Authorization", "x-api-key"]) func `a request with headers is not sent on to another server`(
        _ name: String
    )
        async throws
    {
        let (from, to) = try redirecting()
        for method in ["GET", "POST"] {
            let answer = await loop.answer(HTTPRequest(method: method, url: from.url, headers: [(name, secret)]))
            #expect(answer.status == 302)
        }
        #expect(to.counts.value.accepted == 0)
    }

    @Test func `a redirect does not lead out of HTTP`() async throws {
        let from = try RawServer { connection in
            connection.serve { _ in
                connection.respond("", status: "302 Found", headers: ["Location: file:///etc/hostname"])
            }
        }
        let answer = await loop.answer(HTTPRequest(method: "GET", url: from.url))
        #expect(answer.failure?.kind == .protocolViolation && answer.body.isEmpty)
    }

    @Test func `redirects without end are an error`() async throws {
        let from = try RawServer { connection in
            connection.serve { _ in connection.respond("", status: "302 Found", headers: ["Location: /again"]) }
        }
        let answer = await loop.answer(HTTPRequest(method: "GET", url: from.url))
        #expect(answer.failure?.kind == .protocolViolation && from.counts.value.requests.count == 6)
    }

    @Test(arguments: ["\r\nX-Evil: 1", "\n", "\0"]) func `a header with a line break is never sent, and not told`(
        _ ending: String
    )
        async throws
    {
        let server = try RawServer { $0.serve { [connection = $0] _ in connection.respond("") } }
        let answer = await loop.answer(
            HTTPRequest(url: server.url, headers: [("Authorization", "Bearer \(secret)\(ending)")]))
        let failure = try #require(answer.failure)
        #expect(failure.kind == .protocolViolation && failure.message.contains("Authorization"))
        #expect(!"\(failure)\(String(reflecting: failure))".contains("secret"))
        #expect(server.counts.value.accepted == 0)
    }

    @Test func `a header without a value is sent empty`() async throws {
        let server = try RawServer { $0.serve { [connection = $0] _ in connection.respond("") } }
        _ = await loop.answer(HTTPRequest(url: server.url, headers: [("X-Empty", "")]))
        #expect(try #require(server.counts.value.requests.first).has("x-empty:\r\n"))
    }

    @Test func `a request's description has no header's value`() {
        let request = HTTPRequest(url: "http://127.0.0.1/", headers: [("Authorization", secret)], body: [1, 2, 3])
        var dumped = ""
        dump(request, to: &dumped)
        #expect(!"\(request)\(String(reflecting: request))\(dumped)\([request])".contains("secret"))
        #expect("\(request)".contains("POST http://127.0.0.1/"))
    }

    @Test func `a failure with a secret in the request does not tell it`() async throws {
        let listener = try Listener(backlog: nil)
        defer { close(listener.file) }
        let request = HTTPRequest(url: "http://127.0.0.1:\(listener.port)/", headers: [("Authorization", secret)])
        let failure = try #require(await loop.answer(request).failure)
        #expect(!"\(failure)\(String(reflecting: failure))".contains("secret"))
    }
}
