internal import Completions

/// The suite's tree with the environment and the command line laid over it.
struct SuiteOverlay {
    private(set) var root: YAMLNode
    /// The texts of what was laid over, for diagnostics.
    private(set) var sources: [SourceText] = []
    private(set) var diagnostics: [Diagnostic] = []
    private var arms: SourceText?
    private var limit: Int?

    init(root: YAMLNode) {
        self.root = ModelOverride.expandingAddresses(in: root)
    }

    /// `EVALH_MODEL_MAIN=SPEC`: the role in capitals, every other character than letters and digits as `_`.
    mutating func apply(environment: [String: String]) {
        let prefix = "EVALH_MODEL_"
        let roles = root["models"]?.entries?.map(\.key) ?? []
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix(prefix) && !value.isEmpty
        {
            let wanted = String(name.dropFirst(prefix.count))
            guard !wanted.isEmpty else { continue }
            let role = roles.first { Self.variableName($0) == wanted } ?? wanted.lowercased()
            let source = SourceText(name: name, text: value)
            sources.append(source)
            lay(ModelOverride(role: role, source: source, range: 0..<source.bytes.count))
        }
    }

    private static func variableName(_ role: String) -> String {
        String(role.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    mutating func apply(_ overrides: SuiteOverrides) {
        for (index, text) in overrides.models.enumerated() {
            let source = SourceText(name: "--model #\(index + 1)", text: text)
            sources.append(source)
            guard let equals = source.bytes.firstIndex(of: UInt8(ascii: "=")), equals > 0 else {
                diagnostics.append(
                    Diagnostic(
                        at: SourceSpan(file: source.name, line: 1, column: 1), "expected ROLE=SPEC",
                        hint: "for example --model main=http://127.0.0.1:8080/v1"))
                continue
            }
            let role = String(decoding: source.bytes[..<equals], as: UTF8.self)
            lay(ModelOverride(role: role, source: source, range: (equals + 1)..<source.bytes.count))
        }
        for (index, text) in overrides.settings.enumerated() {
            let source = SourceText(name: "--set #\(index + 1)", text: text)
            sources.append(source)
            var setting = PathSetting(source: source)
            root = setting.apply(to: root)
            diagnostics += setting.diagnostics
        }
        if let text = overrides.arms {
            let source = SourceText(name: "--arms", text: text)
            sources.append(source)
            arms = source
        }
        if let limit = overrides.limit {
            let source = SourceText(name: "--limit", text: String(limit))
            sources.append(source)
            self.limit = limit
            let place = SourceSpan(file: source.name, line: 1, column: 1, endColumn: source.bytes.count + 1)
            if limit < 1 { diagnostics.append(Diagnostic(at: place, "`--limit` must be 1 or more, not \(limit)")) }
        }
    }

    private mutating func lay(_ model: ModelOverride) {
        var model = model
        root = model.apply(to: root)
        diagnostics += model.diagnostics
    }

    /// Keeps what `--arms` and `--limit` ask for. Metrics over an arm that is left out go with it.
    mutating func select(in suite: inout Suite) {
        if let limit, limit >= 1 { suite.dataset.limit = limit }
        guard let arms else { return }
        let ids = suite.arms.map(\.id)
        var wanted: Set<String> = []
        var offset = 0
        for part in arms.bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let text = String(decoding: part, as: UTF8.self)
            let id = text.trimming { $0 == " " }
            if ids.contains(id) {
                wanted.insert(id)
            } else {
                var place = arms.span(ofByte: offset)
                place.endColumn = place.column + max(1, text.unicodeScalars.count)
                diagnostics.append(
                    Diagnostic(
                        at: place, "the suite has no arm `\(id)`", hint: NearestName.hint(id, in: ids, kind: "arms")))
            }
            offset += part.count + 1
        }
        suite.arms.removeAll { !wanted.contains($0.id) }
        suite.metrics.removeAll { metric in metric.over.map { !wanted.contains($0) } ?? false }
    }
}

extension String {
    /// Without leading and trailing characters that satisfy `predicate`.
    func trimming(_ predicate: (Character) -> Bool) -> String {
        var text = self[...]
        while let first = text.first, predicate(first) { text.removeFirst() }
        while let last = text.last, predicate(last) { text.removeLast() }
        return String(text)
    }
}
