import Completions
import Engine
import EvalhStatistics
import Foundation
import Journal
import PluginHost
import Testing

/// Equal arms are charged equally, to the token, the cent and the nanosecond: whoever asks first, whatever is cancelled
/// when, live, resumed, from the pool and replayed.
struct EqualArmsTests {
    @Test(arguments: Schedules.blocks)
    func `equal arms are charged equally in any schedule, resumed, from the pool and replayed`(block: Int) throws {
        for seed in Schedules.seeds(block, of: 80) {
            var schedule = EqualArmsSchedule(seed: seed)
            try schedule.run()
            Schedules.report(schedule.violations, seed: seed)
        }
    }

    @Test(arguments: [false, true], [1, 3])
    func `a choice under way in another session's call costs what one from the pool costs`(
        stream: Bool, concurrency: Int
    ) throws {
        var simulation = Simulation(
            arms: [(.race(3, stream: stream), 0), (.vote(2, stream: stream), 0), (.race(3, stream: stream), 0)],
            items: 8, concurrency: concurrency)
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        #expect(try simulation.run(journal, SimulatedWorld(scheduleSeed: 5)) == .complete)
        simulation.arms.append((.race(3, stream: stream), 0))
        #expect(try simulation.run(journal, SimulatedWorld(scheduleSeed: 6)) == .complete)
        var charged: [Int: [SessionMeasure]] = [:]
        try journal.forEachSession { record, _ in charged[record.key.arm, default: []].append(record.measure) }
        let first = try #require(charged[0])
        #expect(first == charged[2] && first == charged[3])
        // What nobody waits for is given up, and its prompt is paid all the same.
        #expect(first.allSatisfy { $0.samples == 3 && $0.usage.promptTokens >= 10 })
    }
}

extension TestFactory {
    /// Several requests at once; answers with the first that is complete.
    static func race(_ requests: Int, stream: Bool) -> TestFactory {
        TestFactory("race\(requests)") { services in
            TestStrategy(services) { event, _ throws(PluginFault) in
                switch event {
                case .start:
                    return (1...requests).map { .submit(SubmitAction(request: UInt64($0), stream: stream)) }
                case .done(_, _, let completion, _):
                    return [.finish(FinishAction(kind: .answered, answer: completion.text, reason: "first"))]
                case .failed: return [.finish(FinishAction(kind: .error, answer: "", reason: "request failed"))]
                case .rejected, .stop: return [.finish(FinishAction(kind: .noAnswer, answer: "", reason: "budget"))]
                default: return []
                }
            }
        }
    }
}

