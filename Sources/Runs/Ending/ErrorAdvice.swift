internal import Journal
package import Reporting

/// What to do about sessions that failed, by who is at fault; then the commonest messages.
package enum ErrorAdvice {
    /// Messages that are named.
    private static let most = 5

    /// One line a cause; none where no session failed.
    /// - Parameter folder: the run's folder as it is shown.
    package static func lines(_ summary: RunSummary, folder: String) -> [String] {
        var misses = 0
        var counts: [RunExit: Int] = [:]
        for (kind, count) in summary.arms.flatMap(\.errorKinds) {
            if kind == .poolMiss { misses += count } else { counts[RunExit(kind), default: 0] += count }
        }
        var lines: [String] = []
        func add(_ code: RunExit, _ what: String, _ next: String) {
            guard let count = counts[code] else { return }
            lines.append("\(count) session\(count == 1 ? "" : "s") \(what); samples.jsonl says how. \(next)")
        }
        add(
            .pluginFault, "failed by a plugin or strategy", "Mend it, then try them again: evalh resume \(folder)")
        add(
            .usage, "failed by the suite: its prompt, or requests that the model refuses",
            "Mend the suite and run it anew")
        add(
            .providerFailure, "failed by the provider", "Nothing paid is lost; try them again: evalh resume \(folder)")
        add(.incomplete, "failed for a reason that this evalh does not know", "Try them again: evalh resume \(folder)")
        if misses > 0 {
            lines.append(
                "\(misses) sessions asked for what the pool lacks and are errors; samples.jsonl says what. "
                    + "evalh replay … --fill asks a model for it")
        }
        return lines
    }

    /// The commonest messages of failed sessions with their counts and next steps, for a terminal.
    package static func causes(_ summary: RunSummary) -> [String] {
        guard let failures = summary.failures else { return [] }
        let (causes, others) = failures.commonest(most)
        var lines = ["why sessions failed"]
        for cause in causes {
            lines.append("  \(cause.sessions) × \(cause.kind.rawValue): \(cause.message)")
            lines.append("      \(cause.next)")
        }
        if others > 0 { lines.append("  \(others) more for other reasons") }
        return lines
    }
}
