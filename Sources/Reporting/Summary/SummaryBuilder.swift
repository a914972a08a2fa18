internal import Completions
package import EvalhStatistics
internal import Foundation
internal import JSON
package import Journal
internal import Measurement

/// Makes `summary.json`'s content from a journal in one pass, without holding its sessions.
package struct SummaryBuilder {
    /// More rows than this are compared with the first row only.
    static let maxRowsForAllPairs = 16

    private let description: RunDescription
    private let allocation: AllocationRecord?
    private var metrics: MetricCollection
    private var outputs: [MetricOutput] = []
    private var rows: [ArmAccumulator] = []
    private let places: RunRows
    private var pairs: [[Int]: PairAccumulator] = [:]
    /// With failed sessions as wrong.
    private var pairsOfAll: [[Int]: PairAccumulator] = [:]
    private var failures = FailureTally()
    private var fields: [FieldTally] = []
    private var frontier = FrontierResampling(rows: 0)
    private var currentItem: Int?
    /// Of questions that several rows ask, the item that ran first.
    private var firstItems: [Int: Int] = [:]
    private var judging: JudgingAccumulator?

    /// - Parameters:
    ///   - metrics: beside the built-in ones.
    ///   - allocation: what an allocator decided.
    package init(_ description: RunDescription, metrics: [any RunMetric] = [], allocation: AllocationRecord? = nil) {
        self.description = description
        self.allocation = allocation
        self.metrics = MetricCollection(metrics)
        places = RunRows(description)
        rows = places.all.map(ArmAccumulator.init)
        fields = description.fields.map { [rows] in FieldTally($0, rows: rows.count) }
        frontier = FrontierResampling(rows: rows.count)
        judging = description.judge.map { JudgingAccumulator($0, rows: rows.count, seed: description.seed) }
        let all = rows.count <= Self.maxRowsForAllPairs
        for a in rows.indices {
            for b in rows.indices where b > a && (all || a == 0) { pairs[[a, b]] = PairAccumulator() }
        }
        pairsOfAll = pairs
    }

    /// Sessions must come item by item, as the journal gives them.
    /// - Parameter fieldsJSON: the item's fields; looked at where results by a field are wanted, and shown to metrics.
    package mutating func add(_ record: SessionRecord, fieldsJSON: String = "{}") {
        let item = record.key.item
        if let current = currentItem, current != item { endItem() }
        currentItem = item
        guard let row = places[record.key] else { return }
        // Plugins' metrics know nothing of rows that share samples: they are shown each question once.
        if isFirstOfQuestion(item) { metrics.add(record, row, fieldsJSON: fieldsJSON) }
        if let error = record.error { failures.add(error, row: row.index) }
        let place = ItemPlace(
            item: item, question: description.repeated.question(of: item), isShared: description.repeated.isShared(item)
        )
        let weight = weight(of: item)
        judging?.add(record, row: row.index, place)
        rows[row.index].add(record, weight: weight, place)
        for index in fields.indices {
            fields[index].add(record, weight: weight, place, row: row.index) { JSONValue(parsingOrNull: fieldsJSON) }
        }
    }

    /// Whether no earlier item of those that ran asks what this one asks.
    private mutating func isFirstOfQuestion(_ item: Int) -> Bool {
        guard description.repeated.isShared(item) else { return true }
        let question = description.repeated.question(of: item)
        let first = firstItems[question] ?? item
        firstItems[question] = first
        return first == item
    }

    /// How much an item counts in means.
    private func weight(of item: Int) -> Double? {
        guard let weights = allocation?.weights, !weights.isEmpty else { return 1 }
        return weights[item]
    }

    private mutating func endItem() {
        guard let item = currentItem else { return }
        let scores = rows.map(\.currentItemScore)
        let scoresOfAll = rows.map(\.currentItemScoreOfAll)
        let shared = description.repeated.isShared(item) ? description.repeated.question(of: item) : nil
        for key in pairs.keys {
            if let a = scores[key[0]], let b = scores[key[1]] { pairs[key]?.add(a, b, shared: shared) }
            if let a = scoresOfAll[key[0]], let b = scoresOfAll[key[1]] {
                pairsOfAll[key]?.add(a, b, shared: shared)
            }
        }
        // A second row would draw its question twice.
        if isFirstOfQuestion(item) { frontier.add(rows.map(\.currentItemCell)) }
        for index in rows.indices { rows[index].endItem() }
    }

    /// - Parameters:
    ///   - paid: what the journal says was paid.
    ///   - allocated: the allocator's own numbers.
    package mutating func finish(paid: PaidTotals, allocated: [MetricOutput] = []) -> RunSummary {
        endItem()
        currentItem = nil
        for key in pairs.keys {
            pairs[key] = pairs[key]?.closed
            pairsOfAll[key] = pairsOfAll[key]?.closed
        }
        let done = rows.reduce(0) { $0 + $1.sessions }
        let hasErrors = rows.contains { $0.errors > 0 }
        let isPriced = rows.allSatisfy { $0.sessions == 0 || $0.usd != nil }
        outputs = metrics.result() + allocated
        let gates = description.gates.map { evaluate($0) }
        let planned = allocation.map { $0.isComplete ? $0.sessions : Int.max } ?? description.sessionsPlanned
        var summary = RunSummary(
            suite: description.suite, runID: description.runID,
            status: done < planned
                ? .incomplete : (hasErrors && rows.allSatisfy { $0.errors == $0.sessions } ? .failed : .complete),
            dataset: .init(
                name: description.datasetName, sha256: description.datasetDigest, items: description.itemCount),
            arms: rows.map { $0.summary() }, comparisons: comparisons(), gates: gates,
            paid: .init(tokens: paid.usage, usd: isPriced ? paid.usd : nil), provenance: description.provenance)
        summary.take(outputs, places)
        summary.addCertainty(frontier.results(seed: description.seed, isOracle: rows.map(\.row.arm.isOracle)))
        if let judging { summary.take(judging) }
        summary.problems = metrics.problems
        leaveOut(&summary)
        let names = rows.indices.map(name)
        summary.failures = failures.summary(names)
        summary.fields = fields.map { $0.summary(names) }
        if !description.repeated.isEmpty {
            summary.repeatedRows = .init(rows: description.repeated.rows, questions: description.repeated.questions)
        }
        summary.allocation = allocation.map {
            .init(
                allocator: $0.allocator, sessions: $0.sessions, rounds: $0.rounds, reason: $0.reason,
                weighted: !$0.weights.isEmpty)
        }
        return summary
    }

    /// Marks the rows that the run went on without.
    private func leaveOut(_ summary: inout RunSummary) {
        let planned = description.sessionsPlanned / max(1, rows.count)
        for (index, row) in rows.enumerated() {
            guard let left = description.leftOut.first(where: { $0.arm == row.row.arm.id }) else { continue }
            let lacks = allocation == nil ? planned - row.sessions : nil
            guard lacks != 0 else { continue }
            summary.arms[index].leftOut = .init(reason: left.reason, fault: left.isFault, sessions: lacks)
        }
    }

    private func name(_ row: Int) -> String { places.all[row].name.description }

    /// Every row against the first.
    private func comparisons() -> [RunSummary.Comparison] {
        var all = rows.indices.dropFirst().compactMap { row -> RunSummary.Comparison? in
            guard let pair = pairs[[0, row]], let difference = pair.combination(-1, 1) else { return nil }
            let isExact = pair.isBinary && description.repeats == 1
            let pValue = isExact ? McNemar.exact(aOnly: pair.bOnly, bOnly: pair.aOnly) : pairedPValue(difference)
            return RunSummary.Comparison(
                metric: "accuracy", a: name(row), b: name(0), difference: difference.value, ciLow: difference.ciLow,
                ciHigh: difference.ciHigh,
                pValue: pValue, test: isExact ? "exact McNemar" : "paired t over items", n: difference.n,
                flips: .init(aOnly: pair.bOnly, bOnly: pair.aOnly),
                detectable: difference.stderr.flatMap { Power.smallestEffect(stderr: $0) })
        }
        for (index, adjusted) in Holm.adjusted(all.map(\.pValue)).enumerated() { all[index].pAdjusted = adjusted }
        return all
    }

    private func pairedPValue(_ difference: Estimate) -> Double? {
        guard let stderr = difference.stderr, difference.n > 1 else { return nil }
        guard stderr > 0 else { return difference.value == 0 ? 1 : nil }
        return 2 * (1 - StudentT.cdf(abs(difference.value) / stderr, degreesOfFreedom: Double(difference.n - 1)))
    }

    private func evaluate(_ text: String) -> RunSummary.GateOutcome {
        let result = Gate.evaluate(text, metrics: self)
        return RunSummary.GateOutcome(text: text, verdict: result.verdict.rawValue, detail: result.detail)
    }

    private func row(_ arm: String, _ level: String?) -> Int? {
        places.all.firstIndex { $0.arm.id == arm && $0.name.isAt(level: level) }
    }
}

