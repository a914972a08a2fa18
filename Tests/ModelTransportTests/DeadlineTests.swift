import Foundation
import ModelTransport
import Testing

@Suite(.timeLimit(.minutes(1))) final class DeadlineTests {
    private let loop: CurlLoop

    init() throws { loop = try #require(CurlLoop()) }
    deinit { loop.shutdown() }

    /// The three other deadlines are far away.
    private func deadlines(connect: Double = 50, firstByte: Double = 50, idle: Double = 50, total: Double = 50)
        -> Deadlines
    {
        Deadlines(connect: connect, firstByte: firstByte, idle: idle, total: total)
    }

    @Test func `a server that does not take the connection ends it by the connect deadline`() async throws {
        let full = try FullListener()
        defer { full.close() }
        for (deadlines, kind) in [
            (deadlines(connect: 0.15), TransportFailure.Kind.connectTimeout), (deadlines(total: 0.15), .totalTimeout),
        ] {
            let answer = await loop.answer(HTTPRequest(url: "http://127.0.0.1:\(full.port)/", deadlines: deadlines))
            let failure = try #require(answer.failure)
            #expect(failure.kind == kind && failure.isBeforeAnyByte && failure.message.contains("0.15 s"))
        }
    }

    @Test func `a server that never answers ends it by the first byte deadline`() async throws {
        let server = try RawServer {
            _ = $0.readRequest()
            $0.waitForClose()
        }
        let answer = await loop.answer(HTTPRequest(url: server.url, deadlines: deadlines(firstByte: 0.15)))
        #expect(answer.failure?.kind == .firstByteTimeout && answer.lastEvents == 1 && answer.heads == 0)
        await server.counts.wait { $0.closedByClient == 1 }
    }

    @Test func `a header line that is never ended ends it by the first byte deadline`() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            while !connection.isClosed(within: 10), connection.write("H") {}
        }
        let answer = await loop.answer(HTTPRequest(url: server.url, deadlines: deadlines(firstByte: 0.2)))
        // libcurl may see first that this is not HTTP.
        #expect([.firstByteTimeout, .protocolViolation].contains(answer.failure?.kind) && answer.lastEvents == 1)
    }

    @Test func `an answer that stops in its middle ends by the idle deadline`() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.waitForClose()
        }
        let answer = await loop.answer(HTTPRequest(url: server.url, deadlines: deadlines(firstByte: 40, idle: 0.15)))
        let failure = try #require(answer.failure)
        #expect(
            failure.kind == .idleTimeout && failure.bytesReceived == 4 && !failure.isBeforeAnyByte
                && answer.text == "half")
        await server.counts.wait { $0.closedByClient == 1 }
    }

    @Test func `an answer that stops after its head ends by the idle deadline`() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
            connection.waitForClose()
        }
        let answer = await loop.answer(HTTPRequest(url: server.url, deadlines: deadlines(idle: 0.15)))
        #expect(answer.failure?.kind == .idleTimeout && answer.failure?.isBeforeAnyByte == true)
    }

    @Test func `data puts the idle deadline off`() async throws {
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n")
            for _ in 0..<12 where !connection.isClosed(within: 100) { connection.write(".") }
        }
        let answer = await loop.answer(HTTPRequest(url: server.url, deadlines: deadlines(idle: 1)))
        #expect(answer.failure == nil && answer.body.count == 12)
        #expect((answer.timing?.total ?? 0) > 1)
    }

    @Test(arguments: ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\n"])
    func `an answer that drips for ever ends by the total deadline`(_ start: String) async throws {
        let piece = start.contains("chunked") ? "1\r\n.\r\n" : "X-Loris: 1\r\n"
        let server = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(start)
            while !connection.isClosed(within: 10), connection.write(piece) {}
        }
        let answer = await loop.answer(HTTPRequest(url: server.url, deadlines: deadlines(total: 0.3)))
        #expect(answer.failure?.kind == .totalTimeout && answer.lastEvents == 1)
        #expect(answer.failure?.message == "not finished within 0.3 s (deadline total)")
        await server.counts.wait { $0.closedByClient == 1 }
    }

    @Test func `one transfer's deadline leaves the others alone`() async throws {
        let goOn = DispatchSemaphore(value: 0)
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            goOn.wait()
            connection.respond("late")
        }
        let patient = loop.record(1, HTTPRequest(url: server.url))
        await server.counts.wait { $0.requests.count == 1 }
        let hasty = loop.record(2, HTTPRequest(url: server.url, deadlines: deadlines(firstByte: 0.1)))
        #expect(await hasty.ended().failure?.kind == .firstByteTimeout)
        goOn.signal()
        goOn.signal()
        #expect(await patient.ended().text == "late")
    }
}

/// A socket whose queue of connections is full: nobody accepts, and more are not taken.
private struct FullListener {
    let port: Int
    private var files: [Int32]

    init() throws {
        let listener = try Listener(backlog: 0)
        port = listener.port
        files = [listener.file]
        for _ in 0..<8 {
            let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
            var address = Listener.loopback(port: port)
            _ = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            files.append(file)
        }
    }

    func close() { for file in files { _ = Foundation.close(file) } }
}
