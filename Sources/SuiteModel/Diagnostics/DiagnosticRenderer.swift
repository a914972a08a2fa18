/// Shows diagnostics to people: place, text, source line, caret, hint.
///
/// ```
/// suites/gsm.yaml:7:5: error: unknown key `sampels`
///   7 |     sampels: 8
///     |     ^~~~~~~
///     = did you mean `samples`?
/// ```
package struct DiagnosticRenderer: Sendable {
    private let sources: [String: [SourceText]]
    /// Widest source excerpt in terminal columns.
    private let width: Int

    package init(sources: [SourceText], width: Int = 140) {
        self.sources = Dictionary(grouping: sources, by: \.name)
        self.width = max(20, width)
    }

    /// All of them, a newline behind each line.
    package func render(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map(render).joined()
    }

    package func render(_ diagnostic: Diagnostic) -> String {
        var place = Self.escaped(diagnostic.file)
        if diagnostic.line > 0 { place += ":\(diagnostic.line):\(max(1, diagnostic.column))" }
        var text = "\(place): \(diagnostic.severity.rawValue): \(Self.escaped(diagnostic.message))\n"
        let number = diagnostic.line > 0 ? String(diagnostic.line) : ""
        let gutter = String(repeating: " ", count: number.count)
        if !diagnostic.hidesSource, diagnostic.line > 0, let line = line(of: diagnostic) {
            let excerpt = excerpt(of: line, from: diagnostic.column, to: diagnostic.endColumn)
            text += "  \(number) | \(excerpt.text)\n  \(gutter) | \(excerpt.marks)\n"
        }
        if let hint = diagnostic.hint {
            for (index, part) in hint.split(separator: "\n").enumerated() {
                text += "  \(gutter) \(index == 0 ? "=" : " ") \(Self.escaped(String(part)))\n"
            }
        }
        return text
    }

    private func line(of diagnostic: Diagnostic) -> String? {
        sources[diagnostic.file]?.lazy.compactMap { $0.line(diagnostic.line) }.first
    }

    /// The shown part of a line and the marks below it, both with tabs and control characters made visible.
    private func excerpt(of line: String, from column: Int, to endColumn: Int) -> (text: String, marks: String) {
        let cells = Self.cells(of: line)
        let first = min(max(0, column - 1), cells.count)
        let last = min(max(first + 1, endColumn - 1), max(cells.count, first + 1))
        var start = 0
        var end = cells.count
        if cells.reduce(0, { $0 + $1.width }) > width {
            // A window around the mark: a third of it before.
            start = first
            var before = 0
            while start > 0, before + cells[start - 1].width <= width / 3 {
                start -= 1
                before += cells[start].width
            }
            end = start
            var taken = 0
            while end < cells.count, taken + cells[end].width <= width {
                taken += cells[end].width
                end += 1
            }
        }
        let lead = start > 0 ? "…" : ""
        let trail = end < cells.count ? "…" : ""
        let shown = cells[start..<end].map(\.text).joined()
        let indent = cells[start..<max(start, min(first, end))].reduce(lead.count) { $0 + $1.width }
        let marked = cells[min(first, end)..<min(last, end)].reduce(0) { $0 + $1.width }
        let marks = String(repeating: " ", count: indent) + "^" + String(repeating: "~", count: max(0, marked - 1))
        return (lead + shown + trail, marks)
    }

    private struct Cell {
        var text: String
        var width: Int
    }

    /// One cell a Unicode scalar, since columns count scalars.
    private static func cells(of line: String) -> [Cell] {
        var cells: [Cell] = []
        var column = 0
        for scalar in line.unicodeScalars {
            let cell: Cell
            if scalar == "\t" {
                let width = 4 - column % 4
                cell = Cell(text: String(repeating: " ", count: width), width: width)
            } else if isUnsafe(scalar) {
                let text = escape(scalar)
                cell = Cell(text: text, width: text.unicodeScalars.count)
            } else {
                cell = Cell(text: String(scalar), width: TerminalWidth.of(scalar))
            }
            cells.append(cell)
            column += cell.width
        }
        return cells
    }

    /// Text without anything a terminal would act on.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        return text.unicodeScalars.map { isUnsafe($0) ? escape($0) : String($0) }.joined()
    }

    /// Control characters, and those that change the direction of text.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
    }
}

/// Columns that a terminal gives to a character.
enum TerminalWidth {
    static func of(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        // East Asian wide and fullwidth blocks, and emoji (Unicode Standard Annex 11).
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
            0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