extension SummaryBuilder: GateMetrics {
    package func estimate(metric: String, arm: String, level: String?) -> Estimate? {
        if let index = row(arm, level) {
            let own = outputs.find(metric, arm: arm, levelIndex: places.all[index].levelIndex)
            return rows[index].estimate(metric) ?? own?.estimate ?? ofJudge(metric, index) ?? ofRun(metric)
        }
        return level == nil ? outputs.find(metric, arm: arm, levelIndex: nil)?.estimate ?? ofRun(metric) : nil
    }

    /// What a judge makes of a row.
    private func ofJudge(_ metric: String, _ row: Int) -> Estimate? {
        JudgedMetric(rawValue: metric).flatMap { judging?.estimate($0, row) }
    }

    /// A number about the run as a whole, which gates may ask of any arm.
    private func ofRun(_ metric: String) -> Estimate? {
        outputs.find(metric, arm: "", levelIndex: nil)?.estimate
    }

    package func pairedDifference(
        metric: String, a: (arm: String, level: String?), b: (arm: String, level: String?), weightA: Double,
        weightB: Double
    ) -> Estimate? {
        guard let first = row(a.arm, a.level), let second = row(b.arm, b.level), first != second else { return nil }
        let pairs: [[Int]: PairAccumulator]
        switch metric {
        case "accuracy": pairs = self.pairs
        case "accuracy_all": pairs = pairsOfAll
        default: return nil
        }
        if let pair = pairs[[first, second]] { return pair.combination(weightA, weightB) }
        return pairs[[second, first]]?.combination(weightB, weightA)
    }
}
