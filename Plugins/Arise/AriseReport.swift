import EvalhPluginKit
import EvalhStatistics

/// What is said of one arm's curve.
struct AriseReport {
    /// Items that are listed one by one.
    static let maximumItems = 400

    private let parameters: AriseMetric.Parameters
    private let levelCount: Int
    private let items: [AriseCurve.Item]
    private let incomplete: Int
    private let values: [Double]

    init(_ curve: AriseCurve, _ parameters: AriseMetric.Parameters) {
        self.parameters = parameters
        levelCount = curve.levelCount
        items = curve.items.filter { $0.trajectory.levelsPresent >= min(2, curve.levelCount) }
        incomplete = curve.items.count { $0.trajectory.levelsPresent < curve.levelCount }
        values = items.map(\.trajectory.value)
    }

    func values(arm: String, seed: UInt64) -> [MetricValue] {
        guard !items.isEmpty else {
            return [
                MetricValue("arise", arm: arm, value: nil, n: 0, detailJSON: refusal("no item has two graded levels"))
            ]
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let interval =
            values.count > 1 && parameters.resamples > 0
            ? Bootstrap.mean(of: values, resamples: parameters.resamples, seed: seed)?.bca() : nil
        let levels = levelMeans
        let count = items.count
        return [
            MetricValue(
                "arise", arm: arm, value: mean, low: interval?.low, high: interval?.high,
                standardError: Moments(values).standardError,
                n: count, method: interval == nil ? "mean over items" : "BCa bootstrap over items",
                detailJSON: detail(mean, levels).description),
            MetricValue(
                "slope", arm: arm, value: ScalingSlope.ends(levels), n: count,
                method: "of the levels' means, accuracy a token"),
            MetricValue(
                "slope_pairs", arm: arm, value: ScalingSlope.pairs(levels), n: count,
                method: "mean over pairs of levels"),
        ]
    }

    private func refusal(_ text: String) -> String { JSONValue.object([.init("refused", .string(text))]).description }

    /// Means over the items that have a level, of levels that any item has.
    private var levelMeans: [AriseTrajectory.Point] {
        (0..<levelCount).compactMap { level in mean(at: level) }
    }

    private func mean(at level: Int) -> AriseTrajectory.Point? {
        let points = items.compactMap { level < $0.trajectory.points.count ? $0.trajectory.points[level] : nil }
        guard !points.isEmpty else { return nil }
        let count = Double(points.count)
        return .init(
            accuracy: points.reduce(0) { $0 + $1.accuracy } / count, tokens: points.reduce(0) { $0 + $1.tokens } / count
        )
    }

    private func detail(_ mean: Double, _ levels: [AriseTrajectory.Point]) -> JSONValue {
        let moments = Moments(values)
        let steps = items.map(\.trajectory.steps)
        func share(_ test: (AriseCurve.Item) -> Bool) -> JSONValue { .integer(items.count(where: test)) }
        return .object([
            .init("cost", .string(parameters.cost.rawValue)), .init("std", .double(moments.deviation)),
            .init("min", .double(values.min() ?? 0)), .init("max", .double(values.max() ?? 0)),
            .init("levels", .array((0..<levelCount).compactMap(level))), .init("steps", .array(stepRows(steps))),
            .init("items_improved", share { $0.trajectory.steps.contains { $0.change > 0 } }),
            .init("items_degraded", share { $0.trajectory.steps.contains { $0.change < 0 } }),
            .init("items_always_right", share { $0.trajectory.points.allSatisfy { ($0?.accuracy ?? 1) == 1 } }),
            .init("items_always_wrong", share { $0.trajectory.points.allSatisfy { ($0?.accuracy ?? 0) == 0 } }),
            .init(
                "items_mixed",
                share { item in
                    item.trajectory.steps.contains { $0.change > 0 } && item.trajectory.steps.contains { $0.change < 0 }
                }),
            .init("items_incomplete", .integer(incomplete)), .init("negative", negative(steps)), .init("items", listed),
            .init("items_omitted", .integer(max(0, items.count - Self.maximumItems))),
        ])
    }

    private func level(_ index: Int) -> JSONValue? {
        mean(at: index).map {
            .object([
                .init("level_index", .integer(index)), .init("accuracy", .double($0.accuracy)),
                .init("tokens", .double($0.tokens)),
            ])
        }
    }

    /// One for every pair of levels that some item steps between; their contributions add up to the value.
    private func stepRows(_ steps: [[AriseTrajectory.Step]]) -> [JSONValue] {
        var rows: [[Int]: (sum: Double, up: Int, down: Int, same: Int, skipped: Int)] = [:]
        for step in steps.joined() {
            var row = rows[[step.from, step.to]] ?? (0, 0, 0, 0, 0)
            row.sum += step.contribution
            if step.change > 0 { row.up += 1 }
            if step.change < 0 { row.down += 1 }
            if step.change == 0 { row.same += 1 }
            if step.isSkipped { row.skipped += 1 }
            rows[[step.from, step.to]] = row
        }
        return rows.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { key, row in
            .object([
                .init("from", .integer(key[0])), .init("to", .integer(key[1])),
                .init("contribution", .double(row.sum / Double(items.count))),
                .init("improved", .integer(row.up)), .init("degraded", .integer(row.down)),
                .init("unchanged", .integer(row.same)),
                .init("skipped", .integer(row.skipped)),
            ])
        }
    }

    private func negative(_ steps: [[AriseTrajectory.Step]]) -> JSONValue {
        let drops = steps.joined().filter { $0.change < 0 && !$0.isSkipped }
        let count = Double(max(1, drops.count))
        return .object([
            .init("items", .integer(steps.count { $0.contains { $0.change < 0 } })),
            .init("drops", .integer(drops.count)),
            .init("severe", .integer(drops.count { $0.costRatio > parameters.severe })),
            .init("mean_extra_tokens", .double(drops.reduce(0) { $0 + $1.extraTokens } / count)),
            .init("mean_penalty", .double(-drops.reduce(0) { $0 + $1.costRatio } / count)),
        ])
    }

    /// The most negative items first; where there are too many, the middle is left out.
    private var listed: JSONValue {
        let ranked = items.indices.sorted { (values[$0], items[$0].number) < (values[$1], items[$1].number) }
        let half = Self.maximumItems / 2
        let shown = ranked.count <= Self.maximumItems ? ranked[...] : ranked.prefix(half) + ranked.suffix(half)
        return .array(
            shown.map { index in
                let trajectory = items[index].trajectory
                func list(_ read: (AriseTrajectory.Point) -> Double) -> JSONValue {
                    .array(trajectory.points.map { $0.map { .double(read($0)) } ?? .null })
                }
                return .object([
                    .init("item", .integer(items[index].number)), .init("value", .double(values[index])),
                    .init("accuracy", list(\.accuracy)), .init("tokens", list(\.tokens)),
                    .init("contributions", .array(trajectory.steps.map { .double($0.contribution) })),
                ])
            })
    }
}