private struct EqualArmsSchedule {
    private(set) var violations: [String] = []
    private var random: SplitMix64
    private var simulation: Simulation
    /// Which arms are equal.
    private var kinds: [Int] = []
    private let returnsChoices: Bool
    /// Of the wandering strategies.
    private let spare: [UInt64]

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        simulation = Simulation(arms: [], items: 1 + random.index(below: 2))
        returnsChoices = random.chance(50)
        let seeds = [random.next(), random.next()]
        spare = seeds
        for arm in 0..<3 + random.index(below: 4) { append(random.index(below: 3), arm, seeds) }
        // At least one pair.
        append(kinds[0], kinds.count, seeds)
        simulation.concurrency = 1 + random.index(below: 8)
        simulation.seed = random.next()
        simulation.returnsChoices = returnsChoices
        if random.chance(20) { simulation.sessionBudget.tokens = 100 + random.index(below: 400) }
    }

    private mutating func append(_ kind: Int, _ arm: Int, _ seeds: [UInt64]) {
        kinds.append(kind)
        simulation.arms.append(
            (kind < 2 ? .wandering("arm\(arm)", seed: seeds[kind]) : .vote(3, stream: seeds[0] % 2 == 0), 0))
    }

    mutating func run() throws {
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        for _ in 0..<random.index(below: 3) { try part(journal) }
        if try simulation.run(journal, world()) != .complete { violations.append("the last part does not complete") }
        try compare(journal, "live or resumed")
        // All of them once more, from the pool.
        for kind in Set(kinds).sorted() { append(kind, kinds.count, spare) }
        let last = world()
        if try simulation.run(journal, last) != .complete { violations.append("the pool does not do") }
        if last.callsSent > 0 { violations.append("equal arms ask \(last.callsSent) times more") }
        try compare(journal, "from the pool")
        try replay(journal)
    }

    private mutating func world() -> SimulatedWorld {
        var faults = SimulatedWorld.Faults()
        if random.chance(30) { faults.strayRate = 0.5 }
        if random.chance(50) { faults.lateCancelRate = 0.5 }
        let world = SimulatedWorld(scheduleSeed: random.next(), faults: faults)
        world.answer = { request, seed in
            var random = SplitMix64(seed: seed ^ UInt64(request.sampling.maxTokens))
            let words = 1 + random.index(below: 9)
            return (0..<words).map { _ in ["so", "if", "then", "7"][random.index(below: 4)] }.joined(separator: " ")
        }
        return world
    }

    private mutating func part(_ journal: Journal) throws {
        let world = world()
        let engine = try simulation.makeEngine(journal, world)
        for _ in 0..<random.index(below: 40) where !(try engine.turn()) {}
    }

    private func sessions(_ journal: Journal) throws -> [SessionKey: SessionRecord] {
        var records: [SessionKey: SessionRecord] = [:]
        try journal.forEachSession { record, _ in records[record.key] = record }
        return records
    }

    private func text(_ record: SessionRecord) -> String {
        let draws = record.draws.map {
            "\($0.sample)@\($0.askedAt)+\($0.seconds) \($0.promptTokens)/\($0.completionTokens) \($0.cancelledAt ?? -1)"
        }
        return "\(record.measure) \(record.answer ?? "-") \(record.stopReason) \(record.error?.message ?? "-") \(draws)"
    }

    private mutating func compare(_ journal: Journal, _ how: String) throws {
        let records = try sessions(journal)
        for (key, record) in records {
            let first = SessionKey(
                item: key.item, arm: kinds.firstIndex(of: kinds[key.arm]) ?? 0, level: key.level,
                repeatIndex: key.repeatIndex)
            guard let other = records[first], text(other) != text(record) else { continue }
            violations.append(
                "\(how): item \(key.item), arms \(first.arm) and \(key.arm):\n\(text(other))\n\(text(record))")
        }
    }

    private mutating func replay(_ journal: Journal) throws {
        let replayed = try simulation.makeJournal()
        defer { Simulation.remove(replayed) }
        var items: [JournalItem] = []
        for ordinal in 0..<simulation.items { if let item = try journal.item(ordinal) { items.append(item) } }
        let (all, grader) = (items, simulation.grader)
        let run = ReplayRun(
            plan: simulation.plan(), journal: replayed, workers: 1, isInterrupted: { false },
            makeReader: {
                { ordinal in
                    ReplayItem(
                        item: all[ordinal],
                        messages: .success([ChatMessage(role: .user, content: all[ordinal].input)]), grader: grader,
                        samples: { JournalSamples(journal: journal, repeatIndex: $0) })
                }
            }, observer: { _ in })
        if try run.run() != .complete { violations.append("the replay does not complete") }
        let (live, again) = (try sessions(journal), try sessions(replayed))
        for (key, record) in live {
            guard var other = again[key] else { continue }
            // A replay keeps no draws.
            other.draws = record.draws
            guard text(other) != text(record) else { continue }
            violations.append("replayed: item \(key.item), arm \(key.arm):\n\(text(record))\n\(text(other))")
        }
    }
}

/// What a run's journal has, as a pool.
private struct JournalSamples: RecordedSamples {
    let journal: Journal
    let repeatIndex: Int
    private var drawn: [RequestKey: Int] = [:]

    init(journal: Journal, repeatIndex: Int) {
        self.journal = journal
        self.repeatIndex = repeatIndex
    }

    mutating func draw(role: String, request: CompletionRequest) -> Result<Completion, RecordedMiss> {
        generations(role: role, request: request).flatMap { all in
            all.last.map { .success($0) } ?? .failure(RecordedMiss("nothing is recorded"))
        }
    }

    mutating func generations(role: String, request: CompletionRequest) -> Result<[Completion], RecordedMiss> {
        let key = RequestKey(fingerprint: "sim", request: request)
        let sample = SampleIndex(repeatIndex: repeatIndex, index: drawn[key, default: 0])
        drawn[key, default: 0] += 1
        do {
            let recorded = try journal.generations(key, sample)
            return recorded.isEmpty ? .failure(RecordedMiss("sample \(sample.index) is missing")) : .success(recorded)
        } catch {
            return .failure(RecordedMiss("\(error)"))
        }
    }
}
