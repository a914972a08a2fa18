internal import Foundation

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
    mutating func take(_ outputs: [MetricOutput], description: RunDescription) {
        for output in outputs {
            guard let arm = description.arms.first(where: { $0.id == output.arm }) else {
                if output.arm.isEmpty, let estimate = output.estimate {
                    metrics[output.name] = Metric(estimate, output.detail)
                }
                continue
            }
            let level = arm.levels.first { $0.index == output.levelIndex ?? -1 }
            let value = level.flatMap { $0.levelJSON.isEmpty ? nil : JSONValue(parsing: $0.levelJSON) }
            if level != nil, let estimate = output.estimate,
                let row = arms.firstIndex(where: { $0.id == arm.id && $0.level == value })
            {
                arms[row].metrics[output.name] = Metric(estimate, output.detail)
            } else if output.levelIndex == nil {
                scaling.append(
                    Scaling(
                        arm: arm.id, metric: output.name, value: output.estimate?.value, ciLow: output.ciLow,
                        ciHigh: output.ciHigh,
                        levels: arm.levels.map { JSONValue(parsing: $0.levelJSON) }.filter { $0 != .null },
                        items: output.n,
                        detail: output.detail))
            }
        }
    }
}

extension RunSummary.Scaling {
    /// For people: the value with its interval, or why there is none.
    package var shown: String {
        guard let value else {
            if case .object(let fields) = detail, case .string(let reason)? = fields["refused"] {
                return "refused: \(reason)"
            }
            return "–"
        }
        guard let ciLow, let ciHigh else { return String(format: "%.4g", value) }
        return String(format: "%.4g [%.4g, %.4g]", value, ciLow, ciHigh)
    }
}
