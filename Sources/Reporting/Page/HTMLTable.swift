/// A table with a caption, column heads and a head in each row. A script may make it sortable.
struct HTMLTable {
    enum Cell {
        case text(String)
        case number(String)
        /// Already HTML.
        case html(String)
    }

    var caption: String
    var heads: [String]
    var rows: [[Cell]] = []
    var isSortable = true

    /// Empty where there is no row. The first cell of a row is its head.
    var html: String {
        guard !rows.isEmpty else { return "" }
        // A column of numbers has its head above them.
        let isNumber = heads.indices.map { column -> Bool in
            if column < rows[0].count, case .number = rows[0][column] { return true }
            return false
        }
        let head = heads.indices.map {
            "<th scope=\"col\"\(isNumber[$0] ? " class=\"n\"" : "")>\(SafeText.html(heads[$0]))</th>"
        }.joined()
        let body = rows.map { row in
            "<tr>" + row.enumerated().map { place, cell in Self.cell(cell, isHead: place == 0) }.joined() + "</tr>"
        }
        return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(SafeText.html(caption))\">"
            + "<table\(isSortable ? " class=\"sortable\"" : "")><caption>\(SafeText.html(caption))</caption>"
            + "<thead><tr>\(head)</tr></thead>\n<tbody>\(body.joined(separator: "\n"))</tbody></table></div>"
    }

    /// The table behind a line to open it, for beside a plot.
    func folded(_ label: String = "Numbers of this plot") -> String {
        rows.isEmpty ? "" : "<details class=\"numbers\"><summary>\(SafeText.html(label))</summary>\(html)</details>"
    }

    private static func cell(_ cell: Cell, isHead: Bool) -> String {
        let (content, style) =
            switch cell {
            case .text(let text): (SafeText.html(text), "")
            case .number(let text): (SafeText.html(text), " class=\"n\"")
            case .html(let html): (html, "")
            }
        return isHead ? "<th scope=\"row\"\(style)>\(content)</th>" : "<td\(style)>\(content)</td>"
    }
}
