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
    /// Logical nanoseconds of the session.
    let askedAt: Int64
    /// The call was made for it: it sees the text as it is generated. Others see a playback when the sample is there.
    var isLive = false
    /// It cancelled, but the call's end is not known yet.
    var hasLeft = false
    /// What it was shown so far.
    var shownTokens = 0
    var shownText = ""
    var shownReasoning = ""
    var shownSeconds = 0.0

    var requestID: RequestID { RequestID(session: session, request: request) }
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
        var seed: UInt64 = 0
        /// It has no end yet.
        var isOpen = true
        var waiters: [Waiter]

        var isWanted: Bool { waiters.contains { !$0.hasLeft } }

        /// The place of a session's request among the waiters.
        func waiter(_ session: UInt64, _ request: UInt64) -> Int? {
            waiters.firstIndex { $0.session == session && $0.request == request }
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
