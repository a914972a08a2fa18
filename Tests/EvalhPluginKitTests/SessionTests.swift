import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct SessionTests {
    private static func choice(_ request: UInt64, _ index: Int, _ text: String, _ finish: Finish = .stop) -> Choice {
        Choice(request: RequestID(number: request), index: index, text: text, finish: finish)
    }

    // MARK: What ends a session

    private struct Plain: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            Answer(try await session.complete())
        }
    }

    @Test func `what is thrown out of solve is no answer or an error, as its kind wants`() throws {
        func outcome(_ reply: ScriptedReply) throws -> ScriptedSession.Outcome {
            try ScriptedSession(Plain.self).run { _, _ in reply }
        }
        #expect(try outcome(.rejected(Rejected(.budget, message: "too dear"))) == .finished(.none(reason: "budget")))
        #expect(
            try outcome(.rejected(Rejected(.unsupported, message: "no model")))
                == .error("the host rejected a request (unsupported): no model"))
        #expect(try outcome(.failed(RequestFailed(.auth, message: "key"))) == .error("a request failed (auth): key"))
        #expect(try outcome(.silence) == .finished(.none(reason: "nothing left to happen")))
        #expect(try outcome(.text("")) == .finished(.none(reason: "empty")))
        #expect(try outcome(.cutOff("half")) == .finished(Answer("half", kind: .unfinished)))
    }

    private struct Rescuer: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            let first = try await session.complete()
            do {
                _ = try await session.generate(n: 4)
                return .none(reason: "not stopped")
            } catch let stopped as SessionStopped {
                session.emit(first.text)
                do { _ = try await session.complete() } catch is SessionStopped { session.note("again", "stopped") }
                do { try await session.sleep(untilLogical: 5) } catch is SessionStopped {
                    session.note("timer", "stopped")
                }
                return Answer(first, reason: stopped.reason)
            }
        }
    }

    @Test func `a stopped session may still answer, in the same step, and asks for nothing more`() throws {
        let session = try ScriptedSession(Rescuer.self)
        session.step(.start)
        session.step(.done(Self.choice(1, 0, "a")))
        let actions = session.step(.done(Self.choice(2, 0, "b"), isLast: false), .stop(reason: "deadline"))
        #expect(session.outcome == .finished(Answer("a", reason: "deadline")))
        let kinds = actions.map { action in
            switch action.body {
            case .emit: "emit"
            case .note: "note"
            case .finish: "finish"
            default: "other"
            }
        }
        #expect(kinds == ["emit", "note", "note", "finish"])
    }

    // MARK: Several choices

    private struct Gatherer: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            let batch = await session.gather(n: 3)
            return Answer(batch.choices.map(\.text).joined(separator: ","), reason: batch.interruptionReason ?? "all")
        }
    }

    @Test func `choices come in order of their index, whatever came first`() throws {
        let session = try ScriptedSession(Gatherer.self)
        session.step(.start)
        session.step(
            .done(Self.choice(1, 2, "c"), isLast: false), .done(Self.choice(1, 0, "a"), isLast: false),
            .done(Self.choice(1, 1, "b")))
        #expect(session.outcome == .finished(Answer("a,b,c", reason: "all")))
    }

    @Test func `what came before a failure or a stop is kept`() throws {
        let failed = try ScriptedSession(Gatherer.self)
        failed.step(.start)
        failed.step(
            .done(Self.choice(1, 1, "b"), isLast: false), .failed(request: 1, RequestFailed(.rate, message: "quota")))
        #expect(failed.outcome == .finished(Answer("b", reason: "request_failed")))
        let stopped = try ScriptedSession(Gatherer.self)
        stopped.step(.start)
        stopped.step(.done(Self.choice(1, 1, "b"), isLast: false), .stop(reason: "wall"))
        #expect(stopped.outcome == .finished(Answer("b", reason: "wall")))
    }

    // MARK: Streams

    private struct Streamer: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            let stream = try session.stream()
            for try await _ in stream where stream.text.utf8.count >= 2 {
                let cancelled = try await stream.cancel()
                return Answer(
                    cancelled.text,
                    reason:
                        "\(cancelled.tokensReceived ?? -1) \(cancelled.choice?.text ?? "-") \(cancelled.isEstimated)")
            }
            return Answer(stream.text, reason: "whole \(stream.choice?.text ?? "-")")
        }
    }

    @Test func `a cancelled stream tells its text and tokens, late chunks included`() throws {
        let session = try ScriptedSession(Streamer.self)
        session.step(.start)
        #expect(session.step(.chunk(request: 1, Chunk(text: "a"))).isEmpty)
        let cancel = session.step(.chunk(request: 1, Chunk(text: "b")))
        #expect(cancel.map(\.body) == [.cancel(request: 1)])
        session.step(.chunk(request: 1, Chunk(text: "c")), .cancelled(request: 1, tokens: 3))
        #expect(session.outcome == .finished(Answer("abc", reason: "3 - false")))
    }

    @Test func `a completion that ended before its cancel took effect is whole`() throws {
        let session = try ScriptedSession(Streamer.self)
        session.step(.start)
        session.step(.chunk(request: 1, Chunk(text: "ab")))
        session.step(.done(Self.choice(1, 0, "abcd")))
        #expect(session.outcome == .finished(Answer("abcd", reason: "-1 abcd false")))
        let late = try ScriptedSession(Streamer.self)
        late.step(.start)
        let actions = late.step(.chunk(request: 1, Chunk(text: "ab")), .done(Self.choice(1, 0, "ab")))
        #expect(actions.map(\.seq) == [2, 3])
        #expect(late.outcome == .finished(Answer("ab", reason: "-1 ab false")))
    }

    @Test func `a stream that ends by itself gives every chunk, then its choice`() throws {
        let session = try ScriptedSession(Streamer.self)
        #expect(session.run { _, _ in .streamed(["a"]) } == .finished(Answer("a", reason: "whole a")))
    }

    @Test func `a stream that fails or is rejected throws after its last chunk`() throws {
        let session = try ScriptedSession(Streamer.self)
        session.step(.start)
        session.step(
            .chunk(request: 1, Chunk(text: "a")), .failed(request: 1, RequestFailed(.transport, message: "cut")))
        #expect(session.outcome == .error("a request failed (transport): cut"))
        let rejected = try ScriptedSession(Streamer.self)
        rejected.step(.start, .rejected(action: 1, request: 1, Rejected(.unsupported, message: "no streams")))
        #expect(rejected.outcome == .error("the host rejected a request (unsupported): no streams"))
    }

    @Test func `a cancel that is rejected ends the wait`() throws {
        let session = try ScriptedSession(Streamer.self)
        session.step(.start, .chunk(request: 1, Chunk(text: "ab")))
        session.step(.rejected(action: 2, request: 1, Rejected(.unsupported, message: "no cancel")))
        #expect(session.outcome == .error("the host rejected a request (unsupported): no cancel"))
    }

    // MARK: Forks, prefixes, timers, budget, extraction

    private struct Forker: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            let parent = try await session.generate(n: 2, sampling: Sampling(maxTokens: 9))[1]
            let child = try await session.fork(parent, at: 3, append: "+", n: 2, sampling: .greedy, priority: 5)
            return Answer(child[0])
        }
    }

    @Test func `a fork names its parent, choice, offset and text`() throws {
        let session = try ScriptedSession(Forker.self)
        session.run { _, index in .text("text \(index)") }
        let requests = session.actions.compactMap { action -> ScriptedRequest? in
            if case .ask(let request) = action.body { request } else { nil }
        }
        #expect(requests.count == 2)
        #expect(requests[0].sampling == Sampling(maxTokens: 9))
        #expect(requests[0].messages == nil)
        #expect(requests[1].branch?.parent == 1)
        #expect(requests[1].branch?.choice == 1)
        #expect(requests[1].branch?.offset == 3)
        #expect(requests[1].branch?.append == "+")
        #expect(requests[1].sampling == .greedy)
        #expect(requests[1].n == 2)
        #expect(requests[1].priority == 5)
    }

    private struct Sleeper: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            let before = session.now
            try await session.sleep(untilLogical: 5_000_000_000)
            let budget = session.budget
            return Answer("\(before) \(session.now) \(budget.tokens ?? -1) \(budget.usd == nil) \(session.isBudgetLow)")
        }
    }

    @Test func `timers run in logical time`() throws {
        let session = try ScriptedSession(Sleeper.self, host: ScriptedHost(budget: Budget(tokens: 50)))
        session.step(.start)
        session.step(.budgetLow)
        #expect(session.run { _, _ in .silence } == .finished(Answer("0 5000000000 50 true true")))
    }

    private struct Extractor: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            let found = try session.extract("x = 4 2")
            let none = try session.extract("nothing")
            let cut = try session.extract("x = 1", finish: .length)
            return Answer("\(found?.answer ?? "-") \(found?.stage ?? "-") \(none == nil) \(cut == nil)")
        }
    }

    @Test func `answers are found by the host, and a host without a grader says so`() throws {
        #expect(
            try ScriptedSession(Extractor.self).run { _, _ in .silence } == .finished(Answer("42 scripted true true")))
        guard
            case .error(let text) = try ScriptedSession(Extractor.self, host: ScriptedHost(extract: nil)).run({ _, _ in
                .silence
            })
        else {
            Issue.record("no error")
            return
        }
        #expect(text.contains("finds no answers"))
    }

    private struct Scorer: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            do { return Answer("\(try await session.score("b", prefix: "a").value)") } catch let error as Rejected {
                return Answer("no", reason: error.message)
            }
        }
    }

    @Test func `a text is scored by the service of its model, with the item's prompt`() throws {
        var host = ScriptedHost()
        host.services = [
            ServiceInfo("other", kind: "score", description: .object([.init("role", .string("strong"))])),
            ServiceInfo("loglik", kind: "score", description: .object([.init("role", .string("main"))])),
        ]
        let session = try ScriptedSession(Scorer.self, host: host)
        var calls: [String] = []
        let outcome = session.run(service: { name, payload in
            calls.append("\(name) \(payload.canonicalText)")
            return ServiceResult(.object([.init("logprob", .double(-1.5))]))
        }) { _, _ in .silence }
        #expect(outcome == .finished(Answer("-1.5")))
        #expect(
            calls == [
                #"loglik {"continuation":"b","messages":[{"content":"1 + 1?","role":"user"}],"prefix":"a"}"#
            ])
    }

    @Test func `a suite without a service for the model rejects scoring, and so does a service its payload`() throws {
        let none = try ScriptedSession(Scorer.self)
        guard case .finished(let answer) = none.run({ _, _ in .silence }) else { throw ScriptedError("no answer") }
        #expect(answer.reason.contains("no service of kind score for the model 'main'"))
        var host = ScriptedHost()
        host.services = [ServiceInfo("loglik", kind: "score", description: .object([.init("role", .string("main"))]))]
        let refusing = try ScriptedSession(Scorer.self, host: host)
        guard case .finished(let refused) = refusing.run({ _, _ in .silence }) else { throw ScriptedError("no answer") }
        #expect(refused.reason.contains("has no service loglik"))
    }

    // MARK: Structured concurrency

    private struct Race: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            try await withThrowingTaskGroup(of: String.self) { group in
                for index in 0..<3 { group.addTask { try await session.complete(prefix: "\(index)").text } }
                let first = try await group.next() ?? ""
                group.cancelAll()
                return Answer(first)
            }
        }
    }

    @Test func `the losers of a race are cancelled at the host and hold nothing up`() throws {
        let session = try ScriptedSession(Race.self)
        session.step(.start)
        let actions = session.step(.done(Self.choice(2, 0, "second")))
        #expect(session.outcome == .finished(Answer("second")))
        #expect(actions.dropLast().map(\.body) == [.cancel(request: 1), .cancel(request: 3)])
    }

    private struct OneFails: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            async let one = session.complete(prefix: "1")
            async let two = session.complete(prefix: "2")
            return Answer(try await one.text + two.text)
        }
    }

    @Test func `when one of two parallel requests fails, the other is given up`() throws {
        let session = try ScriptedSession(OneFails.self)
        session.step(.start)
        let actions = session.step(.failed(request: 1, RequestFailed(.server, message: "500")))
        #expect(actions.first?.body == .cancel(request: 2))
        #expect(session.outcome == .error("a request failed (server): 500"))
    }
}
