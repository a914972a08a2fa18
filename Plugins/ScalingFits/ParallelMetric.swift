import EvalhPluginKit
import EvalhStatistics
import Glibc

/// ParScale's logarithmic law of parallel samples.
struct ParallelMetric: FitMetric {
    struct Parameters: PluginParameters {
        @Parameter("The level's key that counts samples, if it has several numbers.") var key = ""
        @Parameter("Resamples of items for intervals; 0: none.", range: 0...100_000) var resamples = 500
    }

    static let descriptor = Descriptor(
        id: "parscale", version: "1.0.0", title: "ParScale: the logarithmic law of parallel samples",
        description: """
            Fits two laws to the mean accuracy s at each number N of parallel samples, weighted with the number of \
            items: `s = a + b·ln N`, and ParScale's form on what is missing, `1 − s = c / (k·ln N + 1)^α`, c in (0, \
            1], k in [0, 100], α in [0.01,
            10].

            - `parscale`: b·ln 2, the accuracy that a doubling of N brings; `parscale_k` and `parscale_alpha` of the
              second law, which needs four levels.
            - `parscale_aic_difference`: Akaike's criterion of the line less that of ParScale's form; above 0 the form
              is the better description.
            - Intervals are percentiles of a bootstrap over items. c, k and α trade off against each other: their
              intervals are wide.
            - Refused with fewer than three different levels. The plotted curve is that of the better law.
            """,
        source:
            "Chen et al. 2025, Parallel Scaling Law for Language Models (ParScale), eq. 5 and its parametric_fit.py",
        needs: .levels,
        outputs: ["parscale", "parscale_k", "parscale_alpha", "parscale_aic_difference"])

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
        guard points.allSatisfy({ $0.x > 0 }) else { return nil }
        let (values, weights) = (points.map(\.y), points.map(\.weight))
        guard let line = LinearSystem.regression(points.map { [1, log($0.x)] }, values, weights: weights) else {
            return nil
        }
        let straight = FitQuality(
            values: values, fitted: points.map { line[0] + line[1] * log($0.x) }, weights: weights, parameters: 2)
        var numbers = [("parscale", line[1] * log(2))]
        var fitted = [("a", line[0]), ("b", line[1])]
        guard Set(points.map(\.x)).count >= 4,
            let form = form(points, near: first.flatMap { $0.parameters.count == 5 ? $0.parameters : nil })
        else {
            return FittedCurve(
                numbers: numbers.map { ($0.0, $0.1) }, parameters: fitted.map { ($0.0, $0.1) },
                formula: "s = a + b·ln N",
                parameterCount: 2,
                at: { line[0] + line[1] * log(max($0, 1e-9)) })
        }
        func missing(_ n: Double) -> Double { form[0] / pow(form[1] * log(max(n, 1)) + 1, form[2]) }
        let curved = FitQuality(
            values: values, fitted: points.map { 1 - missing($0.x) }, weights: weights, parameters: 3)
        numbers += [
            ("parscale_k", form[1]), ("parscale_alpha", form[2]),
            ("parscale_aic_difference", straight.aic - curved.aic),
        ]
        fitted += [("c", form[0]), ("k", form[1]), ("alpha", form[2])]
        let isCurved = curved.aic < straight.aic
        return FittedCurve(
            numbers: numbers.map { ($0.0, $0.1) }, parameters: fitted.map { ($0.0, $0.1) },
            formula: isCurved ? "1 − s = c/(k·ln N + 1)^alpha" : "s = a + b·ln N", parameterCount: isCurved ? 3 : 2,
            at: { isCurved ? 1 - missing($0) : line[0] + line[1] * log(max($0, 1e-9)) })
    }

    private func form(_ points: [LevelPoint], near: [(name: String, value: Double)]?) -> [Double]? {
        let roots = points.map { $0.weight.squareRoot() }
        let top = min(1, max(1e-6, 1 - (points.min { $0.x < $1.x }?.y ?? 0)))
        var starts: [[Double]] = []
        if let near { starts = [[near[2].value, near[3].value, near[4].value]] }
        for k in near != nil ? [] : [0.1, 0.5, 2] {
            for alpha in [0.2, 0.5, 1, 2] { starts.append([top, k, alpha]) }
        }
        return LeastSquares(bounds: [.init(1e-9, 1), .init(0, 100), .init(0.01, 10)]).fit(
            starts: starts,
            residuals: { x in
                points.indices.map {
                    roots[$0] * (1 - points[$0].y - x[0] / pow(x[1] * log(max(points[$0].x, 1)) + 1, x[2]))
                }
            })?.parameters
    }
}
