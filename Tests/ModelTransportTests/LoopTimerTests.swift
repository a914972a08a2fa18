import Foundation
import ModelTransport
import Testing

@Suite(.timeLimit(.minutes(1))) final class LoopTimerTests {
    private let loop: CurlLoop

    init() throws { loop = try #require(CurlLoop()) }
    deinit { loop.shutdown() }

    @Test func `timers fire in the order of their times, not before, one at a time`() async throws {
        let fired = Watched<[Int]>([])
        let start = ProcessInfo.processInfo.systemUptime
        let early = Watched(0)
        for delay in [90, 30, 60, 0, 120] {
            loop.schedule(after: Double(delay) / 1000) {
                if ProcessInfo.processInfo.systemUptime - start < Double(delay) / 1000 - 0.001 {
                    early.update { $0 += 1 }
                }
                fired.update { $0.append(delay) }
            }
        }
        #expect(await fired.wait { $0.count == 5 } == [0, 30, 60, 90, 120])
        #expect(early.value == 0)
    }

    @Test func `commands of many threads all run, each thread's in its order`() async throws {
        let seen = Watched<[Int: [Int]]>([:])
        let loop = loop
        for thread in 0..<8 {
            Thread.detachNewThread {
                for step in 0..<200 { loop.perform { seen.update { $0[thread, default: []].append(step) } } }
            }
        }
        let all = await seen.wait { $0.count == 8 && $0.values.allSatisfy { $0.count == 200 } }
        #expect(all.values.allSatisfy { $0 == Array(0..<200) })
    }

    @Test func `shutting down while others give commands loses no transfer`() async throws {
        for _ in 0..<20 {
            let loop = try #require(CurlLoop())
            let listener = try Listener(backlog: 16)
            defer { close(listener.file) }
            let ended = Watched(0)
            for thread in 0..<4 {
                Thread.detachNewThread {
                    for step in 0..<25 {
                        loop.start(
                            TransferID(UInt64(thread * 100 + step)),
                            HTTPRequest(url: "http://127.0.0.1:\(listener.port)/")
                        ) {
                            event in
                            if case .failed = event { ended.update { $0 += 1 } }
                        }
                    }
                }
            }
            await withCheckedContinuation { done in
                Thread.detachNewThread {
                    loop.shutdown()
                    done.resume()
                }
            }
            #expect(await ended.wait { $0 == 100 } == 100)
        }
    }
}
