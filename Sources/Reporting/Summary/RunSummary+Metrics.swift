internal import Foundation
internal import JSON

extension RunSummary {
    /// What decided which sessions ran.
    package struct Allocation: Codable, Sendable {
        /// The allocator's id.
        package var allocator: String
        package var sessions: Int
        package var rounds: Int
        /// Why the run ended, or why its last round was as it was.
        package var reason: String
        /// Items were chosen with unequal chances: means are weighted so that they stand for all items.
        package var weighted: Bool
    }

    /// Puts metrics' numbers where they belong: those of a level or of an arm without levels to the arm; those of a
    /// whole arm with levels, and those that have no value but say why, to `scaling`; the others to `metrics`.
    ///
    /// `arms` are still those of `rows`, in their order.
    mutating func take(_ outputs: [MetricOutput], _ rows: RunRows) {
        for output in outputs {
            let levels = rows.all.filter { $0.arm.id == output.arm }
            guard !levels.isEmpty else {
                if output.arm.isEmpty, let estimate = output.estimate {
                    metrics[output.name] = Metric(estimate, output.detail)
                }
                continue
            }
            if let row = levels.first(where: { $0.levelIndex == output.levelIndex }), let estimate = output.estimate {
                arms[row.index].metrics[output.name] = Metric(estimate, output.detail)
            } else if output.levelIndex == nil {
                scaling.append(
                    Scaling(
                        arm: output.arm, metric: output.name, value: output.estimate?.value, ciLow: output.ciLow,
                        ciHigh: output.ciHigh, levels: levels.map(\.levelValue).filter { $0 != .null },
                        items: output.n, detail: output.detail))
            }
        }
    }
}

extension RunSummary.Scaling {
    /// For people: the value with its interval, or why there is none.
    package var shown: String {
        guard let value else {
            if let reason = detail["refused"]?.string {
                return "refused: \(reason)"
            }
            return "–"
        }
        guard let ciLow, let ciHigh else { return String(format: "%.4g", value) }
        return String(format: "%.4g [%.4g, %.4g]", value, ciLow, ciHigh)
    }
}
