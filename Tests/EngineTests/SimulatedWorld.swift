import Completions
import Engine
import Foundation
import Journal
import PluginHost

/// A virtual clock and a model behind it: the engine runs unchanged, thousands of schedules a second. Answers depend on
/// the request and the seed alone; delays and faults on `scheduleSeed`, so that one test can compare different
/// schedules.
final class SimulatedWorld: EngineRuntime, ModelBackend, @unchecked Sendable {
    // Sendable: a simulation is single-threaded.
    struct Faults {
        var failureRate = 0.0
        var failureKind = ModelFailure.Kind.connection
        /// After this many completions the process is "killed": `KilledInSimulation` is thrown out of the run.
        var killAfterCompletions: Int?
        var interruptAfterCompletions: Int?
    }

    private struct Scheduled {
        var time: Int64
        var order: Int
        var call: CallID
        var event: ModelEvent
    }

    private(set) var now: Int64 = 1_000
    private var random: SplitMix64
    private var faults: Faults
    private var scheduled: [Scheduled] = []
    private var order = 0
    private var cancelledCalls: Set<UInt64> = []
    private(set) var callsSent = 0
    private(set) var samplesPaid = 0
    private(set) var maxInFlight = 0
    private var inFlight = 0
    var streamPieces = 8
    var answer: (CompletionRequest, UInt64) -> String = SimulatedWorld.noisyAnswer
    var isInterrupted = false

    init(scheduleSeed: UInt64 = 1, faults: Faults = Faults()) {
        random = SplitMix64(state: scheduleSeed)
        self.faults = faults
    }

    /// Right ("#### 7") for three seeds in four.
    static func noisyAnswer(_ request: CompletionRequest, _ seed: UInt64) -> String {
        var random = SplitMix64(state: request.sampling.temperature == 0 ? 1 : seed)
        let value = random.next()
        return value % 4 == 0 ? "Let me see. #### \(value % 5)" : "Let me see. #### 7"
    }

    var sink: @Sendable (CallID, ModelEvent) -> Void {
        { [unowned self] call, event in self.schedule(0, call, event) }
    }

    func wait(until deadline: Int64?) -> [(CallID, ModelEvent)] {
        guard let next = scheduled.map(\.time).min(), deadline.map({ next <= $0 }) ?? true else {
            if let deadline { now = max(now, deadline) }
            return []
        }
        now = max(now, next)
        let due = scheduled.filter { $0.time <= now }.sorted { ($0.time, $0.order) < ($1.time, $1.order) }
        scheduled.removeAll { $0.time <= now }
        var events: [(CallID, ModelEvent)] = []
        for entry in due where !cancelledCalls.contains(entry.call.value) || isCancelAnswer(entry.event) {
            if case .completed = entry.event {
                samplesPaid += 1
                inFlight -= 1
                if let limit = faults.interruptAfterCompletions, samplesPaid >= limit { isInterrupted = true }
            }
            events.append((entry.call, entry.event))
        }
        return events
    }

    private func isCancelAnswer(_ event: ModelEvent) -> Bool {
        if case .cancelled = event { return true }
        return false
    }

    var isKilled: Bool { faults.killAfterCompletions.map { samplesPaid >= $0 } ?? false }

    func send(_ call: ModelCall, events: @escaping @Sendable (CallID, ModelEvent) -> Void) {
        callsSent += 1
        inFlight += call.seeds.count
        maxInFlight = max(maxInFlight, inFlight)
        if Double(random.next() >> 11) / Double(1 << 53) < faults.failureRate {
            inFlight -= call.seeds.count
            schedule(
                delay(), call.id,
                .failed(ModelFailure(kind: faults.failureKind, message: "simulated", isRetryable: true)))
            return
        }
        for (choice, seed) in call.seeds.enumerated() {
            let text = answer(call.request, seed)
            let seconds = 0.5 + Double(seed % 1000) / 1000
            let words = text.split(separator: " ", omittingEmptySubsequences: false)
            var completion = Completion(
                text: text, finish: .stop,
                usage: TokenUsage(requests: 1, promptTokens: 10, completionTokens: words.count),
                sharesPrompt: choice > 0, seconds: seconds)
            let start = delay()
            if call.stream {
                var offset = 0
                for (index, word) in words.enumerated() {
                    let piece = index == 0 ? String(word) : " " + word
                    offset += piece.utf8.count
                    let time = seconds * Double(index + 1) / Double(words.count + 1)
                    completion.chunks.append(CompletionChunk(endOffset: offset, endToken: index + 1, seconds: time))
                    schedule(
                        start + Int64(time * 1e9), call.id,
                        .delta(choice: choice, text: piece, tokens: [], tokenCount: 1, seconds: time))
                }
            }
            schedule(start + Int64(seconds * 1e9), call.id, .completed(choice: choice, completion))
        }
    }

    func cancel(_ id: CallID) {
        guard scheduled.contains(where: { $0.call == id }) else { return }
        cancelledCalls.insert(id.value)
        schedule(
            1_000_000, id,
            .cancelled(partial: [
                0: Completion(
                    text: "cut", finish: .cancelled,
                    usage: TokenUsage(requests: 1, promptTokens: 10, completionTokens: 2), seconds: 0.25)
            ]))
    }

    func capabilities(of role: String) -> EndpointCapabilities { EndpointCapabilities() }

    private func delay() -> Int64 { Int64(random.next() % 2_000_000_000) }

    private func schedule(_ delay: Int64, _ call: CallID, _ event: ModelEvent) {
        order += 1
        scheduled.append(Scheduled(time: now + delay, order: order, call: call, event: event))
    }
}

/// Grades "#### N" and nothing else.
final class MarkerGrader: AnswerGrader {
    func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> Grade {
        let found = isUnfinished ? nil : extract(answer)?.answer
        let score = found == item.target ? 1.0 : 0.0
        return Grade(score: score, strictScore: score, extracted: found, stage: found == nil ? "none" : "marker")
    }

    func extract(_ text: String) -> (answer: String, stage: String)? {
        guard let range = text.range(of: "#### ", options: .backwards) else { return nil }
        return (String(text[range.upperBound...]), "marker")
    }
}
