internal import Completions
internal import Foundation

/// What metric plugins say of arms and levels, as a table beside the one of accuracy and cost.
package struct FurtherMetrics {
    /// Columns at most; all values are in `summary.json`.
    static let most = 8
    /// What the host itself measures, and shows elsewhere.
    static let own: Set<String> = Set(
        ["accuracy", "accuracy_all", "accuracy_completed", "accuracy_strict"] + SessionNumber.metrics.map(\.rawValue))

    package struct Row {
        package var arm: String
        package var level: String
        /// One for each name; `nil`: none.
        package var values: [RunSummary.Metric?]
    }

    package let names: [String]
    package let rows: [Row]

    package init(_ arms: [RunSummary.Arm]) {
        let names = Set(arms.flatMap { $0.metrics.filter { $0.value.value.isFinite }.keys }).subtracting(Self.own)
            .sorted().prefix(
                Self.most)
        self.names = Array(names)
        rows = arms.compactMap { arm in
            let values = names.map { arm.metrics[$0] }
            return values.contains { $0?.value.isFinite == true }
                ? Row(arm: arm.title, level: arm.level?.label ?? "", values: values) : nil
        }
    }

    /// For people: "0.713", or "–".
    package static func shown(_ metric: RunSummary.Metric?) -> String { metric.map { number($0.value) } ?? "–" }

    /// The same with its interval.
    static func interval(_ metric: RunSummary.Metric?) -> String {
        guard let metric, let low = metric.ciLow, let high = metric.ciHigh else { return shown(metric) }
        return "\(shown(metric)) [\(number(low)), \(number(high))]"
    }

    private static func number(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        // What is nothing but rounding reads as nothing.
        return abs(value) < 1e-12 ? "0" : String(format: "%.4g", value)
    }
}
