import Foundation
import Glibc
import ModelTransport
import Testing

/// What a transfer came to.
struct Outcome: Sendable {
    var status = 0
    var body = ""
    var timing: TransferTiming?
    var failure: TransportFailure?
}

extension CurlLoop {
    /// A transfer to its end. `onData` may cancel it.
    func fetch(
        _ request: HTTPRequest, id: UInt64 = .random(in: 1...UInt64.max), onData: @escaping @Sendable () -> Void = {}
    ) async
        -> Outcome
    {
        await withCheckedContinuation { continuation in
            let box = OutcomeBox()
            start(TransferID(id), request) { event in
                switch event {
                case .head(let status, _): box.outcome.status = status
                case .data(let bytes):
                    if box.outcome.body.utf8.count < 1 << 20 {
                        box.outcome.body += String(decoding: bytes, as: UTF8.self)
                    }
                    onData()
                case .end(let timing):
                    box.outcome.timing = timing
                    continuation.resume(returning: box.outcome)
                case .failed(let failure):
                    box.outcome.failure = failure
                    continuation.resume(returning: box.outcome)
                }
            }
        }
    }
}

/// Sendable: touched on the loop's thread only.
final class OutcomeBox: @unchecked Sendable {
    var outcome = Outcome()
}

struct CurlLoopTests {
    let loop: CurlLoop

    init() throws { loop = try #require(CurlLoop()) }

    private func request(_ server: ScriptedServer, _ deadlines: Deadlines = Deadlines(), limit: Int = 1 << 20)
        -> HTTPRequest
    {
        HTTPRequest(
            url: server.url, body: Array("{}".utf8), unixSocketPath: server.path, deadlines: deadlines,
            maxBodyBytes: limit)
    }

    @Test func `an answer arrives whole and its connection is used again`() async {
        let server = ScriptedServer { connection in while connection.request() != nil { connection.answer("hello") } }
        for round in 0..<5 {
            let outcome = await loop.fetch(request(server))
            #expect(outcome.status == 200)
            #expect(outcome.body == "hello")
            #expect(outcome.timing?.isConnectionReused == (round > 0))
        }
        #expect(server.connections == 1)
    }

    @Test func `a pooled connection that died is replaced without anybody noticing`() async {
        // The server closes after each answer, without having said so.
        let server = ScriptedServer { connection in if connection.request() != nil { connection.answer("hello") } }
        for _ in 0..<5 { #expect(await loop.fetch(request(server)).body == "hello") }
        #expect(server.connections == 5)
    }

    @Test func `nobody listening is a failure to connect`() async {
        let outcome = await loop.fetch(HTTPRequest(url: "http://127.0.0.1:9/"))
        #expect(outcome.failure?.kind == .connect)
    }

    @Test func `the first byte has a deadline of its own`() async {
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.waitForEnd()
        }
        let outcome = await loop.fetch(request(server, Deadlines(firstByte: 0.2, idle: 60, total: 60)))
        #expect(outcome.failure?.kind == .firstByteTimeout)
        #expect(outcome.failure?.isBeforeAnyByte == true)
    }

    @Test func `silence in the middle of an answer has a deadline of its own`() async {
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.waitForEnd()
        }
        let outcome = await loop.fetch(request(server, Deadlines(firstByte: 60, idle: 0.2, total: 60)))
        #expect(outcome.failure?.kind == .idleTimeout)
        #expect(outcome.body == "half")
    }

    @Test func `the whole has a deadline though bytes keep coming`() async {
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while connection.send("x") { usleep(10_000) }
        }
        let outcome = await loop.fetch(request(server, Deadlines(firstByte: 60, idle: 60, total: 0.4)))
        #expect(outcome.failure?.kind == .totalTimeout)
    }

    @Test func `a body without end costs one error`() async {
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
            let block = String(repeating: "x", count: 65_536)
            while connection.send(block) {}
        }
        let outcome = await loop.fetch(request(server, limit: 1 << 20))
        #expect(outcome.failure?.kind == .tooLarge)
    }

    @Test func `cancelling mid-stream closes at once and the server sees it`() async {
        let gone = AsyncStream.makeStream(of: Void.self)
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
            connection.waitForEnd()
            gone.continuation.finish()
        }
        let outcome = await loop.fetch(request(server), id: 77) { [loop] in loop.cancel(TransferID(77)) }
        #expect(outcome.failure?.kind == .cancelled)
        #expect(outcome.body == "some")
        for await _ in gone.stream {}
    }

    @Test func `an answer that breaks off is no answer`() async {
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        }
        #expect(await loop.fetch(request(server)).failure?.kind == .closedEarly)
    }

    @Test func `a Unix socket serves as well as a port`() async {
        let path = "/tmp/evalh-test-\(UUID().uuidString.prefix(8)).sock"
        let server = ScriptedServer(unixPath: path) { connection in
            while connection.request() != nil { connection.answer("hello") }
        }
        #expect(await loop.fetch(request(server)).body == "hello")
        unlink(path)
    }

    @Test func `shutting down ends what is open`() async throws {
        let loop = try #require(CurlLoop())
        let server = ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
            connection.waitForEnd()
        }
        let outcome = await loop.fetch(request(server)) { Thread.detachNewThread { loop.shutdown() } }
        #expect(outcome.failure?.kind == .cancelled)
    }
}

struct RequestQueueTests {
    @Test func `a rate limit is waited out and the answer comes`() async throws {
        let loop = try #require(CurlLoop())
        let server = ScriptedServer { connection in
            var round = 0
            while connection.request() != nil {
                round += 1
                if round == 1 {
                    connection.answer("{}", status: "429 Too Many Requests", headers: "Retry-After: 0\r\n")
                } else {
                    connection.answer("ok")
                }
            }
        }
        let queue = RequestQueue(loop: loop, maxConnections: 1, budget: SharedRetryBudget())
        let attempts: Int = await withCheckedContinuation { continuation in
            queue.submit(
                QueuedRequest(id: TransferID(1), request: HTTPRequest(url: server.url, body: [])) { event in
                    switch event {
                    case .end(_, let attempts): continuation.resume(returning: attempts)
                    case .failed, .rejected: continuation.resume(returning: -1)
                    default: break
                    }
                })
        }
        #expect(attempts == 2)
        #expect(queue.snapshot.retries == 1)
    }

    @Test func `no more requests are in flight than the limit allows`() async throws {
        let loop = try #require(CurlLoop())
        let server = ScriptedServer { connection in while connection.request() != nil { connection.answer("ok") } }
        let queue = RequestQueue(loop: loop, maxConnections: 8, budget: SharedRetryBudget())
        await withTaskGroup(of: Void.self) { group in
            for id in 1...200 {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        queue.submit(
                            QueuedRequest(id: TransferID(UInt64(id)), request: HTTPRequest(url: server.url, body: [])) {
                                event in
                                switch event {
                                case .end, .failed, .rejected: continuation.resume()
                                default: break
                                }
                            })
                    }
                }
            }
        }
        #expect(server.connections <= 8)
    }
}
