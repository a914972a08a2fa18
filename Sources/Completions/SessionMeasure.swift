/// What a session measured: all its numbers beside score and confidence. Outcomes, journals, metric rows, peers and
/// exports hold it whole, so that a further number is named here and where it is counted, and nowhere between.
///
/// It is what the session would have paid alone, whether or not the pool had the samples.
package struct SessionMeasure: Hashable, Sendable {
    package var usage: TokenUsage
    /// US dollars; `nil`: a model without a price took part.
    package var usd: Double?
    /// Equivalent floating-point operations of its completions; `nil`: a model's shape is unknown.
    package var eflops: Double?
    /// The same by the work that the model told of, so that tokens whose prediction came from an early exit cost less;
    /// what it did not tell of counts at full depth. `nil`: a shape is unknown, or nothing was told, and `eflops` says
    /// all there is to say.
    package var toldEflops: Double?
    package var criticalPathSeconds: Double
    /// `nil`: nothing was streamed.
    package var firstTokenSeconds: Double?
    /// Completions it is charged for: drawn by itself, whether or not they ran to their end, or by a peer that it
    /// adopted.
    package var samples: Int
    /// Of these, cut off at the limit of tokens.
    package var cutOffSamples: Int
    /// Samples it asked for that failed after all retries. A session that has an answer all the same was served in
    /// part.
    package var failedSamples: Int
    /// Calls of services that it is charged for.
    package var serviceCalls: Int
    /// What its strategy measured, under names of its own.
    package var numbers: [String: Double] = [:]

    package init(
        usage: TokenUsage = TokenUsage(), usd: Double? = nil, eflops: Double? = nil, toldEflops: Double? = nil,
        criticalPathSeconds: Double = 0, firstTokenSeconds: Double? = nil, samples: Int = 0, cutOffSamples: Int = 0,
        failedSamples: Int = 0, serviceCalls: Int = 0
    ) {
        self.usage = usage
        self.usd = usd
        self.eflops = eflops
        self.toldEflops = toldEflops
        self.criticalPathSeconds = criticalPathSeconds
        self.firstTokenSeconds = firstTokenSeconds
        self.samples = samples
        self.cutOffSamples = cutOffSamples
        self.failedSamples = failedSamples
        self.serviceCalls = serviceCalls
    }
}

/// What reports average over sessions and comparisons compare. The raw value is its name in `summary.json`, in gates
/// and in tables.
package enum SessionNumber: String, CaseIterable, Codable, Sendable {
    /// Generated ones.
    case tokens
    case totalTokens = "total_tokens"
    case samples
    case usd = "usd_per_session"
    case eflops
    case toldEflops = "told_eflops"
    case criticalPath = "critical_path_s"

    /// Those whose means are metrics of arms. Of critical paths percentiles say more.
    package static let metrics = allCases.filter { $0 != .criticalPath }

    /// Not every model has it: a price, a shape.
    package var mayBeUnknown: Bool { of(SessionMeasure()) == nil }

    /// `nil`: unknown.
    package func of(_ measure: SessionMeasure) -> Double? {
        switch self {
        case .tokens: Double(measure.usage.completionTokens)
        case .totalTokens: Double(measure.usage.totalTokens)
        case .samples: Double(measure.samples)
        case .usd: measure.usd
        case .eflops: measure.eflops
        case .toldEflops: measure.toldEflops
        case .criticalPath: measure.criticalPathSeconds
        }
    }
}

/// A number of a session as exports write it, one after the other.
package struct SessionField: Sendable {
    package let name: String
    /// `nil`: unknown.
    package let value: @Sendable (SessionMeasure) -> Double?
    /// It stands in the object `usage`, where there is one.
    package let isUsage: Bool

    private init(_ name: String, isUsage: Bool = false, _ value: @escaping @Sendable (SessionMeasure) -> Double?) {
        self.name = name
        self.isUsage = isUsage
        self.value = value
    }

    package static let all = counted + modelled

    /// What was counted, in the order of the columns of `sessions.csv`.
    package static let counted = [
        SessionField("requests", isUsage: true) { Double($0.usage.requests) },
        SessionField("prompt_tokens", isUsage: true) { Double($0.usage.promptTokens) },
        SessionField("cached_prompt_tokens", isUsage: true) { Double($0.usage.cachedPromptTokens) },
        SessionField("completion_tokens", isUsage: true) { Double($0.usage.completionTokens) },
        SessionField("reasoning_tokens", isUsage: true) { Double($0.usage.reasoningTokens) },
        SessionField("cancelled_tokens", isUsage: true) { Double($0.usage.cancelledTokens) },
        SessionField("usd", isUsage: true) { $0.usd },
        SessionField("critical_path_s") { $0.criticalPathSeconds },
        SessionField("ttft_s") { $0.firstTokenSeconds },
        SessionField("samples") { Double($0.samples) },
        SessionField("cut_off_samples") { Double($0.cutOffSamples) },
        SessionField("failed_samples") { Double($0.failedSamples) },
    ]

    /// What follows from a model's shape. Where it is not known, exports that may leave them out do.
    package static let modelled = [
        SessionField("eflops") { $0.eflops },
        SessionField("told_eflops") { $0.toldEflops },
    ]
}
