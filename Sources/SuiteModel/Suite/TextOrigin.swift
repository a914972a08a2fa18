/// Where a text of a YAML file stands, so that an offset in the text leads back to its line and column.
package struct TextOrigin: Hashable, Sendable {
    private enum Layout: Hashable, Sendable {
        /// On one line, beginning at this column, character for character.
        case line(column: Int)
        /// A literal block: its first line and its indentation.
        case block(line: Int, indentation: Int)
        /// Folded or with escapes: only the whole can be pointed at.
        case opaque
    }

    package var span: SourceSpan
    private var layout: Layout

    /// The origin of a scalar of `source`.
    package init(_ node: YAMLNode, in source: SourceText?) {
        span = node.span
        let width = node.span.endColumn - node.span.column
        let length = node.text.unicodeScalars.count
        let isOneLine = node.span.line == node.span.endLine
        switch node.style {
        case .plain where isOneLine && width == length: layout = .line(column: node.span.column)
        case .singleQuoted where isOneLine && width == length + 2, .doubleQuoted where isOneLine && width == length + 2:
            layout = .line(column: node.span.column + 1)
        case .literal:
            // The block's first line follows its `|`; empty lines before the text belong to the text.
            let first = node.span.line + 1
            let lines = (0..<1000).lazy.compactMap { source?.line(first + $0) }
            let indentation = lines.first { !$0.allSatisfy { $0 == " " } }?.prefix { $0 == " " }.count
            layout = indentation.map { .block(line: first, indentation: $0) } ?? .opaque
        default: layout = .opaque
        }
    }

    /// A text that stands nowhere, such as a default.
    package init(span: SourceSpan) {
        self.span = span
        layout = .opaque
    }

    /// The place of `length` scalars from scalar `offset` of `text`, which is the text of this origin.
    package func span(of offset: Int, length: Int, in text: String) -> SourceSpan {
        switch layout {
        case .opaque: return span
        case .line(let column):
            return SourceSpan(
                file: span.file, line: span.line, column: column + offset, endColumn: column + offset + max(1, length))
        case .block(let line, let indentation):
            var lineOffset = 0
            var column = 0
            for scalar in text.unicodeScalars.prefix(max(0, offset)) {
                column += 1
                if scalar == "\n" {
                    lineOffset += 1
                    column = 0
                }
            }
            let start = indentation + column + 1
            return SourceSpan(
                file: span.file, line: line + lineOffset, column: start, endColumn: start + max(1, length))
        }
    }
}
