import Foundation
import ModelTransport
import Testing

/// A server may close an idle connection at any time: that is not a failure of the next request.
@Suite(.timeLimit(.minutes(1))) final class PooledConnectionTests {
    private let loop: CurlLoop

    init() throws { loop = try #require(CurlLoop()) }
    deinit { loop.shutdown() }

    @Test func `a connection that was closed while idle is replaced`() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.respond("one")
        }
        for _ in 0..<3 {
            #expect(await loop.answer(HTTPRequest(url: server.url)).text == "one")
            await server.counts.wait { $0.open == 0 }
        }
        #expect(server.counts.value.accepted == 3)
    }

    @Test func `a connection that is closed on its second request is replaced once, and the body sent again`()
        async throws
    {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.respond("one")
            // Reads the next request and hangs up without a word: the race between a request and the server's idle
            // limit.
            _ = connection.readRequest()
        }
        let body = Array("{\"a\":1}".utf8)
        #expect(await loop.answer(HTTPRequest(url: server.url, body: body)).text == "one")
        #expect(await loop.answer(HTTPRequest(url: server.url, body: body)).text == "one")
        #expect(server.counts.value.accepted == 2)
        #expect(server.counts.value.requests.map(\.body) == [body, body, body])
    }

    @Test func `nothing is sent again once a byte came`() async throws {
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.respond("one")
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        }
        _ = await loop.answer(HTTPRequest(url: server.url))
        let answer = await loop.answer(HTTPRequest(url: server.url))
        #expect(answer.failure?.kind == .closedEarly && answer.failure?.bytesReceived == 3)
        #expect(server.counts.value.requests.count == 2 && server.counts.value.accepted == 1)
    }

    @Test func `a fresh connection that is closed is a failure`() async throws {
        let server = try RawServer { _ = $0.readRequest() }
        let answer = await loop.answer(HTTPRequest(url: server.url))
        #expect(answer.failure?.kind == .closedEarly && answer.failure?.isBeforeAnyByte == true)
        #expect(server.counts.value.accepted == 1)
    }
}
