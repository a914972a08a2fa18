/// The commonest causes of failed sessions, and what to do about each.
enum FailureSection {
    static func render(_ summary: RunSummary) -> String {
        guard let failures = summary.failures else { return "" }
        var table = HTMLTable(caption: "Failed sessions by cause", heads: ["message", "kind", "sessions", "next"])
        table.rows = failures.causes.map {
            [.text($0.message), .text($0.kind.rawValue), .number("\($0.sessions)"), .text($0.next)]
        }
        let others = failures.unlisted > 0 ? " \(failures.unlisted) more failed for other reasons." : ""
        return table.html
            + PageTemplate.note(
                "Messages that say the same but for numbers, ids and times are one; “…” stands for what varies."
                    + others,
                filter: "error", action: "List failed sessions")
    }
}
