internal import Completions
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

    /// Three digits that count, however small: what one session costs.
    package static func smallUSD(_ value: Double?) -> String {
        guard let value else { return "–" }
        guard value > 0, value < 1 else { return String(format: "$%.2f", value) }
        return String(format: "$%.\(min(9, 2 - Int(floor(log10(value)))))f", value)
    }

    /// A session's number in its unit.
    static func shown(_ value: Double, _ number: SessionNumber) -> String {
        switch number {
        case .tokens, .totalTokens, .samples: tokens(value)
        case .usd: smallUSD(value)
        case .criticalPath: seconds(value)
        default: short(value)
        }
    }

    /// A tick of an axis: 0.05, 2, 500, 20k, 1.5M.
    static func short(_ value: Double) -> String {
        guard value > 0 else { return "0" }
        for (from, unit, suffix) in [
            (1e15, 1e15, "P"), (1e12, 1e12, "T"), (1e9, 1e9, "G"), (1e6, 1e6, "M"), (1e4, 1e3, "k"),
        ]
        where value >= from * 0.999_999 {
            return trimmed(value / unit, decimals: 2) + suffix
        }
        return trimmed(value, decimals: max(0, min(9, 1 - Int(floor(log10(value) + 1e-9)))))
    }

    private static func trimmed(_ value: Double, decimals: Int) -> String {
        var text = String(format: "%.\(decimals)f", value)
        guard text.contains(".") else { return text }
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    package static func signedPoints(_ value: Double) -> String { String(format: "%+.1f", value * 100) }

    static func points(_ value: Double) -> String { String(format: "%.1f", value * 100) }

    static func probability(_ value: Double?) -> String {
        guard let value else { return "–" }
        return value < 0.001 ? "< 0.001" : String(format: "%.3f", value)
    }
}
