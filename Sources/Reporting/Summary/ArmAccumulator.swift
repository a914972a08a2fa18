internal import Completions
internal import EvalhStatistics
internal import Journal

/// What is added up for one arm at one level while the sessions pass by, item by item. Memory: four bytes a session for
/// percentiles, else constant.
struct ArmAccumulator {
    let row: RunRow

    private(set) var sessions = 0
    /// Sessions that answered although samples they asked for had failed.
    private(set) var servedInPart = 0
    private(set) var errorKinds: [SessionError.Kind: Int] = [:]
    private(set) var items = 0
    private(set) var extraction: [String: Int] = [:]
    private(set) var usage = TokenUsage()
    private(set) var usd: Double? = 0
    private var draws = 0
    private var cutOffDraws = 0
    private var score = ScoreTally()
    private var strict = ClusteredMean()
    private var completed = ClusteredMean()
    /// One for each of `allNumbers`.
    private var numbers = Self.allNumbers.map { _ in ClusteredMean() }
    private static let allNumbers = SessionNumber.allCases
    /// What its strategy measured, by name.
    private var reported: [String: ClusteredMean] = [:]
    private var serviceCalls = ClusteredMean()
    private var hasServiceCalls = false
    /// Names that are kept; a strategy could make up a new one in every session.
    private static let mostReported = 64
    private var criticalPaths: [Float] = []
    private var firstTokens: [Float] = []

    // Sums over the item that is passing by.
    private var itemScore = 0.0
    private var itemGraded = 0
    private var itemSessions = 0
    private var itemCosts = FrontierResampling.axes.map { _ in 0.0 }
    private var hasItem = false

    init(_ row: RunRow) {
        self.row = row
    }

    /// The item's mean score, if any session of it was graded.
    var currentItemScore: Double? { itemGraded > 0 ? itemScore / Double(itemGraded) : nil }

    /// The same with failed sessions as wrong, if there is any session of it.
    var currentItemScoreOfAll: Double? { itemSessions > 0 ? itemScore / Double(itemSessions) : nil }

    var errors: Int { score.errors }

    /// The item's means, as far as there are any.
    var currentItemCell: FrontierResampling.Cell {
        guard let score = currentItemScore else { return FrontierResampling.Cell() }
        return FrontierResampling.Cell(
            score: Float(score), costs: itemCosts.map { Float($0 / Double(itemGraded)) })
    }

    /// - Parameter weight: how much its item counts in means; `nil`: not at all.
    mutating func add(_ record: SessionRecord, weight: Double? = 1, _ place: ItemPlace) {
        sessions += 1
        score.add(record, weight: weight, place)
        hasItem = true
        let measure = record.measure
        usage += measure.usage
        if let cost = measure.usd, let sum = usd { usd = sum + cost } else { usd = nil }
        draws += measure.samples
        cutOffDraws += measure.cutOffSamples
        if let error = record.error {
            errorKinds[error.kind, default: 0] += 1
            if weight != nil { itemSessions += 1 }
            return
        }
        if measure.failedSamples > 0 { servedInPart += 1 }
        extraction[record.stage, default: 0] += 1
        // Without a score: the grader could not tell.
        guard let score = record.score else { return }
        guard let weight else { return }
        itemScore += weight * score
        itemGraded += 1
        itemSessions += 1
        for (index, axis) in FrontierResampling.axes.enumerated() {
            itemCosts[index] += weight * (axis.number.of(measure) ?? .nan)
        }
        strict.add(weight * (record.strictScore ?? score), place)
        if record.finish != .length { completed.add(weight * score, place) }
        for (index, number) in Self.allNumbers.enumerated() {
            if let value = number.of(measure) { numbers[index].add(weight * value, place) }
        }
        serviceCalls.add(weight * Double(measure.serviceCalls), place)
        if measure.serviceCalls > 0 { hasServiceCalls = true }
        for (name, value) in measure.numbers where reported[name] != nil || reported.count < Self.mostReported {
            reported[name, default: ClusteredMean()].add(weight * value, place)
        }
        criticalPaths.append(Float(measure.criticalPathSeconds))
        if let seconds = measure.firstTokenSeconds { firstTokens.append(Float(seconds)) }
    }

    mutating func endItem() {
        if hasItem { items += 1 }
        hasItem = false
        itemScore = 0
        itemGraded = 0
        itemSessions = 0
        for place in itemCosts.indices { itemCosts[place] = 0 }
    }

    /// Share of drawn completions that were cut off.
    var truncatedRate: Double? { draws > 0 ? Double(cutOffDraws) / Double(draws) : nil }

    /// Share of sessions that got all they asked for: neither errors nor served in part.
    var served: Double? { sessions > 0 ? Double(sessions - errors - servedInPart) / Double(sessions) : nil }

    /// A metric by the name gates use.
    func estimate(_ metric: String) -> Estimate? {
        switch metric {
        case "accuracy": score.accuracy
        case "accuracy_all": score.accuracyOfAll
        case "accuracy_strict": score.proportion(strict)
        case "accuracy_completed": score.isWeighted ? nil : completed.proportion()
        case "errors" where sessions > 0:
            Estimate(value: Double(errors), ciLow: nil, ciHigh: nil, stderr: nil, n: items, method: "count")
        case "served":
            served.map {
                Estimate(value: $0, ciLow: nil, ciHigh: nil, stderr: nil, n: items, method: "share of sessions")
            }
        case "truncated_rate":
            truncatedRate.map {
                Estimate(value: $0, ciLow: nil, ciHigh: nil, stderr: nil, n: draws, method: "share of completions")
            }
        case "usd" where sessions > 0:
            usd.map { Estimate(value: $0, ciLow: nil, ciHigh: nil, stderr: nil, n: items, method: "sum") }
        case "service_calls": hasServiceCalls ? serviceCalls.mean() : nil
        case _ where metric.hasPrefix(RunSummary.reportedPrefix):
            reported[String(metric.dropFirst(RunSummary.reportedPrefix.count))]?.mean()
        default: SessionNumber.metrics.first { $0.rawValue == metric }.flatMap(mean)
        }
    }

    /// `nil` where a graded session's number is unknown: the mean of the others would be another arm's.
    private func mean(_ number: SessionNumber) -> Estimate? {
        guard let place = Self.allNumbers.firstIndex(of: number), numbers[place].count == score.answered.count else {
            return nil
        }
        if number == .usd, usd == nil { return nil }
        return numbers[place].mean()
    }

    func summary() -> RunSummary.Arm {
        var metrics: [String: RunSummary.Metric] = [:]
        for name in FurtherMetrics.own.union(["service_calls"]).union(
            reported.keys.map { RunSummary.reportedPrefix + $0 })
        {
            if let estimate = estimate(name) { metrics[name] = RunSummary.Metric(estimate) }
        }
        return RunSummary.Arm(
            id: row.arm.id, oracle: row.arm.isOracle, strategy: row.arm.strategy,
            params: row.parameters, model: row.arm.model,
            level: row.hasLevel ? row.levelValue : nil, items: items, sessions: sessions, errors: errors,
            servedInPart: servedInPart, metrics: metrics, truncatedRate: truncatedRate, extraction: extraction,
            errorKinds: errorKinds,
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
