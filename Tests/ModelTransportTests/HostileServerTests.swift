import Foundation
import ModelTransport
import Testing

/// Servers that send what they must not cost one error and bounded memory.
@Suite(.timeLimit(.minutes(1))) final class HostileServerTests {
    private let loop: CurlLoop

    init() throws { loop = try #require(CurlLoop()) }
    deinit { loop.shutdown() }

    @Test(arguments: ["Content-Length: \(1 << 30)\r\n", "Transfer-Encoding: chunked\r\n", ""])
    func `a server that would send 1 GiB costs one error`(_ header: String) async throws {
        let block = [UInt8](repeating: 65, count: 1 << 16)
        let piece = header.hasPrefix("Transfer") ? Array("10000\r\n".utf8) + block + [13, 10] : block
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\n\(header)\r\n")
            for _ in 0..<(1 << 30) / block.count {
                guard connection.write(piece) else { return }
            }
        }
        let limit = 3 << 20
        let record = loop.record(1, HTTPRequest(url: server.url, maxBodyBytes: limit), keepsBody: true)
        let answer = await record.ended()
        #expect(answer.failure?.kind == .tooLarge && answer.lastEvents == 1)
        #expect(answer.body.count <= limit)
        await server.counts.wait { $0.open == 0 }
        #expect(server.counts.value.sent < 64 << 20)
    }

    @Test func `a body of exactly the limit is taken`() async throws {
        let server = try RawServer { $0.serve { [connection = $0] _ in connection.respond("12345") } }
        #expect(await loop.answer(HTTPRequest(url: server.url, maxBodyBytes: 5)).text == "12345")
        #expect(await loop.answer(HTTPRequest(url: server.url, maxBodyBytes: 4)).failure?.kind == .tooLarge)
    }

    @Test(arguments: [
        "X-Many: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", "endless",
        "\r\nHTTP/1.1 100 Continue\r\nX-Interim: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
    ]) func `headers without end cost one error`(_ piece: String) async throws {
        let block = String(repeating: piece, count: 200)
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(piece.contains("100") ? "HTTP/1.1 100 Continue\r\n" : "HTTP/1.1 200 OK\r\n")
            for _ in 0..<(1 << 28) / block.utf8.count {
                guard connection.write(block) else { return }
            }
        }
        let answer = await loop.answer(HTTPRequest(url: server.url))
        #expect(answer.failure != nil && answer.lastEvents == 1 && answer.heads == 0)
        await server.counts.wait { $0.open == 0 }
        #expect(server.counts.value.sent < 32 << 20)
    }

    @Test(arguments: [
        ("garbage, not HTTP at all\r\n\r\n", TransportFailure.Kind.protocolViolation),
        ("", .closedEarly),
        ("HTTP/1.1 200 OK\r\nContent-Le", .closedEarly),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .closedEarly),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", .closedEarly),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", .closedEarly),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\nabc\r\n", .closedEarly),
        ("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc", .protocolViolation),
        ("HTTP/1.1 100 Continue\r\n\r\n", .closedEarly),
        ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", .protocolViolation),
        ("HTTP/1.1 abc OK\r\n\r\n", .protocolViolation),
        ("HTTP/7.3 200 OK\r\n\r\n", .protocolViolation),
    ]) func `a broken answer is one failure`(_ text: String, _ kind: TransportFailure.Kind) async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(text)
        }
        let answer = await loop.answer(HTTPRequest(url: server.url))
        let failure = try #require(answer.failure)
        // Whether a bad length is a breach of the protocol or an early end is libcurl's view; that it is one error is
        // ours.
        #expect([kind, .protocolViolation].contains(failure.kind), "\(failure)")
        #expect(answer.lastEvents == 1 && answer.timing == nil && failure.bytesReceived == answer.body.count)
    }

    @Test func `bytes that are no text do no harm in headers`() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(
                Array("HTTP/1.1 200 ".utf8) + [0xFF, 0xFE, 13, 10] + Array("X-Odd: ".utf8) + [0xC3, 0x28, 0x80, 13, 10]
                    + Array(": none\r\n".utf8)
                    + Array("Retry-After:\t 7 \t\r\nContent-Length: 2\r\n\r\nok".utf8))
            connection.waitForClose()
        }
        let answer = await loop.answer(HTTPRequest(url: server.url))
        #expect(answer.status == 200 && answer.text == "ok" && answer.headers["retry-after"] == "7")
        #expect(answer.headers["x-odd"] != nil)
    }
}
