internal import Completions

/// A sample's place in the pool.
struct SamplePlace: Hashable {
    var key: RequestKey
    var sample: SampleIndex
}

/// A session that waits for a sample.
struct Waiter {
    struct RequestID: Hashable {
        var session: UInt64
        var request: UInt64
    }

    let session: UInt64
    /// The session's number of its request, and which of its choices this is.
    let request: UInt64
    let choice: Int
    let stream: Bool
    /// It plays back what was recorded of a sample that was given up, before it asks for the whole.
    let takesParts: Bool
    /// Logical nanoseconds of the session.
    let askedAt: Int64
    /// The call was made for it: it sees the text as it is generated. Others see a playback when the sample is there.
    var isLive = false
    /// Its logical time when it gave the sample up; it is told what it is charged at the call's end. `nil`: it did not.
    var leftAt: Int64?

    var hasLeft: Bool { leftAt != nil }
    var requestID: RequestID { RequestID(session: session, request: request) }

    /// The same wait for a call that begins anew.
    var askingAnew: Waiter {
        var waiter = self
        waiter.isLive = false
        return waiter
    }
}

/// Pieces of a choice as they were shown.
struct ReceivedPieces {
    private(set) var text = ""
    private(set) var reasoning = ""
    private(set) var tokens: [TokenLogprob] = []
    private(set) var tokenCount = 0
    private(set) var chunks: [CompletionChunk] = []

    mutating func append(_ text: String, reasoning: String, _ tokens: [TokenLogprob], count: Int, seconds: Double) {
        self.text += text
        self.reasoning += reasoning
        self.tokens += tokens
        tokenCount += count
        chunks.append(
            CompletionChunk(
                endOffset: self.text.utf8.count, endToken: tokenCount,
                endReasoning: self.reasoning.isEmpty ? nil : self.reasoning.utf8.count, seconds: seconds))
    }

    /// What was received, as a part of a completion; its prompt is not counted.
    var part: Completion {
        Completion(
            text: text, reasoning: reasoning.isEmpty ? nil : reasoning, finish: .cancelled,
            usage: TokenUsage(requests: 1, completionTokens: tokenCount), isUsageEstimated: true,
            seconds: chunks.last?.seconds ?? 0, firstTokenSeconds: chunks.first?.seconds, tokens: tokens,
            chunks: chunks)
    }
}

/// A call for samples that the pool lacks, from being wanted to its last event.
struct SampleCall {
    enum State {
        /// Waits for room in the run's budget.
        case queued
        case sent
        /// The backend was told to end it; its last event is still to come.
        case cancelled
    }

    /// One sample of the call.
    struct Choice {
        let sample: SampleIndex
        /// How often the sample was given up midway before.
        let generation: Int
        var seed: UInt64 = 0
        /// It has no end yet.
        var isOpen = true
        var waiters: [Waiter]
        var received = ReceivedPieces()

        var isWanted: Bool { waiters.contains { !$0.hasLeft } }
        /// Who sees the text as it is generated.
        var liveWaiter: Waiter? { waiters.first { $0.isLive && !$0.hasLeft && $0.stream } }

        /// The place of a session's request among the waiters.
        func waiter(_ session: UInt64, _ request: UInt64) -> Int? {
            waiters.firstIndex { $0.session == session && $0.request == request }
        }

        /// The same sample for a call that begins anew.
        func anew(_ waiters: [Waiter], generation: Int) -> Choice {
            Choice(sample: sample, generation: generation, waiters: waiters.map(\.askingAnew))
        }
    }

    let role: String
    let key: RequestKey
    let request: CompletionRequest
    let priority: Int
    /// What a choice costs at most, by what the session knows that asked first; and the prompt's tokens in it.
    let worstCase: BudgetLedger.Amount
    let promptBound: Int
    /// Reserved in the run's budget for each choice, once it is sent.
    var reserved = BudgetLedger.Amount()
    /// It was sent to be shown as it is generated.
    var isStream = false
    /// How often its samples were asked for, this time included.
    var attempt = 1
    var state = State.queued
    var choices: [Choice]

    var hasOpenChoices: Bool { choices.contains(where: \.isOpen) }
    func isOpen(_ choice: Int) -> Bool { choices.indices.contains(choice) && choices[choice].isOpen }
    var isWanted: Bool { choices.contains { $0.isOpen && $0.isWanted } }

    func place(_ choice: Int) -> SamplePlace { SamplePlace(key: key, sample: choices[choice].sample) }

    /// A session gives its request up.
    mutating func leave(_ session: UInt64, _ request: UInt64, at now: Int64) {
        for choice in choices.indices where choices[choice].isOpen {
            guard let index = choices[choice].waiter(session, request) else { continue }
            choices[choice].waiters[index].leftAt = choices[choice].waiters[index].leftAt ?? now
        }
    }

    /// Takes all choices but the first out; gives a call for them.
    mutating func split() -> SampleCall {
        var rest = self
        rest.choices.removeFirst()
        choices.removeLast(choices.count - 1)
        return rest
    }

    /// A call for choices of this one, later.
    func anew(_ choices: [Choice]) -> SampleCall {
        SampleCall(
            role: role, key: key, request: request, priority: priority, worstCase: worstCase, promptBound: promptBound,
            attempt: attempt, choices: choices)
    }
}
