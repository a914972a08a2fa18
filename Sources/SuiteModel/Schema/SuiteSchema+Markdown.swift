extension SuiteSchema {
    /// The reference page of the suite format (`docs/suite-reference.md`).
    package static let markdown: String = {
        var page = """
            # Suite reference

            Every key of a suite file. This page, the JSON Schema (`evalh schema suite`) and the checks of `evalh \
            validate` come from one
            table. Unknown keys are errors. Suites are YAML 1.1: `yes`, `no`, `on` and `off` are truth values unless \
            quoted, integers may
            have underscores (`2_000_000`), `010` is text, and templates that begin with a brace need quotes.

            Durations are seconds or text such as `500ms`, `10s`, `1h30m`. Relative paths start at the suite's folder, \
            `~/` at home. A key
            without a value counts as absent.


            """
        var pending: [ObjectSpec] = [SuiteKeys.suite]
        var done: Set<String> = []
        while !pending.isEmpty {
            let spec = pending.removeFirst()
            guard done.insert(spec.title).inserted else { continue }
            page += "## \(spec.title)\n\n\(spec.doc)\n\n| key | value | default | meaning |\n|---|---|---|---|\n"
            for key in spec.keys {
                let fallback = key.isRequired ? "required" : key.defaultText.map { "`\($0)`" } ?? "–"
                page += "| `\(key.name)` | \(describe(key.type)) | \(fallback) | \(key.doc) |\n"
                pending += objects(in: key.type)
            }
            page += "\n"
        }
        return page.trimming { $0 == "\n" } + "\n"
    }()

    private static func objects(in type: ValueType) -> [ObjectSpec] {
        switch type {
        case .object(let spec): [spec]
        case .list(let type, _), .map(_, let type): objects(in: type)
        case .either(let types): types.flatMap(objects)
        default: []
        }
    }

    private static func describe(_ type: ValueType) -> String {
        switch type {
        case .text(let rule): rule.name ?? "text"
        case .integer(let range) where range.lowerBound == range.upperBound: "`\(range.lowerBound)`"
        case .integer(let range):
            range.upperBound == Int.max
                ? "integer, \(range.lowerBound) or more" : "integer, \(range.lowerBound) to \(range.upperBound)"
        case .number(let range): "number, \(range.described)"
        case .truth: "true or false"
        case .duration: "duration"
        case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let type, _): "list of \(describe(type))"
        case .object(let spec): "[\(spec.title)](#\(spec.title.lowercased()))"
        case .map(_, let type): "mapping to \(describe(type))"
        case .either(let types): types.map(describe).joined(separator: ", or ")
        case .parameters: "mapping of parameters"
        case .levels: "mapping of a parameter to its values"
        case .row: "mapping of field names to values"
        }
    }
}
