/// The places that the script fills: flips, the list of sessions and the view of one.
enum SessionSection {
    static func render(_ contents: PageContents) -> String {
        guard contents.sessions > 0 else { return "<p>No finished sessions yet.</p>" }
        let missing = contents.sessions - contents.sessionsWithText
        let sampled =
            missing == 0
            ? ""
            : "<p class=\"note\">All \(Numbers.count(contents.sessions)) sessions are listed. The page has room for the texts of "
                + "\(Numbers.count(contents.sessionsWithText)): errors, grades that differ, cut-off answers and flips first, then some of "
                + "the rest. All texts are in <code>samples.jsonl</code>.</p>"
        return """
            <noscript><p>The list of sessions needs JavaScript. All sessions are in <code>samples.jsonl</code>.</p></noscript>
            \(sampled)
            <form id="filters" hidden>
            <label class="wide">Search item ids and the beginnings of inputs<input type="search" id="search" autocomplete="off" spellcheck="false"></label>
            <label class="check"><input type="checkbox" id="deep"> also in whole inputs and answers</label>
            <label>Arm<select id="f-row"></select></label><label>Result<select id="f-result"></select></label>
            <label>Finish<select id="f-finish"></select></label><label>Stop reason or error<select id="f-stop"></select></label>
            <label>Found by<select id="f-stage"></select></label><button type="reset">Clear</button>
            </form>
            <p id="count" role="status" aria-live="polite" class="note"></p>
            <div id="list" hidden></div>
            """
    }

    static let dialog = """
        <dialog id="session" aria-labelledby="session-title"><div class="bar"><h2 id="session-title" tabindex="-1">Session</h2>
        <button type="button" id="previous">Previous</button><button type="button" id="next">Next</button>
        <button type="button" id="close">Close</button></div><div id="session-body"></div></dialog>
        """
}

/// Two selects; the script lists the items that only one of the two arms got right.
enum FlipSection {
    static func render(_ summary: RunSummary) -> String {
        guard summary.arms.count > 1 else { return "" }
        return """
            <noscript><p>The items of each flip need JavaScript; their numbers are among the paired comparisons.</p></noscript>
            <form id="flip-form" hidden><label>a<select id="flip-a"></select></label><label>b<select id="flip-b"></select></label></form>
            <p id="flip-count" role="status" aria-live="polite" class="note"></p>
            <div id="flip-lists" class="columns"></div>
            """
    }
}
