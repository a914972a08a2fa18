internal import Foundation

/// Numbers for people.
package enum Numbers {
    package static func percent(_ value: Double?) -> String {
        value.map { String(format: "%.1f%%", $0 * 100) } ?? "–"
    }

    package static func interval(_ metric: RunSummary.Metric?) -> String {
        guard let metric else { return "–" }
        guard let low = metric.ciLow, let high = metric.ciHigh else { return percent(metric.value) }
        return String(format: "%.1f%% [%.1f, %.1f]", metric.value * 100, low * 100, high * 100)
    }

    package static func tokens(_ value: Double?) -> String {
        guard let value else { return "–" }
        return value < 100 ? String(format: "%.1f", value) : String(format: "%.0f", value)
    }

    package static func seconds(_ value: Double?) -> String {
        guard let value else { return "–" }
        return value < 0.01 ? String(format: "%.1f ms", value * 1000) : String(format: "%.2f s", value)
    }

    package static func usd(_ value: Double?) -> String {
        value.map { String(format: "$%.4f", $0) } ?? "–"
    }

    package static func signedPoints(_ value: Double) -> String { String(format: "%+.1f", value * 100) }

    static func probability(_ value: Double?) -> String {
        guard let value else { return "–" }
        return value < 0.001 ? "< 0.001" : String(format: "%.3f", value)
    }
}
