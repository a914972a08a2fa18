/// Results by the values of the items' fields.
enum FieldSection {
    static func render(_ summary: RunSummary) -> String {
        summary.fields.map { results in
            let table = FieldTable(results, summary.arms, mostValues: 200, mostRows: 2000)
            var html = HTMLTable(caption: "Results by \(results.field)", heads: table.heads)
            html.rows = table.rows.map { cells in
                cells.enumerated().map { $0.offset < 2 ? .text($0.element) : .number($0.element) }
            }
            return html.html + (table.note.map { PageTemplate.note($0) } ?? "")
        }.joined()
    }
}
