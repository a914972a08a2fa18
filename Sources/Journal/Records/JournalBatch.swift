package import Completions

/// A completion on its way into the pool.
package struct CompletionRecord: Sendable {
    package var key: RequestKey
    package var request: CompletionRequest
    package var fingerprint: String
    package var sample: SampleIndex
    package var seed: UInt64
    package var completion: Completion
    /// What it cost; `nil`: a model without a price.
    package var usd: Double?
    /// Cancelled midway.
    package var isPartial: Bool

    package init(
        key: RequestKey, request: CompletionRequest, fingerprint: String, sample: SampleIndex, seed: UInt64,
        completion: Completion,
        usd: Double?, isPartial: Bool
    ) {
        self.key = key
        self.request = request
        self.fingerprint = fingerprint
        self.sample = sample
        self.seed = seed
        self.completion = completion
        self.usd = usd
        self.isPartial = isPartial
    }
}

extension CompletionRecord {
    /// Somebody paid for it: not so for what was given up before anything of it had come.
    package var isPaid: Bool { !isPartial || completion.paidUsage.totalTokens > 0 }
}

/// A request that was given up.
package struct FailureRecord: Sendable {
    package var key: RequestKey
    package var request: CompletionRequest
    package var fingerprint: String
    package var sample: SampleIndex
    package var failure: ModelFailure

    package init(
        key: RequestKey, request: CompletionRequest, fingerprint: String, sample: SampleIndex, failure: ModelFailure
    ) {
        self.key = key
        self.request = request
        self.fingerprint = fingerprint
        self.sample = sample
        self.failure = failure
    }
}

/// What one turn of the engine makes durable, in one transaction.
package struct JournalBatch: Sendable {
    package var completions: [CompletionRecord] = []
    package var failures: [FailureRecord] = []
    package var sessions: [SessionRecord] = []

    package init() {}

    package var isEmpty: Bool { completions.isEmpty && failures.isEmpty && sessions.isEmpty }
}
