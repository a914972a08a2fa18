internal import EvalhStatistics
internal import Journal

/// The metrics of a run while its sessions pass by. One that fails is left out and said to have failed; it takes
/// nothing else with it.
struct MetricCollection {
    private var metrics: [any RunMetric]
    private(set) var problems: [String] = []

    init(_ metrics: [any RunMetric]) {
        self.metrics = metrics
    }

    mutating func add(_ session: SessionRecord, _ row: RunRow, fieldsJSON: String) {
        metrics.removeAll { metric in
            do {
                try metric.add(session, row, fieldsJSON: fieldsJSON)
                return false
            } catch {
                problems.append("metric \(metric.id): \(error)")
                return true
            }
        }
    }

    mutating func result() -> [MetricOutput] {
        metrics.flatMap { metric in
            do {
                return try metric.result()
            } catch {
                problems.append("metric \(metric.id): \(error)")
                return []
            }
        }
    }
}

extension [MetricOutput] {
    /// The value of a name for an arm, or for one of its levels.
    func find(_ name: String, arm: String, levelIndex: Int?) -> MetricOutput? {
        first { $0.name == name && $0.arm == arm && $0.levelIndex == levelIndex }
    }
}

extension MetricOutput {
    /// `nil` without a value.
    var estimate: Estimate? {
        guard let value, value.isFinite else { return nil }
        return Estimate(value: value, ciLow: ciLow, ciHigh: ciHigh, stderr: stderr, n: n, method: method)
    }
}
