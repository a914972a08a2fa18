import Foundation
import ModelTransport
import Testing

@Suite(.timeLimit(.minutes(1))) final class TransferTests {
    private let loop: CurlLoop

    init() throws { loop = try #require(CurlLoop()) }
    deinit { loop.shutdown() }

    @Test func `an answer comes with its status, its headers in lower case and its body`() async throws {
        let server = try RawServer {
            $0.serve { [connection = $0] _ in connection.respond("hello", headers: ["X-Request-ID:  a b \t"]) }
        }
        let answer = await loop.answer(HTTPRequest(url: server.url, body: Array("{}".utf8)))
        #expect(answer.status == 200 && answer.text == "hello" && answer.heads == 1 && answer.failure == nil)
        #expect(answer.headers["x-request-id"] == "a b" && answer.headers["content-length"] == "5")
        let timing = try #require(answer.timing)
        #expect(timing.bytesReceived == 5 && !timing.isConnectionReused)
        #expect(0 < timing.connect && timing.connect <= timing.firstByte && timing.firstByte <= timing.total)
    }

    @Test(arguments: [0, 1, 3000, 2 << 20]) func `a body is sent as it is, without waiting to be asked for it`(
        _ size: Int
    ) async throws {
        let server = try RawServer { $0.serve { [connection = $0] _ in connection.respond("") } }
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let answer = await loop.answer(
            HTTPRequest(url: server.url, headers: [("Content-Type", "application/json"), ("X-A", "b")], body: body))
        #expect(answer.status == 200)
        let request = try #require(server.counts.value.requests.first)
        #expect(request.line == "POST /v1/test HTTP/1.1" && request.body == body)
        #expect(
            request.has("content-type: application/json\r\n") && request.has("x-a: b")
                && request.has("content-length: \(size)\r\n"))
        #expect(!request.has("expect:") && !request.has("accept-encoding:"))
    }

    @Test func `GET and DELETE are sent as such`() async throws {
        let server = try RawServer { $0.serve { [connection = $0] _ in connection.respond("") } }
        for method in ["GET", "DELETE"] { _ = await loop.answer(HTTPRequest(method: method, url: server.url)) }
        #expect(server.counts.value.requests.map(\.line) == ["GET /v1/test HTTP/1.1", "DELETE /v1/test HTTP/1.1"])
    }

    @Test func `one connection serves requests after each other`() async throws {
        let server = try RawServer { $0.serve { [connection = $0] _ in connection.respond("x") } }
        var reused: [Bool?] = []
        for _ in 0..<20 { reused.append(await loop.answer(HTTPRequest(url: server.url)).timing?.isConnectionReused) }
        #expect(reused == [false] + Array(repeating: true, count: 19))
        #expect(server.counts.value.accepted == 1)
    }

    @Test func `pieces are handed on as they come`() async throws {
        let goOn = DispatchSemaphore(value: 0)
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for piece in ["one", "two", "three"] {
                connection.write("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
                // The next one only after this one has arrived: an answer that is collected first would never end.
                goOn.wait()
            }
            connection.write("0\r\n\r\n")
            connection.waitForClose()
        }
        let record = loop.record(1, HTTPRequest(url: server.url))
        for text in ["one", "onetwo", "onetwothree"] {
            await record.wait { $0.text == text }
            goOn.signal()
        }
        let answer = await record.ended()
        #expect(answer.pieces == 3 && answer.failure == nil)
    }

    @Test func `a body of many megabytes arrives whole`() async throws {
        let block = (0..<1 << 20).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 7) }
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(12 << 20)\r\n\r\n")
            for _ in 0..<12 { connection.write(block) }
        }
        let answer = await loop.answer(HTTPRequest(url: server.url))
        #expect(answer.body.count == 12 << 20 && answer.timing?.bytesReceived == 12 << 20)
        #expect(answer.body.suffix(1 << 20).elementsEqual(block))
    }

    @Test func `an answer without a body has a head`() async throws {
        let server = try RawServer {
            $0.serve { [connection = $0] _ in connection.write("HTTP/1.1 204 No Content\r\n\r\n") }
        }
        let answer = await loop.answer(HTTPRequest(url: server.url))
        #expect(answer.status == 204 && answer.heads == 1 && answer.pieces == 0 && answer.timing != nil)
    }

    @Test func `interim answers are not the answer`() async throws {
        let server = try RawServer { connection in
            connection.serve { _ in
                connection.write("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-Hint: 1\r\n\r\n")
                connection.respond("real")
            }
        }
        let answer = await loop.answer(HTTPRequest(url: server.url))
        #expect(answer.status == 200 && answer.text == "real" && answer.heads == 1 && answer.headers["x-hint"] == nil)
    }

    @Test func `a Unix socket is reached by its path`() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "evalh-\(UUID().uuidString.prefix(8)).sock"
        ).path
        defer { unlink(path) }
        let server = try RawServer(unixPath: path) { $0.serve { [connection = $0] _ in connection.respond("local") } }
        let answer = await loop.answer(HTTPRequest(url: "http://localhost/v1/x", unixSocketPath: path))
        #expect(answer.text == "local" && server.counts.value.requests.first?.line == "POST /v1/x HTTP/1.1")
        let missing = await loop.answer(HTTPRequest(url: "http://localhost/v1/x", unixSocketPath: path + ".none"))
        #expect(missing.failure?.kind == .connect)
    }

    @Test func `a refused connection is told as such`() async throws {
        let listener = try Listener(backlog: nil)
        defer { close(listener.file) }
        let answer = await loop.answer(HTTPRequest(url: "http://127.0.0.1:\(listener.port)/"))
        let failure = try #require(answer.failure)
        #expect(failure.kind == .connect && failure.isBeforeAnyByte && answer.heads == 0 && answer.lastEvents == 1)
    }

    @Test func `a name that cannot be one is told as such`() async throws {
        let answer = await loop.answer(HTTPRequest(url: "http://\(String(repeating: "a", count: 70)).invalid/"))
        #expect(answer.failure?.kind == .resolve)
    }

    @Test(arguments: [
        "ftp://127.0.0.1/x", "file:///etc/hostname", "gopher://127.0.0.1/", "http://", "", "http://127.0.0.1:99999999/",
    ])
    func `nothing but HTTP is spoken, and an address that makes none is an error`(_ url: String) async throws {
        let answer = await loop.answer(HTTPRequest(method: "GET", url: url))
        #expect(answer.failure?.kind == .protocolViolation && answer.pieces == 0)
    }

    @Test func `two hundred transfers at once are kept apart`() async throws {
        let server = try RawServer { connection in
            connection.serve { connection.respond(String(decoding: $0.body, as: UTF8.self)) }
        }
        let records = (0..<200).map { number in
            (number, loop.record(UInt64(number), HTTPRequest(url: server.url, body: Array("n\(number)".utf8))))
        }
        for (number, record) in records { #expect(await record.ended().text == "n\(number)") }
    }

    @Test func `an identifier in use is refused and the first transfer goes on`() async throws {
        let goOn = DispatchSemaphore(value: 0)
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            goOn.wait()
            connection.respond("first")
        }
        let first = loop.record(7, HTTPRequest(url: server.url))
        await server.counts.wait { $0.requests.count == 1 }
        let second = await loop.answer(HTTPRequest(url: server.url), id: 7)
        #expect(second.failure?.kind == .other && second.lastEvents == 1)
        goOn.signal()
        #expect(await first.ended().text == "first")
        #expect(server.counts.value.requests.count == 1)
    }
}
