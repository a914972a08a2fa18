import EvalhPluginKit
import EvalhStatistics

struct Calibration: Metric {
    /// How [0, 1] is divided.
    enum Binning: String, CaseIterable, ParameterValue {
        case width
        case count
    }

    struct Parameters: PluginParameters {
        @Parameter("Bins of confidence.", range: 1...1000) var bins = 10
        @Parameter("Bins of equal width, or of equally many sessions (equal confidences stay in one bin).")
        var binning = Binning.width
    }

    static let descriptor = Descriptor(
        id: "calibration", version: "1.0.0", title: "Whether confidences come true: ECE, MCE and Brier score",
        description: """
            For sessions that claim a confidence c from 0 to 1; others are counted apart \
            (`sessions_without_confidence`). For each level of each arm; no value where no session claims one.

            - `ece`: Σ n_b/n · |accuracy_b − confidence_b| over bins b of confidence. Bins have their upper end and not
              their lower one.
            - `mce`: the largest |accuracy_b − confidence_b| of a bin that has sessions.
            - `brier`: the mean of (c − score)².

            **ECE is biased upwards**: with few sessions a bin misses its confidence by chance alone. \
            `expected_if_calibrated` in the detail is the ECE that perfectly calibrated confidences would show by \
            chance with these bins, `excess` what is left after it. It counts sessions as independent; repeats of an \
            item are not, so it is a lower limit where there are repeats. MCE is
            biased even more.

            Intervals: of ECE and MCE by the bootstrap over items with the bins kept, percentiles less the bootstrap's \
            own bias; of Brier Student's t, clustered by item.
            """,
        source: """
            ECE, MCE: Naeini et al. 2015, AAAI 29; Guo et al. 2017, arXiv:1706.04599, eq. 3 to 5. Brier 1950, Monthly \
            Weather Review 78. Expected if calibrated: after Bröcker and Smith 2007, Weather and Forecasting 22
            """,
        outputs: ["ece", "mce", "brier"])

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
        if let reason = claims.refusal {
            return Self.descriptor.outputs.map { .refused($0, of: key, reason, detail: claims.counts) }
        }
        let graded = claims.graded
        let division =
            switch parameters.binning {
            case .width: ConfidenceBins(equalWidth: parameters.bins)
            case .count: ConfidenceBins(equalCount: parameters.bins, of: graded.groups)
            }
        let error = CalibrationError(graded.groups, bins: division)
        let resampled = Bootstrap.several(
            items: graded.items, resamples: Bootstrap.affordableResamples(items: graded.items), seed: seed
        ) { weights in
            let error = CalibrationError.weighted(graded.groups, bins: division, weights: weights)
            return [error.expected, error.maximum]
        }
        let bins = JSONValue.Member("bins", .array(error.bins.map(Self.json)))
        let chance = CalibrationError.expectedIfCalibrated(graded.groups, bins: division)
        let bias: [JSONValue.Member] = [
            .init("expected_if_calibrated", .double(chance)), .init("excess", .double(error.expected - chance)),
        ]
        var values = [
            MetricValue(
                "ece", of: key, estimate(error.expected, resampled[0], items: graded.items),
                detail: [bins] + bias + claims.counts),
            MetricValue(
                "mce", of: key, estimate(error.maximum, resampled[1], items: graded.items), detail: claims.counts),
        ]
        if let brier = graded.brier.mean() {
            values.append(MetricValue("brier", of: key, brier, detail: [bins] + claims.counts))
        }
        return values
    }

    private func estimate(_ value: Double, _ resampled: BootstrapDistribution?, items: Int) -> EvalhStatistics.Estimate
    {
        var estimate = EvalhStatistics.Estimate(value, percentilesOf: resampled, items: items)
        guard let resampled else { return estimate }
        let bias = resampled.resamples.reduce(0, +) / Double(resampled.resamples.count) - value
        estimate.ciLow = estimate.ciLow.map { max(0, min(value, $0 - bias)) }
        estimate.ciHigh = estimate.ciHigh.map { min(1, max(value, $0 - bias)) }
        estimate.method += ", bias-corrected"
        return estimate
    }

    private static func json(_ bin: CalibrationError.Bin) -> JSONValue {
        .object([
            .init("low", .double(bin.low)), .init("high", .double(bin.high)), .init("count", .integer(bin.count)),
            .init("confidence", .double(bin.confidence)), .init("accuracy", .double(bin.accuracy)),
        ])
    }
}
