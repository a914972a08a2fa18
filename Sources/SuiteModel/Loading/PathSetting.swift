internal import Completions

/// One `--set path.to.key=value`: puts a YAML value into a tree.
///
/// Path parts are separated by dots; in a list a part is an index (`arms.0`, `arms[0]`) or the `id` of an entry
/// (`arms.sc8`). Missing mappings are made; an index one behind the end appends.
struct PathSetting {
    private struct Part {
        var name: String
        var span: SourceSpan
    }

    private static let maximumParts = 32

    let source: SourceText
    private var parts: [Part] = []
    private var value: YAMLNode?
    private(set) var diagnostics: [Diagnostic] = []

    /// - Parameters:
    ///   - prefix: parts before those of the path.
    ///   - path: bytes of `source` that are the path.
    ///   - value: bytes of `source` that are the value in YAML.
    init(source: SourceText, prefix: [String] = [], path: Range<Int>, value: Range<Int>) {
        self.source = source
        let start = source.span(ofByte: path.lowerBound)
        parts = prefix.map { Part(name: $0, span: start) }
        addParts(path)
        let read = YAMLReader.read(source, range: value)
        diagnostics += read.diagnostics
        self.value = read.node
    }

    /// Sets a value that is known already.
    init(source: SourceText, path: [String], value: YAMLNode) {
        self.source = source
        self.value = value
        parts = path.map { Part(name: $0, span: value.span) }
    }

    /// Splits `PATH=VALUE`.
    init(source: SourceText) {
        guard let equals = source.bytes.firstIndex(of: UInt8(ascii: "=")), equals > 0 else {
            let place = SourceSpan(file: source.name, line: 1, column: 1)
            self.init(source: source, path: [], value: YAMLNode(.null, span: place))
            diagnostics = [
                Diagnostic(at: place, "expected PATH=VALUE", hint: "for example --set sampling.max_tokens=256")
            ]
            return
        }
        self.init(source: source, path: 0..<equals, value: (equals + 1)..<source.bytes.count)
    }

    private mutating func addParts(_ range: Range<Int>) {
        // `arms[0].with` is the same as `arms.0.with`.
        var start = range.lowerBound
        var index = range.lowerBound
        func isSeparator(_ byte: UInt8) -> Bool {
            [UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]")].contains(byte)
        }
        while index <= range.upperBound, parts.count <= Self.maximumParts, diagnostics.isEmpty {
            if index == range.upperBound || isSeparator(source.bytes[index]) {
                let afterBracket = start > range.lowerBound && source.bytes[start - 1] == UInt8(ascii: "]")
                if index > start
                    || !(afterBracket || (index < range.upperBound && source.bytes[index] == UInt8(ascii: "[")))
                {
                    var span = source.span(ofByte: start)
                    let name = String(decoding: source.bytes[start..<index], as: UTF8.self)
                    span.endColumn = span.column + max(1, name.unicodeScalars.count)
                    if name.isEmpty, !afterBracket {
                        diagnostics.append(Diagnostic(at: span, "an empty part of the path"))
                    }
                    if !name.isEmpty { parts.append(Part(name: name, span: span)) }
                }
                start = index + 1
            }
            index += 1
        }
        if parts.count > Self.maximumParts, let last = parts.last {
            diagnostics.append(Diagnostic(at: last.span, "more than \(Self.maximumParts) parts"))
        }
    }

    /// The tree with the value in its place.
    mutating func apply(to root: YAMLNode) -> YAMLNode {
        guard diagnostics.isEmpty, let value, !parts.isEmpty else { return root }
        do throws(Diagnostic) {
            return try Self.set(value, at: parts[...], in: root, path: "")
        } catch {
            diagnostics.append(error)
            return root
        }
    }

    private static func set(_ value: YAMLNode, at parts: ArraySlice<Part>, in node: YAMLNode, path: String)
        throws(Diagnostic) -> YAMLNode
    {
        guard let part = parts.first else { return value }
        let rest = parts.dropFirst()
        let here = path.isEmpty ? part.name : "\(path).\(part.name)"
        var result = node
        switch node.content {
        case .mapping(var entries):
            if let index = entries.firstIndex(where: { $0.key == part.name }) {
                entries[index].value = try set(value, at: rest, in: entries[index].value, path: here)
                // Mistakes in what was set are shown where it was set.
                entries[index].keySpan = part.span
            } else {
                let child = try set(value, at: rest, in: YAMLNode(.null, span: part.span), path: here)
                entries.append(YAMLNode.Entry(key: part.name, keySpan: part.span, value: child))
            }
            result.content = .mapping(entries)
        case .sequence(var elements):
            let index = try position(of: part, in: elements, path: path)
            if index == elements.count { elements.append(YAMLNode(.null, span: part.span)) }
            elements[index] = try set(value, at: rest, in: elements[index], path: here)
            result.content = .sequence(elements)
        case .null:
            let child = try set(value, at: rest, in: YAMLNode(.null, span: part.span), path: here)
            let entry = YAMLNode.Entry(key: part.name, keySpan: part.span, value: child)
            return YAMLNode(.mapping([entry]), span: part.span, style: .collection)
        default:
            throw Diagnostic(at: part.span, "`\(path)` is \(node.described), which has no `\(part.name)`")
        }
        return result
    }

    private static func position(of part: Part, in elements: [YAMLNode], path: String) throws(Diagnostic) -> Int {
        if let index = Int(part.name) {
            if (0...elements.count).contains(index) { return index }
            throw Diagnostic(
                at: part.span, "`\(path)` has \(elements.count) entries", hint: "indices are 0 to \(elements.count)")
        }
        let ids = elements.map { $0.string ?? $0["id"]?.string ?? $0["strategy"]?.string ?? "" }
        if let index = ids.firstIndex(of: part.name) { return index }
        throw Diagnostic(
            at: part.span, "`\(path)` has no entry `\(part.name)`",
            hint: NearestName.hint(part.name, in: ids.filter { !$0.isEmpty }, kind: "entries"))
    }
}
