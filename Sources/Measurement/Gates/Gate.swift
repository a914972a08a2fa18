internal import Completions
package import EvalhStatistics
internal import Foundation

/// Three-valued: noise is neither a pass nor a failure.
package enum Verdict: String, Codable, Sendable {
    case pass, fail, inconclusive
}

package struct GateResult: Hashable, Sendable {
    package var text: String
    package var verdict: Verdict
    /// A sentence with numbers, interval and items.
    package var detail: String
}

/// Where gates get their numbers.
package protocol GateMetrics {
    func estimate(metric: String, arm: String, level: String?) -> Estimate?
    /// weightA · a + weightB · b over the items both have, with the interval of the paired difference; `nil`: not
    /// paired.
    func pairedDifference(
        metric: String, a: (arm: String, level: String?), b: (arm: String, level: String?), weightA: Double,
        weightB: Double
    ) -> Estimate?
}

/// A condition such as `accuracy(ac) >= accuracy(sc8) - 0.02`.
///
/// The difference of both sides has a 95 % interval if the metrics have one. The gate passes if the whole interval is
/// on the right side, fails if the whole interval is on the wrong one, and is inconclusive in between. Two arms are
/// compared item by item. Counts and shares without sampling error of their own (errors, served, truncated_rate,
/// usd) are compared as they are.
package enum Gate {
    package static let metrics =
        ["accuracy", "accuracy_all", "accuracy_strict", "accuracy_completed"] + SessionNumber.metrics.map(\.rawValue)
        + [
            "errors", "served", "truncated_rate", "usd",
        ]

    /// All mistakes in a gate's text.
    /// - Parameter further: Names of metrics beside the built-in ones.
    package static func mistakes(in text: String, arms: [String], metrics further: [String] = []) -> [GateSyntaxError] {
        var parser = GateParser(text)
        do throws(GateSyntaxError) {
            let comparison = try parser.parse()
            let references = (comparison.left.terms + comparison.right.terms).map(\.reference)
            guard !references.isEmpty else {
                return [
                    GateSyntaxError(
                        offset: 0, length: text.unicodeScalars.count, message: "the gate names no metric of an arm",
                        hint: nil)
                ]
            }
            return references.flatMap { check($0, arms, metrics + further.filter { !metrics.contains($0) }) }
        } catch {
            return [error]
        }
    }

    private static func check(_ reference: GateReference, _ arms: [String], _ metrics: [String]) -> [GateSyntaxError] {
        var mistakes: [GateSyntaxError] = []
        // A name that ends in `*` stands for all that begin so: numbers named by a metric's parameters.
        let isKnown = metrics.contains { name in
            name == reference.metric || name.hasSuffix("*") && reference.metric.hasPrefix(name.dropLast())
        }
        // What strategies measure under names of their own is known after the run only.
        let isReported = reference.metric.hasPrefix("numbers.") || reference.metric == "service_calls"
        if !isKnown, !isReported {
            mistakes.append(
                GateSyntaxError(
                    offset: reference.offset, length: reference.metric.unicodeScalars.count,
                    message: "unknown metric `\(reference.metric)`",
                    hint: "there are: \(metrics.joined(separator: ", "))"))
        }
        if !arms.contains(reference.arm) {
            mistakes.append(
                GateSyntaxError(
                    offset: reference.offset + reference.metric.unicodeScalars.count + 1,
                    length: reference.arm.unicodeScalars.count,
                    message: "unknown arm `\(reference.arm)`", hint: "the suite has: \(arms.joined(separator: ", "))"))
        }
        return mistakes
    }

    package static func evaluate(_ text: String, metrics: some GateMetrics) -> GateResult {
        var parser = GateParser(text)
        let comparison: GateParser.Comparison
        do throws(GateSyntaxError) {
            comparison = try parser.parse()
        } catch {
            return GateResult(text: text, verdict: .inconclusive, detail: error.message)
        }
        let difference = comparison.left + comparison.right.scaled(-1)
        for term in difference.terms
        where metrics.estimate(metric: term.reference.metric, arm: term.reference.arm, level: term.reference.level)
            == nil
        {
            return GateResult(text: text, verdict: .inconclusive, detail: "\(term.reference.text) has no value yet")
        }
        let estimate = combine(difference, metrics)
        let verdict = judge(estimate, comparison.sign)
        return GateResult(text: text, verdict: verdict, detail: detail(comparison, estimate, metrics))
    }

    private static func judge(_ difference: Estimate, _ sign: String) -> Verdict {
        let low = difference.ciLow ?? difference.value
        let high = difference.ciHigh ?? difference.value
        switch sign {
        case ">=": return low >= 0 ? .pass : high < 0 ? .fail : .inconclusive
        case ">": return low > 0 ? .pass : high <= 0 ? .fail : .inconclusive
        case "<=": return high <= 0 ? .pass : low > 0 ? .fail : .inconclusive
        case "<": return high < 0 ? .pass : low >= 0 ? .fail : .inconclusive
        default: return difference.value == 0 ? .pass : .fail
        }
    }

    /// left − right as one estimate.
    private static func combine(_ form: LinearForm, _ metrics: some GateMetrics) -> Estimate {
        var weights: [(reference: GateReference, weight: Double)] = []
        for term in form.terms {
            if let index = weights.firstIndex(where: { $0.reference == term.reference }) {
                weights[index].weight += term.weight
            } else {
                weights.append((term.reference, term.weight))
            }
        }
        weights.removeAll { $0.weight == 0 }
        let estimates = weights.map {
            metrics.estimate(metric: $0.reference.metric, arm: $0.reference.arm, level: $0.reference.level)
        }
        if weights.count == 1, let only = estimates[0] {
            let ends = [only.ciLow, only.ciHigh].compactMap { $0.map { $0 * weights[0].weight + form.constant } }
                .sorted()
            return Estimate(
                value: only.value * weights[0].weight + form.constant, ciLow: ends.count == 2 ? ends[0] : nil,
                ciHigh: ends.count == 2 ? ends[1] : nil, stderr: only.stderr.map { $0 * abs(weights[0].weight) },
                n: only.n,
                method: only.method)
        }
        if weights.count == 2, weights[0].reference.metric == weights[1].reference.metric,
            let paired = metrics.pairedDifference(
                metric: weights[0].reference.metric, a: (weights[0].reference.arm, weights[0].reference.level),
                b: (weights[1].reference.arm, weights[1].reference.level), weightA: weights[0].weight,
                weightB: weights[1].weight)
        {
            return Estimate(
                value: paired.value + form.constant, ciLow: paired.ciLow.map { $0 + form.constant },
                ciHigh: paired.ciHigh.map { $0 + form.constant }, stderr: paired.stderr, n: paired.n,
                method: paired.method)
        }
        // Anything else: the ends of the intervals added, which is never too narrow, whatever the correlation and where
        // all agree.
        var (value, low, high) = (form.constant, form.constant, form.constant)
        var hasInterval = false
        var n = Int.max
        for (index, weight) in weights.enumerated() {
            guard let estimate = estimates[index] else { continue }
            let ends = [estimate.ciLow ?? estimate.value, estimate.ciHigh ?? estimate.value].map { $0 * weight.weight }
                .sorted()
            value += weight.weight * estimate.value
            low += ends[0]
            high += ends[1]
            if estimate.ciLow != nil { hasInterval = true }
            n = min(n, estimate.n)
        }
        return Estimate(
            value: value, ciLow: hasInterval ? low : nil, ciHigh: hasInterval ? high : nil, stderr: nil,
            n: weights.isEmpty ? 0 : n, method: hasInterval ? "sum of intervals" : "as counted")
    }

    private static func detail(_ comparison: GateParser.Comparison, _ difference: Estimate, _ metrics: some GateMetrics)
        -> String
    {
        var parts: [String] = []
        for term in comparison.left.terms + comparison.right.terms {
            let reference = term.reference
            guard let estimate = metrics.estimate(metric: reference.metric, arm: reference.arm, level: reference.level)
            else { continue }
            let text = "\(reference.text) = \(format(estimate.value))"
            if !parts.contains(text) { parts.append(text) }
        }
        var text = parts.joined(separator: ", ") + "; left − right = \(format(difference.value))"
        if let low = difference.ciLow, let high = difference.ciHigh { text += " [\(format(low)), \(format(high))]" }
        return text + " (\(difference.method), \(difference.n) items)"
    }

    private static func format(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(format: "%.4g", value)
    }
}
