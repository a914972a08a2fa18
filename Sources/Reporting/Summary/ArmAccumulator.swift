internal import Completions
internal import EvalhStatistics
internal import Journal

/// What is added up for one arm at one level while the sessions pass by, item by item. Memory: four bytes a session for
/// percentiles, else constant.
struct ArmAccumulator {
    let arm: RunDescription.Arm
    let level: RunDescription.Level

    private(set) var sessions = 0
    private(set) var errors = 0
    private(set) var errorKinds: [String: Int] = [:]
    private(set) var items = 0
    private(set) var extraction: [String: Int] = [:]
    private(set) var usage = TokenUsage()
    private(set) var usd: Double? = 0
    private var draws = 0
    private var cutOffDraws = 0
    private var accuracy = ClusteredMean()
    private var strict = ClusteredMean()
    private var completed = ClusteredMean()
    private var tokens = ClusteredMean()
    private var totalTokens = ClusteredMean()
    private var samples = ClusteredMean()
    private var sessionUSD = ClusteredMean()
    private var criticalPaths: [Float] = []
    private var firstTokens: [Float] = []

    // Sums over the item that is passing by.
    private var itemScore = 0.0
    private var itemGraded = 0
    private var hasItem = false

    init(arm: RunDescription.Arm, level: RunDescription.Level) {
        self.arm = arm
        self.level = level
    }

    /// The item's mean score, if any session of it was graded.
    var currentItemScore: Double? { itemGraded > 0 ? itemScore / Double(itemGraded) : nil }

    mutating func add(_ record: SessionRecord) {
        sessions += 1
        hasItem = true
        usage += record.usage
        if let cost = record.usd, let sum = usd { usd = sum + cost } else { usd = nil }
        draws += record.samples
        cutOffDraws += record.cutOffSamples
        if let error = record.error {
            errors += 1
            errorKinds[error.kind, default: 0] += 1
            return
        }
        guard let score = record.score else { return }
        extraction[record.stage, default: 0] += 1
        itemScore += score
        itemGraded += 1
        accuracy.add(score, cluster: record.key.item)
        strict.add(record.strictScore ?? score, cluster: record.key.item)
        if record.finish != .length { completed.add(score, cluster: record.key.item) }
        tokens.add(Double(record.usage.completionTokens), cluster: record.key.item)
        totalTokens.add(Double(record.usage.totalTokens), cluster: record.key.item)
        samples.add(Double(record.samples), cluster: record.key.item)
        if let cost = record.usd { sessionUSD.add(cost, cluster: record.key.item) }
        criticalPaths.append(Float(record.criticalPathSeconds))
        if let seconds = record.firstTokenSeconds { firstTokens.append(Float(seconds)) }
    }

    mutating func endItem() {
        if hasItem { items += 1 }
        hasItem = false
        itemScore = 0
        itemGraded = 0
    }

    /// Share of drawn completions that were cut off.
    var truncatedRate: Double? { draws > 0 ? Double(cutOffDraws) / Double(draws) : nil }

    /// A metric by the name gates use.
    func estimate(_ metric: String) -> Estimate? {
        switch metric {
        case "accuracy": accuracy.proportion()
        case "accuracy_strict": strict.proportion()
        case "accuracy_completed": completed.proportion()
        case "tokens": tokens.mean()
        case "total_tokens": totalTokens.mean()
        case "samples": samples.mean()
        case "usd_per_session": usd == nil ? nil : sessionUSD.mean()
        case "errors": Estimate(value: Double(errors), ciLow: nil, ciHigh: nil, stderr: nil, n: items, method: "count")
        case "truncated_rate":
            truncatedRate.map { Estimate(value: $0, ciLow: nil, ciHigh: nil, stderr: nil, n: draws, method: "share of completions") }
        case "usd": usd.map { Estimate(value: $0, ciLow: nil, ciHigh: nil, stderr: nil, n: items, method: "sum") }
        default: nil
        }
    }

    static let metricNames = [
        "accuracy", "accuracy_strict", "accuracy_completed", "tokens", "total_tokens", "samples", "usd_per_session", "errors",
        "truncated_rate", "usd",
    ]

    func summary() -> RunSummary.Arm {
        var metrics: [String: RunSummary.Metric] = [:]
        for name in ["accuracy", "accuracy_strict", "accuracy_completed", "tokens", "total_tokens", "samples", "usd_per_session"] {
            if let estimate = estimate(name) { metrics[name] = RunSummary.Metric(estimate) }
        }
        return RunSummary.Arm(
            id: arm.id, oracle: arm.isOracle, strategy: arm.strategy, params: JSONValue(parsing: level.parametersJSON), model: arm.model,
            level: level.levelJSON.isEmpty ? nil : JSONValue(parsing: level.levelJSON), items: items, sessions: sessions, errors: errors,
            metrics: metrics, truncatedRate: truncatedRate, extraction: extraction, errorKinds: errorKinds,
            usage: RunSummary.Usage(tokens: usage, usd: usd),
            latency: RunSummary.Latency(criticalPath: percentiles(criticalPaths), firstToken: percentiles(firstTokens)))
    }

    private func percentiles(_ values: [Float]) -> RunSummary.Percentiles? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        func at(_ share: Double) -> Double {
            // The smallest value with at least this share of all values at or below it.
            let rank = Int((share * Double(sorted.count)).rounded(.up))
            return (Double(sorted[min(max(rank, 1), sorted.count) - 1]) * 1e6).rounded() / 1e6
        }
        return RunSummary.Percentiles(p50: at(0.5), p90: at(0.9), p99: at(0.99))
    }
}
