/// A stretch of a source: 1-based line and column, columns counted in Unicode scalars, `endColumn` behind the last one.
package struct SourceSpan: Hashable, Sendable {
    /// A path as the user gave it, or the name of another source such as `--set #1`.
    package var file: String
    package var line: Int
    package var column: Int
    package var endLine: Int
    package var endColumn: Int

    package init(file: String, line: Int, column: Int, endLine: Int? = nil, endColumn: Int? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.endLine = endLine ?? line
        self.endColumn = endColumn ?? column
    }

    /// A place in a file as a whole.
    package static func file(_ name: String) -> SourceSpan { SourceSpan(file: name, line: 0, column: 0) }
}

/// A mistake in a suite or a data set, with its place and what to do about it.
package struct Diagnostic: Error, Hashable, Sendable {
    package enum Severity: String, Hashable, Sendable {
        case error, warning
    }

    package var severity: Severity
    package var file: String
    /// 1-based; 0: the file as a whole.
    package var line: Int
    /// 1-based, in Unicode scalars.
    package var column: Int
    /// Behind the last marked scalar of the line; equal to `column` or less: mark one.
    package var endColumn: Int
    package var message: String
    /// What to do, a full sentence or a list of legal names.
    package var hint: String?
    /// Whether the source line must not be shown, because a secret may stand in it.
    package var hidesSource: Bool

    package init(
        _ severity: Severity = .error, at span: SourceSpan, _ message: String, hint: String? = nil,
        hidesSource: Bool = false
    ) {
        self.severity = severity
        file = span.file
        line = span.line
        column = span.column
        // A mark goes to the end of its first line at most; collections are marked by their first character.
        endColumn = span.endLine == span.line ? span.endColumn : span.column
        self.message = message
        self.hint = hint
        self.hidesSource = hidesSource
    }
}

private struct Line: Hashable {
    var file: String
    var line: Int

    init(_ diagnostic: Diagnostic) {
        file = diagnostic.file
        line = diagnostic.line
    }
}

extension Sequence where Element == Diagnostic {
    /// Sorted by place (files in the order of `sources`), each mistake once.
    package func sorted(by sources: [SourceText]) -> [Diagnostic] {
        var order: [String: Int] = [:]
        for (index, source) in sources.enumerated() where order[source.name] == nil { order[source.name] = index }
        // A line that must not be shown is not shown for its other mistakes either.
        let hidden = Set(filter(\.hidesSource).map(Line.init))
        var seen: Set<Diagnostic> = []
        let all = map { diagnostic in
            var diagnostic = diagnostic
            if !hidden.isEmpty, hidden.contains(Line(diagnostic)) { diagnostic.hidesSource = true }
            return diagnostic
        }
        return all.filter { seen.insert($0).inserted }.sorted { a, b in
            let left = (order[a.file] ?? Int.max, a.line, a.column)
            let right = (order[b.file] ?? Int.max, b.line, b.column)
            return left == right ? a.message < b.message : left < right
        }
    }

    package var hasErrors: Bool { contains { $0.severity == .error } }
}
