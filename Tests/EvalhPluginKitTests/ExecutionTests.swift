import EvalhPluginKit
import EvalhPluginTesting
import Glibc
import Synchronization
import Testing

@Suite struct ExecutionTests {
    /// Answers by what was asked, so that any mix-up of requests shows.
    static func model(_ request: ScriptedRequest, _ choice: Int) -> ScriptedReply {
        let branch = request.branch.map { "@\($0.offset)\($0.append)" } ?? ""
        return request.isStream
            ? .streamed(["one ", "two ", "three"]) : .text("\(request.id)/\(choice)\(request.prefix)\(branch)")
    }

    @Test func `the same events give the same actions however they are grouped`() throws {
        let session = try ScriptedSession(Everything.self)
        guard case .finished(let answer) = session.run(Self.model) else {
            Issue.record("\(session.outcome)")
            return
        }
        #expect(answer.text.hasPrefix("20:1/0,1/1,1/2,2/0,one ,two ,three,"), "\(answer.text)")
        var random = SystemRandomNumberGenerator()
        for round in 0..<200 {
            let again = try ScriptedSession(Everything.self)
            again.replay(session.log) { round == 0 ? .max : Int.random(in: 1...4, using: &random) }
            #expect(again.actions == session.actions)
        }
    }

    private struct ThreadKeeper: TestStrategy {
        static let threads = Mutex<[String: Set<UInt>]>([:])

        static func note(_ item: Item) {
            threads.withLock { _ = $0[item.id, default: []].insert(UInt(pthread_self())) }
        }

        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            note(item)
            _ = try await session.complete()
            note(item)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        note(item)
                        _ = await session.gather(n: 2)
                        await Task.yield()
                        note(item)
                    }
                }
            }
            async let one = nonisolatedHelper(item, session)
            let answer = try await one
            note(item)
            return Answer(answer)
        }

        static func nonisolatedHelper(_ item: Item, _ session: Session) async throws -> String {
            note(item)
            let text = try await session.complete().text
            note(item)
            return text
        }
    }

    @Test(arguments: 0..<20) func `plugin code runs on the thread that calls step and on no other`(_ number: Int) throws
    {
        let id = "thread-\(number)"
        let session = try ScriptedSession(
            ThreadKeeper.self, host: ScriptedHost(item: Item(id: id, input: "", messages: [])))
        #expect(session.run(Self.model) == .finished(Answer("10/0")))
        #expect(ThreadKeeper.threads.withLock { $0[id] } == [UInt(pthread_self())])
    }

    private struct Stray: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            try await Task.sleep(nanoseconds: 3_600_000_000_000)
            return Answer("late")
        }
    }

    @Test func `a strategy that waits for something else than the session is told so`() throws {
        let session = try ScriptedSession(Stray.self)
        session.step(.start)
        guard case .failed(let text) = session.outcome else {
            Issue.record("\(session.outcome)")
            return
        }
        #expect(text.contains("Task.sleep"))
    }

    private struct Echo: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            Answer(
                try await session.complete(), reason: "\(item.id) \(item.field("kind")?.string ?? "") \(session.seed)")
        }
    }

    @Test func `a session knows its item, models and seed`() throws {
        let host = ScriptedHost(
            item: Item(id: "i7", input: "q", messages: [Message(.user, "q")], fieldsJSON: #"{"kind":"sum"}"#), seed: 42)
        let session = try ScriptedSession(Echo.self, host: host)
        #expect(session.run(Self.model) == .finished(Answer("1/0", reason: "i7 sum 42")))
    }

    @Test func `events that cannot be are refused or skipped`() throws {
        let twice = try ScriptedSession(Echo.self)
        twice.step(.start)
        twice.step(.start)
        #expect(twice.outcome == .failed("the host started a session twice"))
        let early = try ScriptedSession(Echo.self)
        #expect(early.step(.stop(reason: "over")).count == 1)
        #expect(early.outcome == .finished(.none(reason: "over")))
        let strange = try ScriptedSession(Echo.self)
        strange.step(
            .start, .unknown(type: 999), .timer(7), .cancelled(request: 55, tokens: 1),
            .rejected(action: 99, Rejected(.limit, message: ""))
        )
        strange.step(.done(Choice(request: RequestID(number: 12), index: 0, text: "not mine", finish: .stop)))
        strange.step(
            .failed(request: 99, RequestFailed(.server, message: "")), .chunk(request: 1, Chunk(text: "unasked")),
            .budgetLow)
        #expect(strange.outcome == .open)
        strange.step(.done(Choice(request: RequestID(number: 1), index: 0, text: "mine", finish: .stop)))
        guard case .finished(let answer) = strange.outcome else {
            Issue.record("\(strange.outcome)")
            return
        }
        #expect(answer.text == "mine")
    }

    @Test func `a host that takes no more actions is told as a rejection, then as a failure`() throws {
        let session = try ScriptedSession(Echo.self)
        session.room = 0
        session.step(.start)
        #expect(session.outcome == .failed("the host did not take the answer"))
        let later = try ScriptedSession(Echo.self)
        later.room = 1
        later.run(Self.model)
        #expect(later.outcome == .failed("the host did not take the answer"))
    }

    @Test func `numbers of actions and requests only grow`() throws {
        let session = try ScriptedSession(Everything.self)
        session.run(Self.model)
        let numbers = session.actions.map(\.seq)
        #expect(numbers == Array(1...UInt64(numbers.count)))
    }
}
