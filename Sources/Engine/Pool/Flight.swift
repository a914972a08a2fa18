internal import Completions
internal import Journal

/// A sample's place in the pool.
struct PoolKey: Hashable {
    var key: RequestKey
    var sample: SampleIndex
}

/// A session that waits for a sample being generated.
struct Waiter {
    var session: UInt64
    var request: UInt64
    var choice: Int
    var stream: Bool
    var askedAt: Int64
    /// Sees the stream live: the one who caused the call.
    var isLive: Bool
    /// It cancelled, but the call's end is not known yet.
    var hasLeft = false
    /// What it was shown so far.
    var shownTokens = 0
    var shownText = ""
    var shownSeconds = 0.0
}

/// A sample being generated, wanted by one or more sessions: each question is asked once.
struct Flight {
    var call: CallID
    var choice: Int
    var waiters: [Waiter]
}

/// A call under way.
struct OpenCall {
    var role: String
    var key: RequestKey
    var request: CompletionRequest
    var fingerprint: String
    /// One a choice of the call.
    var samples: [SampleIndex]
    var seeds: [UInt64]
    var open: Set<Int>
    /// Reserved in the run's budget for each choice.
    var worstCase: BudgetLedger.Amount
    var isCancelled = false
}

/// Samples that wait for the run's budget: others may give back what they reserved.
struct BlockedAsk {
    var session: UInt64
    var ask: Ask
    var choices: [Int]
    var askedAt: Int64
}
