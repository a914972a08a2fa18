import EvalhPluginKit
import EvalhStatistics

struct SelectiveAccuracy: Metric {
    struct Parameters: PluginParameters {
        @Parameter("Shares of sessions to keep, whole percents above 0 and up to 1.") var coverages = [0.5, 0.8]

        func validate() throws {
            for coverage in coverages
            where !(coverage > 0 && coverage <= 1) || abs(coverage * 100 - percent(coverage)) > 1e-6 {
                throw ParameterError(
                    "the parameter coverages has \(coverage); each must be a whole percent from 0.01 to 1, such as 0.8")
            }
            if Set(coverages.map(percent)).count != coverages.count {
                throw ParameterError("the parameter coverages has a number twice")
            }
        }

        var names: [String] { coverages.map { "selective_accuracy_at_\(Int(percent($0)))" } }

        private func percent(_ coverage: Double) -> Double { (coverage * 100).rounded() }
    }

    static let descriptor = Descriptor(
        id: "selective-accuracy", version: "1.0.0", title: "What is gained by leaving the least confident answers out",
        description: """
            Sessions are ordered by falling confidence; the risk at coverage i/n is 1 − the mean score of the i most \
            confident of n. For each level of each arm; no value where no session claims a confidence. Sessions \
            without one are counted apart.

            - `aurc`: the mean risk over all coverages 1/n…1; lower is better.
            - `excess_aurc`: AURC less that of the best possible order, all wrong sessions last: what a poor order \
            costs, whatever the accuracy; 0 is perfect.
            - `selective_accuracy_at_P` for each of `coverages`, P in percent: the mean score of the ⌈coverage · n⌉ most
              confident sessions.

            Ties: sessions of equal confidence have no order; every number is the exact mean over all their orders. A \
            constant confidence therefore has the overall risk as its AURC.

            Interval: percentiles of the bootstrap over items; of an accuracy whose resamples all agree, as when \
            everything kept is right, Wilson's for as many items as are kept. `curve` in the detail of `aurc` holds up \
            to 100 points of coverage
            and accuracy.
            """,
        source:
            """
            Geifman et al. 2018, Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers, arXiv:1805.08206, §2 \
            and §3
            """,
        outputs: ["aurc", "excess_aurc"] + (1...100).map { "selective_accuracy_at_\($0)" })

    private let parameters: Parameters
    private let seed: UInt64
    private var levels = ArmLevelTable<Claims>()

    init(parameters: Parameters, seed: UInt64) {
        self.parameters = parameters
        self.seed = seed
    }

    mutating func add(_ row: SessionRow) { levels[row.armLevel, default: Claims()].add(row) }

    func result() -> [MetricValue] { levels.all.flatMap { values(of: $0.value, $0.key) } }

    private func values(of claims: Claims, _ key: ArmLevel) -> [MetricValue] {
        let names = ["aurc", "excess_aurc"] + parameters.names
        if let reason = claims.refusal { return names.map { .refused($0, of: key, reason, detail: claims.counts) } }
        let items = claims.graded.items
        let risk = SelectiveRisk(claims.graded.groups)
        let numbers = { (summary: SelectiveRisk.Summary) in [summary.area, summary.excessArea] + summary.accuracies }
        let resampled = Bootstrap.several(
            items: items, resamples: Bootstrap.affordableResamples(items: items), seed: seed
        ) {
            numbers(risk.summary(coverages: parameters.coverages, weights: $0))
        }
        let curve = JSONValue.array(risk.curve().map { .array([.double($0.coverage), .double($0.accuracy)]) })
        let observed = numbers(risk.summary(coverages: parameters.coverages))
        return names.indices.map { index in
            let (value, resamples) = (observed[index], resampled[index])
            guard index >= 2 else {
                let detail: [JSONValue.Member] = index == 0 ? [.init("curve", curve)] : []
                return MetricValue(
                    names[index], of: key, .init(value, percentilesOf: resamples, items: items),
                    detail: detail + claims.counts)
            }
            let kept = max(1, (parameters.coverages[index - 2] * Double(items)).rounded())
            return MetricValue(
                names[index], of: key, .init(share: value, of: kept, percentilesOf: resamples, items: items),
                detail: claims.counts)
        }
    }
}
