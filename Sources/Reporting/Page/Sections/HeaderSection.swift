/// The page's title with the verdict and the run's few main numbers.
enum HeaderSection {
    static func render(_ summary: RunSummary) -> String {
        let (word, style) = verdict(summary)
        var facts = [
            ("items", Numbers.count(summary.dataset.items)), ("arms and levels", Numbers.count(summary.arms.count)),
            ("sessions", Numbers.count(summary.arms.reduce(0) { $0 + $1.sessions })),
            ("requests paid", Numbers.count(summary.paid.tokens.requests)),
            ("tokens paid", Numbers.count(summary.paid.tokens.totalTokens)),
        ]
        if let usd = summary.paid.usd { facts.append(("paid", Numbers.usd(usd))) }
        return PageTemplate.render(
            "header",
            [
                "dataset": summary.dataset.name, "run": summary.runID, "suite": summary.suite, "style": style,
                "word": word, "sentence": sentence(summary),
                "facts": facts.map { ["name": $0.0, "value": $0.1] },
                "hasProblems": !summary.problems.isEmpty, "problems": summary.problems,
                "hasLeftOut": !summary.leftOutTexts.isEmpty, "leftOut": summary.leftOutTexts,
            ])
    }

    private static func verdict(_ summary: RunSummary) -> (String, String) {
        if summary.status != .complete {
            return (summary.status.rawValue, summary.status == .failed ? "fail" : "inconclusive")
        }
        if summary.gates.contains(where: { $0.verdict == "fail" }) { return ("fail", "fail") }
        if summary.gates.contains(where: { $0.verdict != "pass" }) { return ("inconclusive", "inconclusive") }
        return summary.gates.isEmpty ? ("complete", "plain") : ("pass", "pass")
    }

    private static func sentence(_ summary: RunSummary) -> String {
        var parts: [String] = []
        if !summary.gates.isEmpty {
            let passed = summary.gates.count { $0.verdict == "pass" }
            parts.append("\(passed) of \(summary.gates.count) gates passed.")
        }
        let errors = summary.arms.reduce(0) { $0 + $1.errors }
        if errors > 0 { parts.append("\(Numbers.count(errors)) sessions failed.") }
        if let cause = summary.failures?.causes.first { parts.append("Mostly: \(SafeText.short(cause.message, 160)).") }
        if let repeated = summary.repeatedRows { parts.append(repeated.warning + ".") }
        if let service = summary.serviceText { parts.append("\(service).") }
        if let allocation = summary.allocation {
            parts.append(
                "Sessions were chosen by \(allocation.allocator) in \(allocation.rounds) rounds: \(allocation.reason).")
            if allocation.weighted { parts.append("Means are weighted to stand for all items.") }
        }
        if summary.status == .incomplete { parts.append("Not all planned sessions are done.") }
        return parts.isEmpty ? "All planned sessions are done." : parts.joined(separator: " ")
    }
}
