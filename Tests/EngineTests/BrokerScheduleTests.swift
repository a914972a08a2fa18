import Completions
import EvalhStatistics
import Journal
import Testing

@testable import Engine

/// The broker between random sessions and a random model: no clock, no journal, only the order of what happens.
struct BrokerScheduleTests {
    @Test(arguments: Schedules.blocks)
    func `each wait ends once and each sample is paid once, whatever happens in whatever order`(block: Int) {
        for seed in Schedules.seeds(block, of: 4000) {
            var schedule = BrokerSchedule(seed: seed)
            schedule.run()
            Schedules.report(schedule.violations, seed: seed)
        }
    }
}

private struct BrokerSchedule {
    private struct Wait: Hashable {
        var session: UInt64
        var request: UInt64
        var choice: Int
    }

    private struct Call {
        var question: CompletionRequest
        var seeds: [UInt64]
        var open: Set<Int>
        var isCancelled = false
    }

    private struct Paid: Hashable {
        var question: CompletionRequest
        var seed: UInt64
    }

    private(set) var violations: [String] = []
    private var random: SplitMix64
    private let limit: Int?
    private var broker: SampleBroker
    private var pool: [SamplePlace: Completion] = [:]
    private var paid: Set<Paid> = []
    private var asked: Set<Paid> = []
    private var waits: Set<Wait> = []
    private var calls: [CallID: Call] = [:]
    private var ended: [CallID] = []
    /// The k-th sample a session asks of a question is sample k.
    private var drawn: [[Int]] = Array(repeating: [0, 0, 0], count: 4)
    private var requests: [(session: UInt64, request: UInt64)] = []
    private var cancelled: Set<UInt64> = []
    private var hasStopped = false

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        limit = random.chance(40) ? 200 + random.index(below: 2000) : nil
        broker = SampleBroker(
            models: ["main": RunModel(role: "main", fingerprint: "f", price: nil)], suiteSeed: seed,
            ledger: BudgetLedger(limits: BudgetLimits(tokens: limit)))
    }

    mutating func run() {
        for _ in 0..<20 + random.index(below: 80) where !hasStopped { step() }
        while !hasStopped, !calls.isEmpty || broker.hasQueue {
            if !calls.isEmpty { modelSpeaks() }
            perform(broker.sendQueued())
        }
        if !hasStopped, random.chance(10) { stop() }
        while let id = calls.keys.min(by: { $0.value < $1.value }) { end(id, .cancelled(partial: [:])) }
        if !waits.isEmpty, !hasStopped { violations.append("\(waits.count) waits never end") }
        if !broker.isAtRest { violations.append("the broker is not at rest when all is over") }
    }

    private mutating func step() {
        switch random.index(below: 12) {
        case 0..<5: sessionAsks()
        case 5: sessionCancels()
        case 6: modelRepeats()
        case 7: perform(broker.sendQueued())
        default: modelSpeaks()
        }
    }

    private mutating func sessionAsks() {
        let session = random.index(below: 4)
        let topic = random.index(below: 3)
        let n = 1 + random.index(below: 4)
        let question = BrokerScript.question("Q\(topic)")
        let key = RequestKey(fingerprint: "f", request: question)
        let first = drawn[session][topic]
        drawn[session][topic] += n
        let number = UInt64(requests.count + 1)
        requests.append((UInt64(session), number))
        let samples = (first..<first + n).map { SampleIndex(repeatIndex: 0, index: $0) }
        for choice in 0..<n { waits.insert(Wait(session: UInt64(session), request: number, choice: choice)) }
        let found = samples.map { sample -> Completion? in
            let place = SamplePlace(key: key, sample: sample)
            return broker.isUnderWay(place) ? nil : pool[place]
        }
        perform(
            broker.request(
                SampleRequest(
                    request: number, role: "main", key: key, completionRequest: question, samples: samples,
                    stream: random.chance(50), priority: 0, worstCase: BudgetLedger.Amount(tokens: 50),
                    promptBound: 40),
                by: UInt64(session), at: 0, found: found))
    }

    private mutating func sessionCancels() {
        guard !requests.isEmpty else { return }
        let (session, request) = requests[random.index(below: requests.count)]
        guard cancelled.insert(request).inserted else { return }
        perform(broker.cancel(request, of: session, at: 1_000_000_000))
    }

    /// Something of an open call: a piece, a completion, a failure, or its end after a cancel.
    private mutating func modelSpeaks() {
        let ids = calls.keys.sorted { $0.value < $1.value }
        guard !ids.isEmpty else { return }
        let id = ids[random.index(below: ids.count)]
        guard let call = calls[id], let choice = call.open.sorted().randomElement(using: &random) else { return }
        if call.isCancelled, random.chance(60) {
            end(id, .cancelled(partial: random.chance(50) ? [choice: .partial("cut")] : [:]))
        } else if random.chance(4) {
            end(id, .failed(ModelFailure(kind: .server, message: "down")))
        } else if random.chance(30) {
            perform(broker.receive(id, .delta(choice: choice, text: "a", tokens: [], tokenCount: 1, seconds: 1)))
        } else {
            calls[id]?.open.remove(choice)
            if calls[id]?.open.isEmpty == true { close(id) }
            perform(broker.receive(id, .completed(choice: choice, .whole("a b", tokens: 3))))
        }
    }

    /// What comes twice, late, or for nobody.
    private mutating func modelRepeats() {
        let id = random.chance(30) ? CallID(UInt64(1000 + random.index(below: 9))) : ended.randomElement(using: &random)
        let known = calls.keys.sorted { $0.value < $1.value }.randomElement(using: &random)
        if let known, let call = calls[known] {
            let over = call.seeds.indices.filter { !call.open.contains($0) }
            for choice in over + [call.seeds.count, -1] {
                perform(broker.receive(known, .completed(choice: choice, .whole("twice"))))
                perform(
                    broker.receive(known, .delta(choice: choice, text: "x", tokens: [], tokenCount: 1, seconds: 1)))
            }
        }
        guard let id else { return }
        perform(broker.receive(id, .completed(choice: 0, .whole("late"))))
        perform(broker.receive(id, .failed(ModelFailure(kind: .authentication, message: "late"))))
        perform(broker.receive(id, .cancelled(partial: [0: .partial("late")])))
    }

    private mutating func end(_ id: CallID, _ event: ModelEvent) {
        for choice in calls[id]?.open ?? [] {
            guard let call = calls[id] else { continue }
            asked.remove(Paid(question: call.question, seed: call.seeds[choice]))
        }
        close(id)
        perform(broker.receive(id, event))
    }

    private mutating func close(_ id: CallID) {
        calls[id] = nil
        ended.append(id)
    }

    private mutating func stop() {
        hasStopped = true
        waits.removeAll()
        perform(broker.stop())
    }

    private mutating func perform(_ actions: [SampleBroker.Action]) {
        for action in actions {
            switch action {
            case .send(let call): send(call)
            case .cancel(let id):
                if calls[id]?.isCancelled != false { violations.append("a call is cancelled twice, or after its end") }
                calls[id]?.isCancelled = true
            case .record(let record): keep(record)
            case .recordFailure: break
            case .deliver(.delta(let request, let choice, _, _, _, _), let session):
                if !waits.contains(Wait(session: session, request: request, choice: choice)) {
                    violations.append("a piece is shown to a session that does not wait")
                }
            case .deliver(.completed(let request, let choice, _), let session),
                .deliver(.failed(let request, let choice, _), let session),
                .deliver(.cancelled(let request, let choice, _), let session):
                endWait(session, request, choice)
            case .deliver: violations.append("a session is told what no model says")
            case .play(let playback, let session): endWait(session, playback.request, playback.choice)
            case .stop: stop()
            }
        }
        let ledger = broker.ledger
        if let limit, ledger.spent.tokens + ledger.reserved.tokens > limit { violations.append("over the budget") }
    }

    private mutating func send(_ call: ModelCall) {
        for seed in call.seeds {
            let sample = Paid(question: call.request, seed: seed)
            if paid.contains(sample) { violations.append("a sample of the pool is asked for") }
            if !asked.insert(sample).inserted { violations.append("a sample is asked for twice at once") }
        }
        calls[call.id] = Call(question: call.request, seeds: call.seeds, open: Set(call.seeds.indices))
    }

    private mutating func keep(_ record: CompletionRecord) {
        guard !record.isPartial else { return }
        let sample = Paid(question: record.request, seed: record.seed)
        if !paid.insert(sample).inserted { violations.append("a sample is recorded twice") }
        asked.remove(sample)
        pool[SamplePlace(key: record.key, sample: record.sample)] = record.completion
    }

    private mutating func endWait(_ session: UInt64, _ request: UInt64, _ choice: Int) {
        if waits.remove(Wait(session: session, request: request, choice: choice)) == nil {
            violations.append("a wait ends twice, or after the run's end")
        }
    }
}
