import EvalhPluginKit
import EvalhStatistics

/// Samples or rethinks, each trying again what is not solved yet.
enum SaturationMode: String, CaseIterable, ParameterValue {
    case parallel
    case sequential

    var rateName: String { self == .parallel ? "p_sample" : "p_rethink" }
}

/// TTSPM: from which level on another sample is not worth it.
struct SaturationMetric: FitMetric {
    struct Parameters: PluginParameters {
        @Parameter("`parallel` samples or `sequential` rethinks; names the rate.") var mode = SaturationMode.parallel
        @Parameter("ε: a level is saturated where one more brings at most this much accuracy.", above: 0, below: 1)
        var epsilon = 0.01
        @Parameter("The level's key that counts samples, if it has several numbers.") var key = ""
        @Parameter("Resamples of items for intervals; 0: none.", range: 0...100_000) var resamples = 500
    }

    static let descriptor = Descriptor(
        id: "saturation", version: "1.0.0",
        title: "TTSPM: the ceiling of more samples, and where one more is not worth it",
        description: """
            Fits `F(N) = F_max · (1 − (1 − p)^N)` to the mean accuracy at each level N by least squares weighted with \
            the number of items, `F_max` and `p` in (0, 1].

            - `saturation`: N*, the smallest N whose next sample brings at most `epsilon`; `saturation_value`: F(N*); \
            `saturation_f_max`: the ceiling; `saturation_p`: what one more sample finds of what is left; \
            `saturation_observed`: the first measured level from which the next gains less than `epsilon` a sample \
            (none: the last level).
            - Intervals are percentiles of a bootstrap over items; the fit is made again on each resample.
            - Read as two states where right answers may be lost, p_gain = F_max · p and q_loss = p · (1 − F_max) stand
              in the detail's notes.
            - Refused with fewer than three different levels, or where nothing is right. A fit on a limit and a curve
              that falls say so in the notes.
            """,
        source:
            """
            Wang et al. 2025, Scaling over Scaling: Exploring Test-Time Scaling Pareto in Large Reasoning Models \
            (TTSPM)
            """,
        needs: .levels,
        outputs: ["saturation", "saturation_value", "saturation_f_max", "saturation_p", "saturation_observed"])

    static let leastLevels = 3

    private let parameters: Parameters
    let seed: UInt64
    var curves: ArmCurves
    var resamples: Int { parameters.resamples }

    init(parameters: Parameters, seed: UInt64) {
        self.parameters = parameters
        self.seed = seed
        curves = ArmCurves(axis: .level, key: parameters.key)
    }

    func fit(_ points: [LevelPoint], _ first: FittedCurve?) -> FittedCurve? {
        let near = first.map { SaturationLaw(ceiling: $0.parameters[0].value, rate: $0.parameters[1].value) }
        guard
            let (law, onBound) = SaturationLaw.fit(
                n: points.map(\.x), accuracy: points.map(\.y), weights: points.map(\.weight), near: near)
        else { return nil }
        let star = law.saturation(threshold: parameters.epsilon)
        let (gain, loss) = law.gainAndLoss
        return FittedCurve(
            numbers: [
                ("saturation", star), ("saturation_value", law.value(star)), ("saturation_f_max", law.ceiling),
                ("saturation_p", law.rate),
                ("saturation_observed", observed(points)),
            ],
            parameters: [("F_max", law.ceiling), (parameters.mode.rateName, law.rate)],
            formula: "F(N) = F_max·(1 − (1 − \(parameters.mode.rateName))^N)",
            notes: (onBound ? ["the fit ends on a limit of its parameters"] : []) + [
                "as two states: p_gain \(gain), q_loss \(loss)"
            ],
            parameterCount: 2, at: { law.value($0) })
    }

    private func observed(_ points: [LevelPoint]) -> Double {
        let ordered = points.sorted { $0.x < $1.x }
        for (point, next) in zip(ordered, ordered.dropFirst())
        where (next.y - point.y) / (next.x - point.x) < parameters.epsilon {
            return point.x
        }
        return ordered.last?.x ?? .nan
    }
}
