import EvalhPluginKit
import EvalhPluginTesting
import Synchronization
import Testing

@Suite(.serialized) struct LifetimeTests {
    /// Counts how many of it are alive.
    private final class Token: Sendable {
        static let alive = Atomic<Int>(0)
        init() { Self.alive.add(1, ordering: .relaxed) }
        deinit { Self.alive.subtract(1, ordering: .relaxed) }
    }

    private struct Holder: Strategy {
        static let descriptor = Descriptor(id: "holder", version: "1.0.0", title: "test")
        let token = Token()

        init(parameters: NoParameters) {}

        func solve(_ item: Item, in session: Session) async throws -> Answer {
            let own = Token()
            async let timer: Void = session.sleep(untilLogical: 1_000_000_000_000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<3 {
                    let token = Token()
                    group.addTask {
                        _ = try await session.generate(n: 2)
                        withExtendedLifetime(token) {}
                    }
                }
                try await group.waitForAll()
            }
            let stream = try session.stream()
            for try await _ in stream { _ = try await stream.fork(at: 0) }
            try await timer
            withExtendedLifetime(own) {}
            return Answer("done")
        }
    }

    @Test func `ten thousand sessions destroyed at every point leave nothing behind`() throws {
        let whole = try ScriptedSession(Holder.self)
        #expect(
            whole.run { request, _ in request.isStream ? .streamed(["a", "b", "c"]) : .text("x") }
                == .finished(Answer("done")))
        whole.destroy()
        #expect(Token.alive.load(ordering: .relaxed) == 0)
        var sessions: [ScriptedSession] = []
        for number in 0..<10_000 {
            let session = try ScriptedSession(Holder.self)
            for event in whole.log.prefix(number % (whole.log.count + 1)) { session.step([event]) }
            sessions.append(session)
        }
        #expect(Token.alive.load(ordering: .relaxed) > 10_000)
        for session in sessions { session.destroy() }
        #expect(Token.alive.load(ordering: .relaxed) == 0)
    }
}
