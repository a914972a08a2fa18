import EvalhPluginKit
import EvalhStatistics
import Glibc

/// ScaleRL's sigmoid of performance against compute.
struct SigmoidMetric: FitMetric {
    struct Parameters: PluginParameters {
        @Parameter(
            "What counts as compute: mean `tokens` or `total_tokens` of a session, its `usd`, or the `level`'s number.")
        var x =
            ComputeAxis.tokens
        @Parameter("The level's key, where x is `level` and levels have several numbers.") var key = ""
        @Parameter(
            "R₀, performance without compute; below 0: the score of the smallest budget, less a hair.", range: -1...1)
        var start =
            -1.0
        @Parameter("Resamples of items for intervals; 0: none.", range: 0...100_000) var resamples = 200
    }

    static let descriptor = Descriptor(
        id: "sigmoid", version: "1.0.0", title: "Sigmoid compute–performance curve with its asymptote",
        description: """
            Fits `R(C) = R₀ + (A − R₀) / (1 + (C_mid/C)^B)` to the mean accuracy at each level by least squares \
            weighted with the number of items: A in (R₀, 1], B in [0.1, 10], C_mid between the smallest budget and ten \
            times the largest. R₀ is the parameter
            `start`, or what the smallest budget scores.

            - `sigmoid`: A, the asymptote; `sigmoid_exponent`: B; `sigmoid_middle`: C_mid, where half of the gain is
              reached.
            - `sigmoid_held_out_error`: the fit without the largest budget, less what that budget scored; the detail's \
            notes compare with a line in ln C and a power law fitted to the same points. It needs five levels.
            - Intervals are percentiles of a bootstrap over items.
            - Refused with fewer than four different budgets, or where nothing scores above R₀. A parameter on its \
            limit is named in the notes: then the curve has not bent yet, and the asymptote is a guess.
            """,
        source: "Khatri et al. 2025, The Art of Scaling Reinforcement Learning Compute for LLMs (ScaleRL), eq. 1",
        needs: .levels,
        outputs: ["sigmoid", "sigmoid_exponent", "sigmoid_middle", "sigmoid_held_out_error"])

    static let leastLevels = 4

    private let parameters: Parameters
    let seed: UInt64
    var curves: ArmCurves
    var resamples: Int { parameters.resamples }

    init(parameters: Parameters, seed: UInt64) {
        self.parameters = parameters
        self.seed = seed
        curves = ArmCurves(axis: parameters.x, key: parameters.key)
    }

    private func start(_ points: [LevelPoint]) -> Double {
        if parameters.start >= 0 { return parameters.start }
        return max(0, (points.min { $0.x < $1.x }?.y ?? 0) - 1e-6)
    }

    private func law(_ points: [LevelPoint], near: SigmoidLaw? = nil) -> (law: SigmoidLaw, onBound: [String])? {
        SigmoidLaw.fit(
            compute: points.map(\.x), performance: points.map(\.y), weights: points.map(\.weight), start: start(points),
            near: near)
    }

    func fit(_ points: [LevelPoint], _ first: FittedCurve?) -> FittedCurve? {
        let near = first.map {
            SigmoidLaw(
                start: 0, asymptote: $0.parameters[1].value, exponent: $0.parameters[2].value,
                middle: $0.parameters[3].value)
        }
        guard let (law, onBound) = law(points, near: near) else { return nil }
        var numbers = [("sigmoid", law.asymptote), ("sigmoid_exponent", law.exponent), ("sigmoid_middle", law.middle)]
        var notes = onBound.map { "\($0) ends on its limit" }
        if let held = heldOut(points, near: near) {
            numbers.append(("sigmoid_held_out_error", held.sigmoid))
            notes.append(
                """
                held out, the largest budget is missed by \(held.sigmoid) (sigmoid), \(held.line) (line in ln C), \
                \(held.power) (power law)
                """
            )
        }
        return FittedCurve(
            numbers: numbers.map { ($0.0, $0.1) },
            parameters: [("R_0", law.start), ("A", law.asymptote), ("B", law.exponent), ("C_mid", law.middle)],
            formula: "R(C) = R_0 + (A − R_0)/(1 + (C_mid/C)^B)", notes: notes, parameterCount: 3, at: { law.value($0) })
    }

    /// What fits without the largest budget say of it, less what it scored.
    private func heldOut(_ points: [LevelPoint], near: SigmoidLaw?) -> (sigmoid: Double, line: Double, power: Double)? {
        let ordered = points.sorted { $0.x < $1.x }
        guard let last = ordered.last, ordered.count >= 5, let (law, _) = law(ordered.dropLast(), near: near) else {
            return nil
        }
        let rest = ordered.dropLast().filter { $0.x > 0 }
        let logs = rest.map { [1, log($0.x)] }
        func predict(_ values: [Double], _ back: (Double) -> Double) -> Double {
            guard let line = LinearSystem.regression(logs, values, weights: rest.map(\.weight)) else { return .nan }
            return back(line[0] + line[1] * log(last.x)) - last.y
        }
        return (
            law.value(last.x) - last.y, predict(rest.map(\.y)) { $0 },
            predict(rest.map { log(max(1e-6, 1 - $0.y)) }) { 1 - exp($0) }
        )
    }
}
