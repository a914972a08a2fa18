internal import Completions
internal import JSON

extension SuiteDecoder {
    mutating func dataset(_ view: ObjectView) -> DatasetSpec {
        let dataset = view.object("dataset", SuiteKeys.dataset)
        let fields = dataset.object("fields", SuiteKeys.fields)
        let address = dataset.text("url")
        let path = dataset.text("path")
        let pool = dataset.text("pool")
        if let node = dataset.node, node.entries != nil {
            let places = [("path", path), ("url", address), ("pool", pool)].filter { $0.1 != nil }.map(\.0)
            if places.count > 1 {
                let written = places.joined(separator: "` and `")
                report(dataset.span(places[1]), "`dataset` has `\(written)`", hint: "keep one of them")
            } else if places.isEmpty {
                var span = node.entries?.first?.keySpan ?? node.span
                if node.entries?.isEmpty != false { span = node.span }
                report(span, "`dataset` needs `path`, `url` or `pool`")
            } else if address != nil, dataset.written("sha256") == nil {
                report(
                    dataset.span("url"), "a data set from an address needs `sha256`",
                    hint: "so that everybody measures on the same rows: sha256sum FILE")
            }
        }
        let location: DatasetSpec.Location =
            pool.map { .pool(paths.absolute($0)) } ?? address.map { .url($0) } ?? .path(paths.absolute(path ?? ""))
        let file = address.map { String($0.prefix { $0 != "?" && $0 != "#" }) } ?? path ?? pool ?? ""
        return DatasetSpec(
            name: dataset.text("name") ?? PathResolver.identifier(file), location: location,
            sha256: dataset.text("sha256")?.lowercased(),
            format: pool == nil
                ? format(dataset, file: file, at: address == nil ? dataset.span("path") : dataset.span("url")) : .jsonl,
            list: dataset.text("list"),
            inputField: fields.text("input") ?? "input", targetField: fields.text("target") ?? "target",
            idField: fields.text("id"),
            skip: dataset.integer("skip") ?? 0, limit: dataset.integer("limit"),
            shuffle: dataset.integer("shuffle").map { UInt64(max(0, $0)) },
            position: dataset.span("path"))
    }

    mutating func format(_ view: ObjectView, file: String, at span: SourceSpan) -> DatasetSpec.Format {
        if let format = view.text("format").flatMap(DatasetSpec.Format.init) { return format }
        var name = file.lowercased()
        if name.hasSuffix(".gz") { name.removeLast(3) }
        let endings: [(String, DatasetSpec.Format)] = [
            (".jsonl", .jsonl), (".ndjson", .jsonl), (".json", .json), (".csv", .csv),
        ]
        if let match = endings.first(where: { name.hasSuffix($0.0) }) { return match.1 }
        if !file.isEmpty, view.written("format") == nil {
            report(span, "the file's ending does not tell its format", hint: "add `format: jsonl`, `json` or `csv`")
        }
        return .jsonl
    }

    mutating func prompt(_ view: ObjectView, dataset: DatasetSpec) -> PromptSpec {
        let prompt = view.object("prompt", SuiteKeys.prompt)
        let system = template(prompt, "system")
        return PromptSpec(
            system: system.flatMap { $0.text.isEmpty ? nil : $0 },
            user: template(prompt, "user") ?? fallback(prompt, "user"),
            fewShot: fewShot(prompt, dataset: dataset), fewShotUser: template(prompt, "few_shot_template"),
            assistant: template(prompt, "assistant") ?? fallback(prompt, "assistant"))
    }

    /// A written template, its syntax checked.
    private mutating func template(_ view: ObjectView, _ key: String) -> TemplateText? {
        guard let node = view.written(key), let text = node.string else { return nil }
        let origin = TextOrigin(node, in: source(of: node))
        for mistake in TemplateScanner.scan(text).mistakes {
            report(
                origin.span(of: mistake.offset, length: mistake.length, in: text), mistake.message, hint: mistake.hint)
        }
        return TemplateText(text: text, origin: origin)
    }

    private func fallback(_ view: ObjectView, _ key: String) -> TemplateText {
        TemplateText(text: view.text(key) ?? "", origin: TextOrigin(span: view.span(key)))
    }

    private mutating func fewShot(_ view: ObjectView, dataset: DatasetSpec) -> FewShotSpec {
        guard let node = view.written("few_shot") else { return .rows([]) }
        if let rows = node.elements {
            return .rows(
                rows.filter { $0.entries != nil }.map { row in
                    for field in [dataset.inputField, dataset.targetField] where JSONValue(row).value(at: field) == nil
                    {
                        let names = row.entries?.map(\.key) ?? []
                        report(
                            row.entries?.first?.keySpan ?? row.span, "this example lacks the field `\(field)`",
                            hint: NearestName.hint(field, in: names, kind: "its fields"))
                    }
                    return FewShotRow(fields: JSONValue(row), position: row.span)
                })
        }
        let file = ObjectView(node: node, spec: SuiteKeys.fewShot)
        let path = file.text("path") ?? ""
        return .file(
            DatasetSpec(
                name: "few-shot examples", location: .path(paths.absolute(path)),
                sha256: file.text("sha256")?.lowercased(),
                format: format(file, file: path, at: file.span("path")), inputField: dataset.inputField,
                targetField: dataset.targetField,
                limit: file.integer("count"), shuffle: file.integer("shuffle").map { UInt64(max(0, $0)) },
                position: file.span("path")))
    }
}
