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
        guard let first = rows.first else { return "" }
        let heads = heads.enumerated().map { place, text -> [String: Any] in
            // A column of numbers has its head above them.
            var isNumber = false
            if place < first.count, case .number = first[place] { isNumber = true }
            return ["text": text, "number": isNumber]
        }
        let rows = rows.map { row -> [String: Any] in
            ["cells": row.enumerated().map { place, cell in Self.values(cell, isHead: place == 0) }]
        }
        return PageTemplate.render(
            "table", ["caption": caption, "sortable": isSortable, "heads": heads, "rows": rows])
    }

    /// The table behind a line to open it, for beside a plot.
    func folded(_ label: String = "Numbers of this plot", open: Bool = false) -> String {
        rows.isEmpty ? "" : PageTemplate.render("folded", ["label": label, "open": open, "table": html])
    }

    private static func values(_ cell: Cell, isHead: Bool) -> [String: Any] {
        switch cell {
        case .text(let text): ["head": isHead, "number": false, "text": text, "markup": ""]
        case .number(let text): ["head": isHead, "number": true, "text": text, "markup": ""]
        case .html(let html): ["head": isHead, "number": false, "text": "", "markup": html]
        }
    }
}
