import EvalhPluginKit
import EvalhStatistics

/// A curve that was fitted to the levels of an arm.
struct FittedCurve {
    /// Values with their names; the first is the metric's own.
    var numbers: [(name: String, value: Double)]
    /// Its parameters, for the detail.
    var parameters: [(name: String, value: Double)]
    var formula: String
    var notes: [String] = []
    var parameterCount: Int
    var at: (Double) -> Double
}

/// From an arm's levels to a fit's numbers with intervals, or to why there are none.
struct FitReport {
    let name: String
    let arm: String
    let curve: LevelCurve
    let resamples: Int
    let seed: UInt64

    /// - Parameters:
    ///   - least: Levels that are needed.
    ///   - fit: `first` is the fit to all items, where a resample begins; `nil` for that fit itself.
    func values(least: Int, fit: ([LevelPoint], _ first: FittedCurve?) -> FittedCurve?) -> [MetricValue] {
        let points = curve.points()
        if curve.isUnpriced {
            return refused("a model of this arm has no price; give it one in the suite, or take x: tokens")
        }
        guard Set(points.map(\.x)).count >= least else {
            return refused(
                "\(Set(points.map(\.x)).count) different levels with graded sessions; at least \(least) are needed")
        }
        guard let first = fit(points, nil) else {
            return refused("the curve does not fit: it does not rise, or is all 0")
        }
        let names = first.numbers.map(\.name) + first.parameters.map(\.name)
        let drawn = Bootstrap.several(items: curve.itemCount, resamples: resamples, seed: seed) { weights in
            guard let again = fit(curve.points(weights), first) else { return names.map { _ in .nan } }
            return again.numbers.map(\.value) + again.parameters.map(\.value)
        }
        let detail = detail(first, points, Array(drawn.dropFirst(first.numbers.count))).description
        return first.numbers.enumerated().map { place, number in
            let interval = drawn[place]?.percentile()
            return MetricValue(
                number.name, arm: arm, value: number.value, low: interval?.low, high: interval?.high,
                standardError: drawn[place]?.stderr,
                n: curve.itemCount,
                method: interval == nil ? "fit to the levels" : "fit to the levels, bootstrap over items",
                detailJSON: place == 0 ? detail : "")
        }
    }

    private func refused(_ reason: String) -> [MetricValue] {
        [.refused(name, of: ArmLevel(arm: arm), reason)]
    }

    private func detail(_ fitted: FittedCurve, _ points: [LevelPoint], _ drawn: [BootstrapDistribution?]) -> JSONValue {
        let quality = FitQuality(
            values: points.map(\.y), fitted: points.map { fitted.at($0.x) }, weights: points.map(\.weight),
            parameters: fitted.parameterCount)
        let (low, high) = (points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 1)
        let steps = 60
        let line = (0...steps).map { step -> JSONValue in
            let x = low + (high - low) * Double(step) / Double(steps)
            return .array([.double(x), .double(fitted.at(x))])
        }
        var notes = fitted.notes
        if zip(points, points.dropFirst()).contains(where: { $1.x > $0.x && $1.y < $0.y }) {
            notes.append("accuracy falls between levels")
        }
        return .object([
            .init("x", .string(curve.axis == .level ? (curve.key.isEmpty ? "level" : curve.key) : curve.axis.rawValue)),
            .init("points", .array(points.map(point))), .init("curve", .array(line)),
            .init(
                "parameters",
                .object(
                    zip(fitted.parameters, drawn).map { parameter, drawn in
                        let interval = drawn?.percentile()
                        return .init(
                            parameter.name,
                            .object([
                                .init("value", .double(parameter.value)),
                                .init("ci_low", interval.map { .double($0.low) } ?? .null),
                                .init("ci_high", interval.map { .double($0.high) } ?? .null),
                            ]))
                    })),
            .init("r2", quality.rSquared.map { .double($0) } ?? .null), .init("rmse", .double(quality.rmse)),
            .init("formula", .string(fitted.formula)), .init("notes", .array(notes.map { .string($0) })),
        ])
    }

    private func point(_ point: LevelPoint) -> JSONValue {
        var mean = ClusteredMean()
        for (item, score) in curve.scores(of: point.index).enumerated() { mean.add(score, cluster: item) }
        let estimate = mean.proportion()
        return .object([
            .init("level_index", .integer(point.index)), .init("x", .double(point.x)), .init("y", .double(point.y)),
            .init("ci_low", estimate?.ciLow.map { .double($0) } ?? .null),
            .init("ci_high", estimate?.ciHigh.map { .double($0) } ?? .null),
            .init("n", .integer(Int(point.weight))),
        ])
    }
}

/// The curves of all arms while rows pass by.
struct ArmCurves {
    private var order: [String] = []
    private var curves: [String: LevelCurve] = [:]
    let axis: ComputeAxis
    let key: String

    init(axis: ComputeAxis, key: String) {
        self.axis = axis
        self.key = key
    }

    mutating func add(_ row: SessionRow) {
        guard row.levelIndex != nil else { return }
        if curves[row.arm] == nil {
            order.append(row.arm)
            curves[row.arm] = LevelCurve(axis: axis, key: key)
        }
        curves[row.arm]?.add(row)
    }

    var all: [(arm: String, curve: LevelCurve)] { order.compactMap { arm in curves[arm].map { (arm, $0) } } }
}
