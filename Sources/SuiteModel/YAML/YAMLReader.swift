/// Reads one YAML document into a tree that keeps places.
package enum YAMLReader {
    package struct Limits: Sendable {
        /// Bytes of the text.
        package var bytes = 4 << 20
        /// Nodes after aliases and merge keys are expanded: a bomb ends here, in constant memory.
        package var nodes = 100_000
        /// Nesting after expansion.
        package var depth = 64

        package init() {}
    }

    package struct Result: Sendable {
        /// `nil`: not readable, the diagnostics say why.
        package var node: YAMLNode?
        package var diagnostics: [Diagnostic]
    }

    /// Reads `source`. Mistakes that leave the tree usable (duplicate keys, unknown tags) are all reported; a syntax
    /// error ends it.
    /// - Parameter range: the bytes that are YAML, where the source holds more (`--set key=value`).
    package static func read(_ source: SourceText, range: Range<Int>? = nil, limits: Limits = Limits()) -> Result {
        var bytes = source.bytes[...]
        var firstColumn = 1
        if let range {
            let range = range.clamped(to: 0..<bytes.count)
            firstColumn = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).unicodeScalars.count + 1
            bytes = bytes[range]
        }
        guard bytes.count <= limits.bytes else {
            return Result(diagnostics: [
                Diagnostic(at: .file(source.name), "the file has more than \(limits.bytes) bytes")
            ])
        }
        if let offset = firstInvalidUTF8(bytes) {
            let place = source.span(ofByte: bytes.startIndex + offset)
            return Result(diagnostics: [Diagnostic(at: place, "this byte is not UTF-8", hint: "save the file as UTF-8")]
            )
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        guard !bytes.isEmpty else {
            let place = SourceSpan(file: source.name, line: 1, column: firstColumn)
            return Result(node: YAMLNode(.null, span: place), diagnostics: [])
        }
        var builder = YAMLTreeBuilder(
            events: YAMLEvents(bytes: bytes, file: source.name, firstColumn: firstColumn), file: source.name,
            limits: limits)
        do throws(Diagnostic) {
            let node = try builder.document()
            return Result(node: node, diagnostics: builder.diagnostics)
        } catch {
            return Result(diagnostics: builder.diagnostics + [error])
        }
    }
}
