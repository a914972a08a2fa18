import Completions
import Engine
import Foundation
import Journal
import PluginHost
import Testing

/// Answers from a list, in order; each of four words takes a second.
private struct ListedSamples: RecordedSamples {
    var texts: [String]
    var log: Log

    final class Log: @unchecked Sendable {
        // Sendable: tests read it after the replay.
        var requests: [CompletionRequest] = []
    }

    mutating func draw(role: String, request: CompletionRequest) -> Result<Completion, RecordedMiss> {
        log.requests.append(request)
        guard !texts.isEmpty else { return .failure(RecordedMiss("no sample left")) }
        let text = texts.removeFirst()
        let words = text.split(separator: " ").count
        return .success(
            Completion(
                text: text, finish: .stop, usage: TokenUsage(requests: 1, promptTokens: 10, completionTokens: words),
                seconds: Double(words)))
    }
}

/// A strategy over other arms' results, written in the test.
private final class PeerFactory: StrategyFactory, @unchecked Sendable {
    // Sendable: it holds no state.
    let id = "peers"
    let version = "1.0.0"
    let needs: PluginNeeds
    private let choose: @Sendable (PeerView) -> Int

    init(oracle: Bool = false, _ choose: @escaping @Sendable (PeerView) -> Int) {
        needs = oracle ? [.peers, .oracle] : [.peers]
        self.choose = choose
    }

    func makeSession(_ services: any SessionServices) throws(PluginFault) -> any SessionStrategy {
        let choose = choose
        return TestStrategy(services) { event, services throws(PluginFault) in
            guard case .start = event, let peers = services.peers else { return [] }
            let index = choose(peers)
            guard let answer = peers.answer(of: index) else {
                return [.finish(FinishAction(kind: .error, answer: "", reason: "no such peer"))]
            }
            return [
                .adopt(peer: index), .finish(FinishAction(kind: answer.kind, answer: answer.text, reason: "adopted")),
            ]
        }
    }

    func estimate(parametersJSON: String) -> StrategyEstimate? { nil }
}

@Suite struct ReplayTests {
    private static let price = TokenPrice(prompt: 1, completion: 2)

    private static func plan(
        _ strategies: [any StrategyFactory], items: Int = 6, repeats: Int = 1, sharesPrompt: Bool = true,
        session: BudgetLimits = BudgetLimits()
    ) -> RunPlan {
        let model = SessionModel(
            role: "main", name: "m", capabilities: EndpointCapabilities(multipleChoices: sharesPrompt),
            sampling: SamplingParameters(temperature: 0.8, maxTokens: 100))
        return RunPlan(
            itemCount: items,
            arms: strategies.enumerated().map { index, strategy in
                RunArm(id: "arm\(index)", strategy: strategy, models: [model], levels: [RunLevel(parametersJSON: "{}")])
            }, models: ["main": RunModel(role: "main", fingerprint: "f", price: price)], repeats: repeats,
            sessionBudget: session)
    }

    private static func items(_ count: Int) -> [JournalItem] {
        (0..<count).map {
            JournalItem(
                ordinal: $0, id: "i\($0)", input: "q\($0)", target: "7",
                fieldsJSON: "{\"input\":\"q\($0)\",\"target\":\"7\"}")
        }
    }

