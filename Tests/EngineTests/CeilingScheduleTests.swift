import Completions
import EvalhStatistics
import Journal
import Testing

@testable import Engine

/// A ceiling before a server that counts what it likes for prompts, by its own count: many requests at once, several
/// choices, answers that break off and are asked for again, cancelled ones.
struct CeilingScheduleTests {
    @Test(arguments: Schedules.blocks)
    func `by the server's own count a ceiling is passed by less than one request`(block: Int) {
        for seed in Schedules.seeds(block, of: 400) {
            var schedule = CeilingSchedule(seed: seed)
            schedule.run()
            Schedules.report(schedule.violations, seed: seed)
        }
    }
}

private struct CeilingSchedule {
    private struct Call {
        var question: CompletionRequest
        var open: Set<Int>
    }

    private static let maxTokens = 20

    private(set) var violations: [String] = []
    private var random: SplitMix64
    /// The server counts a constant and a multiple of the prompt's bytes.
    private let constant: Int
    private let ratio: Double
    private let limit: Int
    private var broker: SampleBroker
    private var calls: [CallID: Call] = [:]
    private var requests: [(session: UInt64, request: UInt64)] = []
    private var samples = 0
    private var counted = 0
    private var largestRequest = 0
    /// Counted by the server for what broke off before any answer came: nobody can know of it.
    private var untold = 0
    private var hasStopped = false

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        constant = [0, 20, 983][random.index(below: 3)]
        ratio = [0.3, 1, 58.8][random.index(below: 3)]
        limit = 3000 + random.index(below: 200_000)
        broker = SampleBroker(
            models: ["main": RunModel(role: "main", fingerprint: "f", price: nil)], suiteSeed: seed,
            ledger: BudgetLedger(limits: BudgetLimits(tokens: limit)))
    }

    mutating func run() {
        var steps = 0
        while !hasStopped, steps < 2000 {
            steps += 1
            if calls.count < 64, !broker.hasQueue { sessionAsks() } else { modelSpeaks() }
            if random.chance(10) { sessionCancels() }
            perform(broker.sendQueued())
        }
        if !hasStopped { stop() }
        while let id = calls.keys.min(by: { $0.value < $1.value }) { endEarly(id) }
        if !broker.isAtRest { violations.append("the broker is not at rest when all is over") }
        if counted > limit + largestRequest + untold {
            violations.append("the server counts \(counted), the ceiling is \(limit)")
        }
        if broker.ledger.spent.tokens < counted - untold { violations.append("the ledger knows less than the server") }
    }

    private func prompt(_ question: CompletionRequest) -> Int {
        constant + Int((ratio * Double(question.messages[0].content.utf8.count)).rounded(.up))
    }

    private mutating func sessionAsks() {
        let bytes = [2, 17, 34, 160, 700][random.index(below: 5)]
        let question = CompletionRequest(
            messages: [ChatMessage(role: .user, content: String(repeating: "a", count: bytes))],
            sampling: SamplingParameters(maxTokens: Self.maxTokens))
        let n = 1 + random.index(below: 8)
        let number = UInt64(requests.count + 1)
        requests.append((number, number))
        let indices = (samples..<samples + n).map { SampleIndex(repeatIndex: 0, index: $0) }
        samples += n
        let worst = BudgetLedger.Amount.worstCase(of: question, samples: 1, knownPromptTokens: nil, price: nil)
        perform(
            broker.request(
                SampleRequest(
                    request: number, role: "main", key: RequestKey(fingerprint: "f", request: question),
                    completionRequest: question, samples: indices, stream: true, priority: 0, worstCase: worst,
                    promptBound: question.unlearnedPromptBound),
                by: number, at: 0, found: indices.map { _ in nil }))
    }

    private mutating func sessionCancels() {
        guard let (session, request) = requests.suffix(40).randomElement(using: &random) else { return }
        perform(broker.cancel(request, of: session, at: 1_000_000_000))
    }

    private mutating func modelSpeaks() {
        let ids = calls.keys.sorted { $0.value < $1.value }
        guard let id = ids.randomElement(using: &random), let call = calls[id] else { return }
        if random.chance(8) { return breakOff(id, call) }
        guard let choice = call.open.sorted().randomElement(using: &random) else { return }
        calls[id]?.open.remove(choice)
        if calls[id]?.open.isEmpty == true { calls[id] = nil }
        let tokens = 1 + random.index(below: Self.maxTokens)
        counted += tokens
        let usage = TokenUsage(requests: 1, promptTokens: prompt(call.question), completionTokens: tokens)
        perform(broker.receive(id, .completed(choice: choice, Completion(text: "a", finish: .stop, usage: usage))))
    }

    private mutating func breakOff(_ id: CallID, _ call: Call) {
        calls[id] = nil
        note(untoldOf: call)
        let tokens = random.index(below: Self.maxTokens)
        counted += tokens
        let guess = 1 + call.question.messages[0].content.utf8.count / 4
        var failure = ModelFailure(
            kind: .connection, message: "broke off", isRetryable: true,
            spent: TokenUsage(
                requests: call.open.count, promptTokens: guess * call.open.count, completionTokens: tokens))
        failure.mayAskAgain = random.chance(70)
        perform(broker.receive(id, .failed(failure)))
    }

    /// The server tells nothing of what it counted.
    private mutating func endEarly(_ id: CallID) {
        guard let call = calls.removeValue(forKey: id) else { return }
        note(untoldOf: call)
        let guess = 1 + call.question.messages[0].content.utf8.count / 4
        var partial: [Int: Completion] = [:]
        for choice in call.open.sorted() {
            let tokens = random.index(below: Self.maxTokens)
            counted += tokens
            partial[choice] = Completion(
                text: "a", finish: .cancelled,
                usage: TokenUsage(requests: 1, promptTokens: guess, completionTokens: tokens), isUsageEstimated: true)
        }
        perform(broker.receive(id, .cancelled(partial: partial)))
    }

    private mutating func note(untoldOf call: Call) {
        guard broker.reckonings["main"]?.isKnown != true else { return }
        untold += (prompt(call.question) + Self.maxTokens) * call.open.count
    }

    private mutating func stop() {
        hasStopped = true
        perform(broker.stop())
    }

    private mutating func perform(_ actions: [SampleBroker.Action]) {
        for action in actions {
            switch action {
            case .send(let call):
                // A choice is a request of its own: the server ignores `n`.
                calls[call.id] = Call(question: call.request, open: Set(call.seeds.indices))
                let prompt = prompt(call.request)
                counted += prompt * call.seeds.count
                largestRequest = max(largestRequest, prompt + Self.maxTokens)
            case .cancel(let id): endEarly(id)
            case .stop: if !hasStopped { stop() }
            case .record, .recordFailure, .deliver, .play: break
            }
        }
    }
}
