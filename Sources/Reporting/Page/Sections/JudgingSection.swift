/// What judges said, and how far they can be trusted.
enum JudgingSection {
    static func render(_ summary: RunSummary) -> String {
        guard let judging = summary.judging else { return "" }
        var table = HTMLTable(
            caption: "The judge and its errors", heads: ["what", "value [95 %]", "answers"], isSortable: false)
        func add(_ what: String, _ value: String, _ answers: Int) {
            table.rows.append([.text(what), .number(value), .number("\(answers)")])
        }
        let cost = judging.cost
        add(
            "cost of judging, apart from the arms'",
            "\(cost.tokens.totalTokens) tokens" + (cost.usd.map { ", " + Numbers.usd($0) } ?? ""), judging.judged)
        for (reason, count) in judging.noVerdicts.sorted(by: { $0.key < $1.key }) {
            add("no verdict: \(reason)", Numbers.percent(Double(count) / Double(judging.judged)), count)
        }
        if judging.ties > 0 { add("tie", Numbers.percent(Double(judging.ties) / Double(judging.judged)), judging.ties) }
        for found in judging.agreement {
            let name = found.with == "second" ? "the second judge" : "people"
            add("agreement with \(name)", Numbers.interval(found.raw), found.pairs)
            add("… Cohen's κ", FurtherMetrics.interval(found.kappa), found.pairs)
            add("… Krippendorff's α", FurtherMetrics.interval(found.alpha), found.pairs)
        }
        if let calibration = judging.calibration {
            add("right on known verdicts", Numbers.interval(calibration.accuracy), calibration.accuracy.n)
            add("sensitivity", Numbers.interval(calibration.sensitivity), calibration.sensitivity?.n ?? 0)
            add("specificity", Numbers.interval(calibration.specificity), calibration.specificity?.n ?? 0)
        }
        return table.html
            + PageTemplate.note(
                "Judged by \(judging.role), \(judging.template) by \(judging.form). Sessions without a verdict count "
                    + (judging.counting == "wrong" ? "as wrong" : "neither as right nor as wrong")
                    + ". accuracy_corrected, a further metric, takes the judge's errors out of an arm's accuracy."
            )
    }
}