    /// Replays a plan on samples by item and repeat; gives the records.
    private func replay(
        _ plan: RunPlan, workers: Int = 1, grader: MarkerGrader = MarkerGrader(),
        _ samples: @escaping @Sendable (_ item: Int, _ repeatIndex: Int) -> [String]
    ) throws -> [SessionRecord] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-replay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let journal = try Journal(creating: folder.appendingPathComponent("journal.sqlite").path)
        var rest = Self.items(plan.itemCount)[...]
        try journal.storeItems { rest.popFirst() }
        let items = Self.items(plan.itemCount)
        let run = ReplayRun(
            plan: plan, journal: journal, workers: workers, isInterrupted: { false },
            makeReader: {
                { ordinal in
                    ReplayItem(
                        item: items[ordinal], messages: .success([ChatMessage(role: .user, content: "q\(ordinal)")]),
                        grader: grader,
                        samples: { ListedSamples(texts: samples(ordinal, $0), log: .init()) })
                }
            }, observer: { _ in })
        #expect(try run.run() == .complete)
        var records: [SessionRecord] = []
        try journal.forEachSession { record, _ in records.append(record) }
        return records
    }

    @Test func `a replayed session has recorded tokens, money and critical path`() throws {
        let records = try replay(Self.plan([TestFactory.vote(3), TestFactory.untilTwoAgree(3)], items: 1)) { _, _ in
            ["a #### 7", "a b c #### 5", "a #### 7"]
        }
        // All at once: the slowest counts, the prompt is paid once. One after another: the sum, the prompt three times.
        #expect(records.map(\.measure.criticalPathSeconds) == [5, 11])
        #expect(records.map(\.measure.usage.promptTokens) == [10, 30])
        #expect(records.map(\.measure.usage.completionTokens) == [11, 11])
        #expect(records.map(\.measure.samples) == [3, 3])
        #expect(records.map(\.score) == [1, 1])
        let usd = records.map { ($0.measure.usd ?? 0) * 1e6 }
        #expect(abs(usd[0] - (10 + 22)) < 1e-9)
        #expect(abs(usd[1] - (30 + 22)) < 1e-9)
    }

    @Test func `a grade that takes time is waited for in a replay`() throws {
        let plan = Self.plan([TestFactory.vote(1)], items: 3)
        let samples: @Sendable (Int, Int) -> [String] = { item, _ in [item == 1 ? "#### 5" : "#### 7"] }
        let records = try replay(plan, workers: 2, grader: MarkerGrader(steps: 3, refused: "5"), samples)
        #expect(records.map(\.score) == [1, nil, 1])
        #expect(records.map(\.error?.kind) == [nil, .grader, nil])
    }

    @Test func `a server that returns one choice a request pays the prompt with every sample`() throws {
        let records = try replay(Self.plan([TestFactory.vote(3)], items: 1, sharesPrompt: false)) { _, _ in
            ["#### 7", "#### 7", "#### 7"]
        }
        #expect(records[0].measure.usage.promptTokens == 30)
    }

    @Test(arguments: 1...4) func `a stream that is cancelled at a token is charged the tokens until then`(_ pieces: Int)
        throws
    {
        let records = try replay(Self.plan([TestFactory.cancelAfter(pieces)], items: 1)) { _, _ in
            ["one two three #### 7"]
        }
        #expect(records[0].measure.usage.completionTokens == pieces)
        #expect(records[0].measure.usage.cancelledTokens == pieces)
        #expect(records[0].measure.criticalPathSeconds == Double(pieces))
        #expect(records[0].score == 0)
    }

    @Test func `a sample that is missing makes the session an error and never another strategy's answer`() throws {
        let records = try replay(Self.plan([TestFactory.vote(3), TestFactory.vote(2)], items: 1)) { _, _ in
            ["#### 7", "#### 7"]
        }
        #expect(records.map { $0.error?.kind } == [.poolMiss, nil])
        #expect(records[0].error?.message == "no sample left")
        #expect(records.map(\.score) == [nil, 1])
    }

    @Test func `a request that is not the item's prompt is a miss`() throws {
        let rating = TestFactory("rating") { services in
            TestStrategy(services) { event, _ throws(PluginFault) in
                guard case .start = event else { return [] }
                return [
                    .submit(SubmitAction(request: 1, messages: [ChatMessage(role: .user, content: "How good is it?")]))
                ]
            }
        }
        let records = try replay(Self.plan([rating], items: 1)) { _, _ in ["8"] }
        #expect(records[0].error?.message.contains("asks something else than the item's prompt") == true)
    }

    @Test func `a strategy that waits for nothing is an error`() throws {
        let idle = TestFactory("idle") { services in TestStrategy(services) { _, _ throws(PluginFault) in [] } }
        let records = try replay(Self.plan([idle], items: 1)) { _, _ in [] }
        #expect(records[0].error?.kind == .plugin)
        #expect(records[0].error?.message.contains("waits for nothing") == true)
    }

    @Test func `a session's budget holds in simulated time`() throws {
        let plan = Self.plan([TestFactory.untilTwoAgree(9)], items: 1, session: BudgetLimits(seconds: 3.5))
        let records = try replay(plan) { _, _ in (0..<9).map { "a #### \($0)" } }
        #expect(records[0].stopReason == "budget")
        // The second sample had come to a sixth of its three words when time was up.
        #expect(records[0].measure.criticalPathSeconds == 3.5)
        #expect(records[0].measure.usage.completionTokens == 3 + 1)
    }

    @Test(arguments: [2, 4]) func `the number of workers changes nothing`(_ workers: Int) throws {
        let plan = Self.plan(
            [
                TestFactory.vote(4), TestFactory.untilTwoAgree(4),
                PeerFactory { peers in (0..<peers.count).first { peers[$0]?.item == peers.item } ?? 0 },
            ], items: 50,
            repeats: 3)
        let samples: @Sendable (Int, Int) -> [String] = { item, repeatIndex in
            (0..<4).map { "#### \((item * 7 + repeatIndex * 3 + $0 * 5) % 3 + 6)" }
        }
        #expect(try replay(plan, workers: 1, samples) == replay(plan, workers: workers, samples))
    }

    // MARK: Peers

    private static let right: @Sendable (Int, Int) -> [String] = { item, _ in
        item % 2 == 0 ? ["#### 7", "x y #### 1"] : ["#### 1", "x y #### 7"]
    }
    private static let first = TestFactory.vote(1)
    private static let second = TestFactory("second") { services in
        TestStrategy(services) { event, _ throws(PluginFault) in
            switch event {
            case .start: return [.submit(SubmitAction(request: 1, n: 2))]
            case .done(_, 1, let completion, _):
                return [
                    .finish(FinishAction(kind: .answered, answer: completion.text, confidence: 0.5, reason: "second"))
                ]
            default: return []
            }
        }
    }

    @Test func `an oracle adopts the right arm and is charged for it alone`() throws {
        let oracle = PeerFactory(oracle: true) { peers in
            (0..<peers.count).filter { peers[$0]?.item == peers.item }.max {
                (peers[$0]?.score ?? 0) < (peers[$1]?.score ?? 0)
            } ?? 0
        }
        // The arm over others comes first in the suite and last in time.
        let records = try replay(Self.plan([oracle, Self.first, Self.second], items: 4), Self.right)
        let byArm = Dictionary(grouping: records, by: \.key.arm)
        #expect(byArm[0]?.map(\.score) == [1, 1, 1, 1])
        #expect(byArm[0]?.map(\.measure.usage.completionTokens) == [2, 6, 2, 6])
        #expect(byArm[0]?.map(\.measure.criticalPathSeconds) == [2, 4, 2, 4])
        #expect(byArm[0]?.map(\.measure.samples) == [1, 2, 1, 2])
        #expect(byArm[0]?.first?.measure.usd == byArm[1]?.first?.measure.usd)
    }

    @Test func `who is no oracle sees others' scores and never its own item's`() throws {
        let seen = PeerFactory { peers in
            let own = (0..<peers.count).filter { peers[$0]?.item == peers.item }
            let others = (0..<peers.count).filter { peers[$0]?.item != peers.item }
            let isRight =
                own.allSatisfy { peers[$0]?.score == nil } && others.allSatisfy { peers[$0]?.score != nil }
                && peers.count == 8
            return isRight ? own[0] : 99
        }
        let records = try replay(Self.plan([Self.first, Self.second, seen], items: 4), Self.right)
        #expect(records.filter { $0.key.arm == 2 }.map(\.stopReason) == ["adopted", "adopted", "adopted", "adopted"])
    }

    @Test func `peers are those of the same repeat, and another item's cannot be adopted`() throws {
        let other = PeerFactory { peers in (0..<peers.count).first { peers[$0]?.item != peers.item } ?? 0 }
        let records = try replay(Self.plan([Self.first, other], items: 2, repeats: 2), Self.right)
        #expect(
            records.filter { $0.key.arm == 1 }.map { $0.error?.kind } == [
                .strategy, .strategy, .strategy, .strategy,
            ])
    }

    @Test func `adopting needs room in the session's budget`() throws {
        let plan = Self.plan([Self.first, PeerFactory { _ in 0 }], items: 1, session: BudgetLimits(tokens: 200))
        #expect(try replay(plan, Self.right).map { $0.error?.kind } == [nil, nil])
    }

    @Test(arguments: [0, 2])
    func `the live engine runs arms over others after them and their grades, with the same results`(steps: Int) throws {
        let oracle = PeerFactory(oracle: true) { peers in
            (0..<peers.count).filter { peers[$0]?.item == peers.item }.max {
                (peers[$0]?.score ?? 0) < (peers[$1]?.score ?? 0)
            } ?? 0
        }
        let plan = Self.plan([oracle, TestFactory.vote(1), TestFactory.vote(5)], items: 20)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-peers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let journal = try Journal(creating: folder.appendingPathComponent("journal.sqlite").path)
        var rest = Self.items(20)[...]
        try journal.storeItems { rest.popFirst() }
        let world = SimulatedWorld()
        let engine = try Engine(
            plan: plan, journal: journal, backend: world, runtime: world, grader: MarkerGrader(steps: steps),
            prompt: { [ChatMessage(role: .user, content: $0.input)] }, observer: { _ in })
        #expect(try engine.run() == .complete)
        var scores: [Int: [Double]] = [:]
        try journal.forEachSession { record, _ in scores[record.key.arm, default: []].append(try #require(record.score))
        }
        let best = zip(scores[1] ?? [], scores[2] ?? []).map { max($0, $1) }
        #expect(scores[0] == best)
        #expect(best.count == 20)
    }

    @Test func `strategies do not see the target among an item's fields`() throws {
        let spy = TestFactory("spy") { services in
            TestStrategy(services) { event, _ throws(PluginFault) in
                guard case .start(let start) = event else { return [] }
                return [.finish(FinishAction(kind: .answered, answer: start.fieldsJSON, reason: "seen"))]
            }
        }
        let records = try replay(Self.plan([spy], items: 1)) { _, _ in [] }
        #expect(records[0].answer == #"{"input":"q0"}"#)
    }

    @Test func `recorded samples are drawn before a model is asked`() throws {
        let plan = Self.plan([TestFactory.vote(3)], items: 4)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-fill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let journal = try Journal(creating: folder.appendingPathComponent("journal.sqlite").path)
        var rest = Self.items(4)[...]
        try journal.storeItems { rest.popFirst() }
        let world = SimulatedWorld()
        let engine = try Engine(
            plan: plan, journal: journal, backend: world, runtime: world, grader: MarkerGrader(),
            prompt: { [ChatMessage(role: .user, content: $0.input)] }, observer: { _ in })
        engine.recorded = { item, _ in ListedSamples(texts: ["#### 7", "#### 7"], log: .init()) }
        #expect(try engine.run() == .complete)
        // Two of three samples of each item were there.
        #expect(world.samplesPaid == 4)
        #expect(try journal.paidTotals().completions == 4)
    }
}
