import EvalhPluginKit
import EvalhStatistics

struct CostPerPass: Metric {
    struct Parameters: PluginParameters {
        @Parameter("What a session costs.") var cost = Cost.tokens
        @Parameter("A session passes if its score is at least this.", range: 0...1) var rightFrom = 1.0
        @Parameter(
            "What a person who is always right costs an item, in the same unit; part of the frontier.", range: 0...1e18)
        var humanCost: Double? = nil
    }

    static let descriptor = Descriptor(
        id: "cost-of-pass", version: "1.0.0", title: "What a right answer costs, for each arm and at the frontier",
        description: """
            - `cost_of_pass`, for each level of each arm: mean cost of a session / share of sessions that pass, so \
            what is spent for one right answer. A ratio of means over all items. Where nothing passes it is infinite: \
            no value, and `infinite` in the detail. The detail also has how many items never pass, and the mean of the \
            items' own cost of pass over those that do.
            - `cost_of_pass_frontier`, for the run: for each item the least cost of pass of any level of any arm, and \
            of a person at `human_cost` if given; the mean over items. Infinite as soon as nobody gets one item right. \
            Choosing the arm for each item by what it scored there, it is a limit that no single choice reaches, and \
            lies low where repeats are few.

            `cost` is `tokens` (generated, default), `total_tokens`, `usd`, `seconds` of the critical path, or \
            `eflops`. A session of unknown cost is an error that names the arm. A session passes with a score of at \
            least `right_from`. Failed sessions
            are left out and counted.

            Intervals: of `cost_of_pass` percentiles of the bootstrap over items, without an upper end where too many \
            resamples have nothing that passes; of the frontier Student's t over items.
            """,
        source:
            """
            Erol et al. 2025, Cost-of-Pass: An Economic Framework for Evaluating Language Models, arXiv:2504.13359, §2
            """,
        outputs: ["cost_of_pass", "cost_of_pass_frontier"])

    private let parameters: Parameters
    private let seed: UInt64
    private var levels = ArmLevelTable<(totals: ItemTotals, errors: Int)>()

    init(parameters: Parameters, seed: UInt64) {
        self.parameters = parameters
        self.seed = seed
    }

    mutating func add(_ row: SessionRow) throws {
        guard let score = row.score else {
            levels[row.armLevel, default: (ItemTotals(), 0)].errors += 1
            return
        }
        let cost = try parameters.cost.of(row)
        levels[row.armLevel, default: (ItemTotals(), 0)].totals.add(
            item: row.item, score: score >= parameters.rightFrom ? 1 : 0, amount: cost)
    }

    func result() -> [MetricValue] {
        let all = levels.all
        return all.map { value(of: $0.key, $0.value.totals, errors: $0.value.errors) }
            + frontier(all.map(\.value.totals.totals))
    }

    private func value(of key: ArmLevel, _ totals: ItemTotals, errors: Int) -> MetricValue {
        let name = "cost_of_pass"
        let sums = totals.sums()
        guard sums.sessions > 0 else {
            return .refused(name, of: key, "no session was graded", detail: [.init("errors", .integer(errors))])
        }
        let passed = totals.totals.filter { $0.score > 0 }.map {
            CostOfPass.value(cost: $0.meanAmount, success: $0.meanScore)
        }
        let detail: [JSONValue.Member] = [
            .init("cost", .string(parameters.cost.rawValue)), .init("mean_cost", .double(sums.amount / sums.sessions)),
            .init("success", .double(sums.score / sums.sessions)),
            .init("items_never_passed", .integer(totals.totals.count - passed.count)),
            .init("mean_over_passed_items", CostOfPass.mean(passed).map(JSONValue.double) ?? .null),
            .init("errors", .integer(errors)),
        ]
        guard sums.score > 0 else {
            return .refused(
                name, of: key, "nothing passes: a right answer costs infinitely much",
                detail: [.init("infinite", .bool(true))] + detail)
        }
        var estimate = EvalhStatistics.Estimate(
            sums.amount / sums.score, percentilesOf: nil, items: totals.totals.count)
        if let inverse = totals.scorePerAmount(seed: seed) {
            // Passes per cost always exist; the interval is turned over with them.
            estimate.ciLow = inverse.ciHigh.flatMap { $0 > 0 ? 1 / $0 : nil }
            estimate.ciHigh = inverse.ciLow.flatMap { $0 > 0 ? 1 / $0 : nil }
            estimate.method = inverse.method
        }
        return MetricValue(name, of: key, estimate, detail: detail)
    }

    private func frontier(_ levels: [[ItemTotals.Total]]) -> [MetricValue] {
        let human = parameters.humanCost ?? .infinity
        var best: [Int: Double] = [:]
        var order: [Int] = []
        for total in levels.joined() {
            if best[total.item] == nil { order.append(total.item) }
            let cost = CostOfPass.frontier([(cost: total.meanAmount, success: total.meanScore)], human: human)
            best[total.item] = min(best[total.item] ?? .infinity, cost)
        }
        let costs = order.compactMap { best[$0] }
        guard !costs.isEmpty else { return [] }
        let never = costs.count { $0 == .infinity }
        var mean = ClusteredMean()
        for (item, cost) in costs.enumerated() where cost < .infinity { mean.add(cost, cluster: item) }
        let detail: [JSONValue.Member] = [
            .init("cost", .string(parameters.cost.rawValue)), .init("items_never_passed", .integer(never)),
            .init("mean_over_passed_items", mean.mean().map { .double($0.value) } ?? .null),
        ]
        let (name, run) = ("cost_of_pass_frontier", ArmLevel(arm: ""))
        guard never == 0, let estimate = mean.mean() else {
            let reason =
                "no arm gets \(never) of \(costs.count) items right: their cost of pass is infinite; see human_cost"
            return [.refused(name, of: run, reason, detail: [.init("infinite", .bool(true))] + detail)]
        }
        return [MetricValue(name, of: run, estimate, detail: detail)]
    }
}
