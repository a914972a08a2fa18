/// A model from the command line or the environment: `URL`, `key=value,key=value`, or an address first and keys behind
/// it.
///
/// A specification that names a provider or an address replaces the suite's entry; any other changes single keys of it.
/// A comma belongs to a value unless `key=` follows it.
struct ModelOverride {
    private(set) var diagnostics: [Diagnostic] = []
    private var settings: [PathSetting] = []
    private var replaces = false
    private let role: String
    private let span: SourceSpan

    init(role: String, source: SourceText, range: Range<Int>) {
        self.role = role
        var whole = source.span(ofByte: range.lowerBound)
        whole.endColumn = source.span(ofByte: range.upperBound).column
        span = whole
        var keys: Set<String> = []
        for segment in Self.segments(of: source.bytes, in: range) {
            let bytes = source.bytes[segment]
            let equals = Self.keyEnd(bytes)
            if equals == nil, segment.lowerBound == range.lowerBound, !segment.isEmpty {
                var place = source.span(ofByte: segment.lowerBound)
                place.endColumn = source.span(ofByte: segment.upperBound).column
                let text = String(decoding: bytes, as: UTF8.self)
                let address = YAMLNode(.string(text), span: place, text: text)
                settings.append(PathSetting(source: source, path: ["models", role, "base_url"], value: address))
                keys.insert("base_url")
                continue
            }
            guard let equals else {
                let place = source.span(ofByte: segment.lowerBound)
                diagnostics.append(
                    Diagnostic(
                        at: place, "expected an address or key=value",
                        hint: "for example main=http://127.0.0.1:8080/v1,model=name"))
                continue
            }
            keys.insert(String(decoding: bytes[..<equals], as: UTF8.self))
            settings.append(
                PathSetting(
                    source: source, prefix: ["models", role], path: segment.lowerBound..<equals,
                    value: (equals + 1)..<segment.upperBound))
        }
        replaces = keys.contains("base_url") || keys.contains("provider")
        if replaces, !keys.contains("provider") {
            let provider = YAMLNode(.string("openai"), span: whole, text: "openai")
            settings.append(PathSetting(source: source, path: ["models", role, "provider"], value: provider))
        }
    }

    /// Where a leading `key` ends, at its `=`.
    private static func keyEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        let key = bytes.prefix { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: ".")
        }
        guard !key.isEmpty, key.endIndex < bytes.endIndex, bytes[key.endIndex] == UInt8(ascii: "=") else { return nil }
        return key.endIndex
    }

    private static func segments(of bytes: [UInt8], in range: Range<Int>) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var start = range.lowerBound
        for index in range
        where bytes[index] == UInt8(ascii: ",") && keyEnd(bytes[(index + 1)..<range.upperBound]) != nil {
            result.append(start..<index)
            start = index + 1
        }
        result.append(start..<range.upperBound)
        return result
    }

    /// The tree with this model in it.
    mutating func apply(to root: YAMLNode) -> YAMLNode {
        var root = root
        if replaces { root = Self.removing(role, from: root, span: span) }
        for index in settings.indices {
            root = settings[index].apply(to: root)
            diagnostics += settings[index].diagnostics
        }
        return root
    }

    /// The tree with an empty entry under the role, in its old place.
    private static func removing(_ role: String, from root: YAMLNode, span: SourceSpan) -> YAMLNode {
        guard var entries = root.entries, let models = entries.firstIndex(where: { $0.key == "models" }),
            var roles = entries[models].value.entries, let index = roles.firstIndex(where: { $0.key == role })
        else { return root }
        roles[index].value = YAMLNode(.mapping([]), span: span, style: .collection)
        entries[models].value.content = .mapping(roles)
        var root = root
        root.content = .mapping(entries)
        return root
    }

    /// The tree with each bare address under `models` written out, so that single keys of it can be set.
    static func expandingAddresses(in root: YAMLNode) -> YAMLNode {
        guard var entries = root.entries, let models = entries.firstIndex(where: { $0.key == "models" }),
            var roles = entries[models].value.entries
        else { return root }
        for (index, role) in roles.enumerated() {
            guard let text = role.value.string, text.lowercased().hasPrefix("http") else { continue }
            let provider = YAMLNode(.string("openai"), span: role.value.span, text: "openai")
            roles[index].value = YAMLNode(
                .mapping([
                    YAMLNode.Entry(key: "provider", keySpan: role.value.span, value: provider),
                    YAMLNode.Entry(key: "base_url", keySpan: role.value.span, value: role.value),
                ]), span: role.value.span, style: .collection)
        }
        entries[models].value.content = .mapping(roles)
        var root = root
        root.content = .mapping(entries)
        return root
    }
}
