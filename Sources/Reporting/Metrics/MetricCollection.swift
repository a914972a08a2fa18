internal import Completions
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

    /// All numbers. A metric that gives what is the host's own, or what stands there already, is left out.
    mutating func result() -> [MetricOutput] {
        var places: [Place: String] = [:]
        return metrics.flatMap { metric -> [MetricOutput] in
            do {
                let outputs = try metric.result()
                var own: Set<Place> = []
                for output in outputs {
                    let place = Place(name: output.name, arm: output.arm, levelIndex: output.levelIndex)
                    if HostNumbers.contains(output.name) {
                        throw MetricClash("gives `\(output.name)`, which is a number of evalh's own")
                    }
                    if let other = places[place] {
                        throw MetricClash(
                            "gives `\(place)`, as the metric \(other) does; give each a `name` in the suite")
                    }
                    guard own.insert(place).inserted else { throw MetricClash("gives `\(place)` twice") }
                }
                for place in own { places[place] = metric.id }
                return outputs
            } catch {
                problems.append("metric \(metric.id): \(error)")
                return []
            }
        }
    }

    /// Where a number stands.
    private struct Place: Hashable, CustomStringConvertible {
        var name: String
        var arm: String
        var levelIndex: Int?

        var description: String {
            arm.isEmpty ? name : "\(name)(\(arm))" + (levelIndex.map { " of level \($0)" } ?? "")
        }
    }
}

/// Numbers of a metric that cannot stand beside others.
private struct MetricClash: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
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
