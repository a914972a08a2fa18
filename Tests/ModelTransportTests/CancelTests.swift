import Foundation
import ModelTransport
import Testing

@Suite(.timeLimit(.minutes(1))) final class CancelTests {
    private let loop: CurlLoop

    init() throws { loop = try #require(CurlLoop()) }
    deinit { loop.shutdown() }

    /// Sends a piece and holds the stream until the client closes it.
    private func streaming() throws -> RawServer {
        try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
            connection.waitForClose()
        }
    }

    @Test func `a cancel in mid-stream closes the connection and counts what came`() async throws {
        let server = try streaming()
        let record = loop.record(1, HTTPRequest(url: server.url))
        await record.wait { $0.text == "first" }
        loop.cancel(TransferID(1))
        let answer = await record.ended()
        #expect(answer.failure?.kind == .cancelled && answer.failure?.bytesReceived == 5)
        await server.counts.wait { $0.closedByClient == 1 }
        // The loop is well: the next transfer has a connection of its own.
        let next = loop.record(1, HTTPRequest(url: server.url))
        await next.wait { $0.text == "first" }
        #expect(server.counts.value.accepted == 2 && record.value.lastEvents == 1)
    }

    @Test func `a cancel from within the handler is one`() async throws {
        let server = try streaming()
        let record = loop.record(1, HTTPRequest(url: server.url)) { [loop] event in
            if case .data = event { loop.cancel(TransferID(1)) }
        }
        #expect(await record.ended().failure?.kind == .cancelled)
        await server.counts.wait { $0.closedByClient == 1 }
    }

    @Test func `a cancel before anything was sent ends it as well`() async throws {
        let server = try streaming()
        let record = loop.record(1, HTTPRequest(url: server.url))
        loop.cancel(TransferID(1))
        #expect(await record.ended().failure?.kind == .cancelled)
    }

    @Test func `a cancel of what is over or unknown does nothing`() async throws {
        let server = try RawServer { $0.serve { [connection = $0] _ in connection.respond("x") } }
        let record = loop.record(1, HTTPRequest(url: server.url))
        _ = await record.ended()
        loop.cancel(TransferID(1))
        loop.cancel(TransferID(99))
        #expect(await loop.answer(HTTPRequest(url: server.url)).text == "x")
        #expect(record.value.lastEvents == 1 && record.value.failure == nil)
    }

    @Test func `each of many cancelled transfers ends once and its connection is closed`() async throws {
        let server = try streaming()
        let records = (0..<50).map { loop.record($0, HTTPRequest(url: server.url)) }
        for record in records { await record.wait { $0.text == "first" } }
        for id in 0..<50 { loop.cancel(TransferID(UInt64(id))) }
        for record in records { #expect(await record.ended().failure?.kind == .cancelled) }
        await server.counts.wait { $0.closedByClient == 50 }
        #expect(records.allSatisfy { $0.value.lastEvents == 1 })
    }
}
