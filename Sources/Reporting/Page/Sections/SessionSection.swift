/// The places that the script fills: flips, the list of sessions and the view of one.
enum SessionSection {
    static func render(_ contents: PageContents) -> String {
        guard contents.sessions > 0 else {
            return PageTemplate.render("plain", ["text": "No finished sessions yet."])
        }
        return PageTemplate.render(
            "sessions",
            [
                "sampled": contents.sessions > contents.sessionsWithText,
                "sessions": Numbers.count(contents.sessions), "withText": Numbers.count(contents.sessionsWithText),
            ])
    }
}

/// Two selects; the script lists the items that only one of the two arms got right.
enum FlipSection {
    static func render(_ summary: RunSummary) -> String {
        summary.arms.count > 1 ? PageTemplate.render("flips") : ""
    }
}
