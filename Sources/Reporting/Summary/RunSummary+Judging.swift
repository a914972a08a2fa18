extension RunSummary {
    /// How models judged the answers, what that cost, and how far it can be trusted.
    package struct Judging: Codable, Sendable {
        /// Roles among the suite's models.
        package var role: String
        package var second: String?
        package var template: String
        package var form: String
        /// How sessions without a verdict count: `left_out` or `wrong`.
        package var counting: String
        /// Sessions that a judge was asked about.
        package var judged: Int
        package var ties: Int
        /// Sessions without a verdict, by reason.
        package var noVerdicts: [String: Int]
        /// What judging would have cost alone; no part of any arm's cost.
        package var cost: Usage
        package var agreement: [Agreement] = []
        /// `nil`: no answer has a known verdict.
        package var calibration: Calibration?

        package struct Agreement: Codable, Sendable {
            /// `second`: another judge; `labels`: people.
            package var with: String
            /// Answers that both gave a verdict on.
            package var pairs: Int
            package var raw: Metric?
            /// Cohen's; `nil`: not defined.
            package var kappa: Metric?
            /// Krippendorff's; `nil`: not defined.
            package var alpha: Metric?
        }

        /// The judge on answers with known verdicts.
        package struct Calibration: Codable, Sendable {
            package var accuracy: Metric
            /// Of what is right, the share that it called right.
            package var sensitivity: Metric?
            /// Of what is wrong, the share that it called wrong.
            package var specificity: Metric?
        }

        enum CodingKeys: String, CodingKey {
            case role, second, template, form, counting, judged, ties, cost, agreement, calibration
            case noVerdicts = "no_verdicts"
        }

        /// Sessions without a verdict.
        package var noVerdictCount: Int { noVerdicts.values.reduce(0, +) }
    }
}

extension RunSummary.Judging {
    /// For people, a few plain lines.
    package func lines(unit: String) -> [String] {
        var first = "\(judged) answers judged by `\(role)` (\(template), by \(form)), cost apart from the arms': "
        first += "\(cost.tokens.totalTokens) \(unit) in \(cost.tokens.requests) requests"
        first += cost.usd.map { ", " + Numbers.usd($0) } ?? ""
        var lines = [first]
        let share = judged > 0 ? Double(noVerdictCount) / Double(judged) : 0
        let why = noVerdicts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        lines.append(
            "no verdict on \(noVerdictCount) of \(judged) (\(Numbers.percent(share)))"
                + (why.isEmpty
                    ? "" : ": \(why); counted as \(counting == "wrong" ? "wrong" : "neither right nor wrong")")
        )
        for found in agreement {
            let name = found.with == "second" ? "the second judge `\(second ?? "")`" : "people's labels"
            lines.append(
                "agreement with \(name) on \(found.pairs) answers: \(Numbers.interval(found.raw)), "
                    + "Cohen's κ \(FurtherMetrics.interval(found.kappa)), "
                    + "Krippendorff's α \(FurtherMetrics.interval(found.alpha))")
        }
        if let calibration {
            lines.append(
                "on known verdicts: right in \(Numbers.interval(calibration.accuracy)), sensitivity "
                    + "\(Numbers.interval(calibration.sensitivity)), specificity "
                    + "\(Numbers.interval(calibration.specificity))")
        }
        return lines
    }
}
