import Completions
import Engine
import EvalhStatistics
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
        /// By the number of the call.
        var failureMessage: (Int) -> String = { _ in "simulated" }
        /// The call of this number, from 1, fails: at once, or if it is a stream in the middle of its text.
        var failedCall: Int?
        var failsMidway = false
        var interruptAfterCompletions: Int?
        /// Share of events that come a second time, up to some seconds later: often after the end of their call.
        var duplicateRate = 0.0
        /// Share of calls that fail when some of their choices are complete.
        var breakRate = 0.0
        /// Share of calls after whose end events come that belong to no open call.
        var strayRate = 0.0
        /// Share of a cancelled call's choices that are completed all the same, because the cancel came too late.
        var lateCancelRate = 0.0
        /// Share of pieces of a stream that come after the end of their choice.
        var lateDeltaRate = 0.0
    }

    private struct Scheduled {
        var time: Int64
        var order: Int
        var call: CallID
        var event: ModelEvent
        /// The world's own: not one that the faults made up.
        var isGenuine = true
        /// The order of the event that this one repeats; it comes only if that one came.
        var copyOf: Int?
    }

    /// A call that the world has not ended yet.
    private struct OpenCall {
        var call: ModelCall
        var open: Set<Int>
        var isCancelled = false
        /// When each choice begins, and what it will be.
        var plans: [Int: (start: Int64, whole: Completion)] = [:]
    }

    private(set) var now: Int64 = 1_000
    private var random: SplitMix64
    private var faults: Faults
    private var scheduled: [Scheduled] = []
    /// Grades' work that is under way, and when it will be done.
    private var gradings: [(time: Int64, grading: UInt64, result: Result<GradingStep, any Error>)] = []
    private(set) var maxGradings = 0
    private(set) var gradingsDropped = 0
    /// How long a grade's work takes; `nil`: up to two seconds.
    var gradingNanoseconds: Int64?
    private var order = 0
    private var delivered: Set<Int> = []
    private var open: [UInt64: OpenCall] = [:]
    private(set) var callsSent = 0
    private(set) var samplesPaid = 0
    /// Calls that failed while they were wanted.
    private(set) var failuresTold = 0
    private(set) var maxInFlight = 0
    private var inFlight = 0
    private var idleWaits = 0
    var answer: (CompletionRequest, UInt64) -> String = SimulatedWorld.noisyAnswer
    /// What models other than the main one say; `nil`: the same.
    var answerOfRole: [String: String] = [:]
    var isInterrupted = false
    /// Where what models were asked is checked.
    var bill = ModelBill()

    init(scheduleSeed: UInt64 = 1, faults: Faults = Faults()) {
        random = SplitMix64(seed: scheduleSeed)
        self.faults = faults
    }

    /// Right ("#### 7") for three seeds in four.
    static func noisyAnswer(_ request: CompletionRequest, _ seed: UInt64) -> String {
        var random = SplitMix64(seed: request.sampling.temperature == 0 ? 1 : seed)
        let value = random.next()
        return value % 4 == 0 ? "Let me see. #### \(value % 5)" : "Let me see. #### 7"
    }

    var sink: @Sendable (CallID, ModelEvent) -> Void {
        { [unowned self] call, event in self.schedule(0, call, event) }
    }

    func perform(_ work: @escaping GradingWork, for grading: UInt64) {
        gradings.append((now + (gradingNanoseconds ?? delay()), grading, Result { try work() }))
        maxGradings = max(maxGradings, gradings.count)
    }

    func dropWork() {
        gradingsDropped += gradings.count
        gradings.removeAll()
    }

    func wait(until deadline: Int64?) -> [EngineEvent] {
        guard let next = (scheduled.map(\.time) + gradings.map(\.time)).min(), deadline.map({ next <= $0 }) ?? true
        else {
            if let deadline { now = max(now, deadline) }
            if scheduled.isEmpty, gradings.isEmpty { noteIdleWait() }
            return []
        }
        idleWaits = 0
        now = max(now, next)
        let due = scheduled.filter { $0.time <= now }.sorted { ($0.time, $0.order) < ($1.time, $1.order) }
        scheduled.removeAll { $0.time <= now }
        var events: [EngineEvent] = []
        for entry in due where comes(entry) {
            delivered.insert(entry.order)
            events.append(.model(entry.call, entry.event))
        }
        events += gradings.filter { $0.time <= now }.map { .graded($0.grading, $0.result) }
        gradings.removeAll { $0.time <= now }
        return events
    }

    private func comes(_ entry: Scheduled) -> Bool {
        if let original = entry.copyOf { return delivered.contains(original) }
        return !entry.isGenuine || take(entry)
    }

    /// An engine that waits a thousand times for nothing will wait for ever.
    private func noteIdleWait() {
        idleWaits += 1
        guard idleWaits == 1000 else { return }
        bill.violations.append("the run waits, and nothing will come")
        isInterrupted = true
    }

    /// Books what a genuine event brings; false: its call had ended before.
    private func take(_ entry: Scheduled) -> Bool {
        guard let call = open[entry.call.value] else { return false }
        switch entry.event {
        case .delta(let choice, _, _, _, _), .reasoning(let choice, _, _, _, _):
            return !call.isCancelled || isLate(choice, of: call)
        case .completed(let choice, let completion):
            guard call.open.contains(choice), !call.isCancelled || isLate(choice, of: call) else { return false }
            bill.complete(call.call, choice, completion)
            samplesPaid += 1
            end(entry.call, [choice])
            if let limit = faults.interruptAfterCompletions, samplesPaid >= limit { isInterrupted = true }
        case .cancelled(let partial):
            bill.giveUp(call.call, call.open, partial)
            end(entry.call, call.open)
        case .failed:
            if !call.isCancelled { failuresTold += 1 }
            bill.giveUp(call.call, call.open, [:])
            end(entry.call, call.open)
        }
        return true
    }

    /// Whether a choice of a cancelled call is completed all the same; the same for all its events.
    private func isLate(_ choice: Int, of call: OpenCall) -> Bool {
        faults.lateCancelRate > 0
            && Double(call.call.seeds[choice] % 1000) < faults.lateCancelRate * 1000
    }

    private func end(_ id: CallID, _ choices: Set<Int>) {
        inFlight -= choices.count
        open[id.value]?.open.subtract(choices)
        guard let call = open[id.value], call.open.isEmpty else { return }
        open[id.value] = nil
        guard happens(faults.strayRate) else { return }
        let whole = Completion(text: "stray", finish: .stop, usage: TokenUsage(requests: 1, completionTokens: 1))
        let strays: [ModelEvent] = [
            .failed(ModelFailure(kind: .server, message: "stray")), .cancelled(partial: [0: whole]),
            .completed(choice: Int(random.next() % 4), whole),
            .delta(choice: 0, text: "stray", tokens: [], tokenCount: 1, seconds: 9),
        ]
        schedule(delay(), id, strays[Int(random.next() % 4)], isGenuine: false)
        schedule(delay(), CallID(id.value + 1_000_000), strays[Int(random.next() % 4)], isGenuine: false)
    }

    func send(_ call: ModelCall, events: @escaping @Sendable (CallID, ModelEvent) -> Void) {
        callsSent += 1
        inFlight += call.seeds.count
        maxInFlight = max(maxInFlight, inFlight)
        bill.ask(call)
        open[call.id.value] = OpenCall(call: call, open: Set(call.seeds.indices))
        let failure = ModelEvent.failed(
            ModelFailure(kind: faults.failureKind, message: faults.failureMessage(callsSent), isRetryable: true))
        if callsSent == faults.failedCall {
            if faults.failsMidway, call.stream {
                for choice in call.seeds.indices { generate(call, choice, upTo: 0.5) }
            }
            schedule(4_000_000_000, call.id, failure)
            return
        }
        if happens(faults.failureRate) {
            schedule(delay(), call.id, failure)
            return
        }
        if faults.breakRate > 0, happens(faults.breakRate) { schedule(delay(), call.id, failure) }
        for choice in call.seeds.indices { generate(call, choice) }
    }

    /// - Parameter share: of the pieces that come; below 1 the choice does not end.
    private func generate(_ call: ModelCall, _ choice: Int, upTo share: Double = 1) {
        let seed = call.seeds[choice]
        let text = answerOfRole[call.role] ?? answer(call.request, seed)
        let seconds = 0.5 + Double(seed % 1000) / 1000
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        var completion = Completion(
            text: text, finish: .stop,
            usage: TokenUsage(requests: 1, promptTokens: 10, completionTokens: words.count),
            sharesPrompt: choice > 0, seconds: seconds)
        if call.request.sampling.topLogprobs != nil { completion.tokens = words.enumerated().map(Self.token) }
        let start = delay()
        if call.stream {
            var offset = 0
            for (index, word) in words.enumerated() where Double(index) < share * Double(words.count) {
                let piece = index == 0 ? String(word) : " " + word
                offset += piece.utf8.count
                let time = seconds * Double(index + 1) / Double(words.count + 1)
                completion.chunks.append(CompletionChunk(endOffset: offset, endToken: index + 1, seconds: time))
                let lateness = faults.lateDeltaRate > 0 && happens(faults.lateDeltaRate) ? delay() : 0
                schedule(
                    start + Int64(time * 1e9) + lateness, call.id,
                    .delta(
                        choice: choice, text: piece, tokens: Array(completion.tokens.dropFirst(index).prefix(1)),
                        tokenCount: 1,
                        seconds: time),
                    isGenuine: lateness == 0)
            }
        }
        open[call.id.value]?.plans[choice] = (now + start, completion)
        if share < 1 { return }
        schedule(start + Int64(seconds * 1e9), call.id, .completed(choice: choice, completion))
    }

    private static func token(_ index: Int, _ word: Substring) -> TokenLogprob {
        let text = index == 0 ? String(word) : " " + word
        return TokenLogprob(
            token: text, logprob: -0.1,
            alternatives: [TokenAlternative(token: text, logprob: -0.1), TokenAlternative(token: "?", logprob: -3)])
    }

    func cancel(_ id: CallID) {
        guard let call = open[id.value], !call.isCancelled else { return }
        open[id.value]?.isCancelled = true
        var partial: [Int: Completion] = [:]
        for choice in call.open { partial[choice] = call.plans[choice].flatMap { part(of: $0.whole, since: $0.start) } }
        schedule(faults.lateCancelRate > 0 ? delay() : 1_000_000, id, .cancelled(partial: partial))
    }

    /// What has been generated until now; `nil`: it has not begun.
    private func part(of whole: Completion, since start: Int64) -> Completion? {
        let seconds = Double(now - start) / 1e9
        guard seconds > 0 else { return nil }
        var part = whole
        part.finish = .cancelled
        part.seconds = min(seconds, whole.seconds)
        part.chunks.removeAll { Int64($0.seconds * 1e9) > now - start }
        part.text = String(decoding: whole.text.utf8.prefix(part.chunks.last?.endOffset ?? 0), as: UTF8.self)
        part.usage.completionTokens =
            whole.chunks.isEmpty
            ? Int(Double(whole.usage.completionTokens) * part.seconds / whole.seconds)
            : part.chunks.last?.endToken ?? 0
        part.tokens.removeLast(max(0, part.tokens.count - part.usage.completionTokens))
        return part
    }

    func capabilities(of role: String) -> EndpointCapabilities { EndpointCapabilities() }

    private func delay() -> Int64 { Int64(random.next() % 2_000_000_000) }

    private func happens(_ rate: Double) -> Bool { Double(random.next() >> 11) / Double(1 << 53) < rate }

    private func schedule(_ delay: Int64, _ call: CallID, _ event: ModelEvent, isGenuine: Bool = true) {
        order += 1
        scheduled.append(Scheduled(time: now + delay, order: order, call: call, event: event, isGenuine: isGenuine))
        guard isGenuine, faults.duplicateRate > 0, happens(faults.duplicateRate) else { return }
        let later = Int64(random.next() % 4_000_000_000)
        scheduled.append(
            Scheduled(time: now + delay + later, order: order, call: call, event: event, copyOf: order))
    }
}

/// Grades "#### N" and nothing else.
final class MarkerGrader: AnswerGrader, Sendable {
    /// How much has to be done before it says what it knows from the start.
    private let steps: Int
    /// The answers that its work fails on.
    private let refused: String?

    init(steps: Int = 0, refused: String? = nil) {
        self.steps = steps
        self.refused = refused
    }

    func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradingStep {
        let found = isUnfinished ? nil : extract(answer)?.answer
        let score = found == item.target ? 1.0 : 0.0
        let grade = Grade(score: score, strictScore: score, extracted: found, stage: found == nil ? "none" : "marker")
        return Self.step(steps, grade, isRefused: refused != nil && found == refused)
    }

    private struct Refusal: Error {}

    private static func step(_ left: Int, _ grade: Grade, isRefused: Bool) -> GradingStep {
        guard left > 0 else { return .graded(grade) }
        return .work {
            if isRefused { throw Refusal() }
            return step(left - 1, grade, isRefused: isRefused)
        }
    }

    func extract(_ text: String) -> (answer: String, stage: String)? {
        guard let range = text.range(of: "#### ", options: .backwards) else { return nil }
        return (String(text[range.upperBound...]), "marker")
    }
}
