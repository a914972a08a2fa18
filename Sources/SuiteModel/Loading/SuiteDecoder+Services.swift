internal import Completions

extension SuiteDecoder {
    mutating func services(_ view: ObjectView, models: [ModelSpec]) -> [ServiceSpec] {
        let specs = (view.written("services")?.entries ?? []).compactMap { entry -> ServiceSpec? in
            guard entry.value.entries != nil else { return nil }
            return service(entry.key, entry.value, models)
        }
        for spec in specs where spec.kind == .retrieve && spec.method == .vectors { checkEmbedder(spec, specs, view) }
        return specs
    }

    private mutating func service(_ name: String, _ node: YAMLNode, _ models: [ModelSpec]) -> ServiceSpec? {
        let view = ObjectView(node: node, spec: SuiteKeys.service)
        guard let kind = view.text("kind").flatMap(ServiceSpec.Kind.init) else { return nil }
        let known = SuiteKeys.keys(of: kind) + ["kind", "usd_per_call"]
        for entry in node.entries ?? [] where !known.contains(entry.key) && SuiteKeys.service[entry.key] != nil {
            report(
                entry.keySpan, "`\(entry.key)` means nothing to a service of kind `\(kind.rawValue)`",
                hint: "it goes by: \(known.joined(separator: ", "))")
        }
        var spec = ServiceSpec(name: name, kind: kind, position: node.span)
        spec.usdPerCall = view.number("usd_per_call") ?? 0
        spec.role = role(view, kind, models)
        spec.dimensions = view.integer("dimensions")
        spec.corpus = corpus(view, kind)
        spec.method = view.text("method").flatMap(ServiceSpec.Method.init) ?? spec.method
        spec.embedder = view.text("embedder")
        spec.index = view.text("index").flatMap(ServiceSpec.Index.init) ?? spec.index
        spec.lists = view.integer("lists")
        spec.probes = view.integer("probes") ?? spec.probes
        spec.k1 = view.number("k1") ?? spec.k1
        spec.b = view.number("b") ?? spec.b
        spec.hits = view.integer("hits") ?? spec.hits
        spec.language = view.text("language") ?? spec.language
        spec.timeout = view.seconds("timeout")
        spec.memory = view.text("memory").flatMap(ByteSizeText.bytes).map { Int(clamping: $0) }
        spec.command = view.texts("command")
        for entry in view.written("environment")?.entries ?? [] { spec.environment[entry.key] = entry.value.string }
        spec.workingDirectory = paths.absolute(view.text("working_directory") ?? ".")
        spec.workers = view.integer("workers")
        spec.tools = view.texts("tools")
        spec.template = view.text("template")
        spec.use = view.text("use")
        switch kind {
        case .tool, .mcp: need("command", of: view, kind, hint: "for example [python3, tool.py]")
        case .plugin: need("use", of: view, kind, hint: "the id of a plugin of kind evalh.service/1")
        case .score, .embed, .retrieve, .execute, .judge: break
        }
        return spec
    }

    private mutating func need(_ key: String, of view: ObjectView, _ kind: ServiceSpec.Kind, hint: String) {
        guard view.written(key) == nil else { return }
        report(view.span("kind"), "a service of kind `\(kind.rawValue)` needs `\(key)`", hint: hint)
    }

    /// The role of the model that does it; the default role if it names none.
    private mutating func role(_ view: ObjectView, _ kind: ServiceSpec.Kind, _ models: [ModelSpec]) -> String? {
        guard [.score, .embed, .judge].contains(kind) else { return nil }
        let roles = models.map(\.role)
        guard let role = view.text("model") else { return roles.contains("main") ? "main" : roles.first }
        if !roles.contains(role) {
            report(
                view.span("model"), "there is no model with the role `\(role)`",
                hint: NearestName.hint(role, in: roles, kind: "roles"))
        }
        return role
    }

    private mutating func corpus(_ view: ObjectView, _ kind: ServiceSpec.Kind) -> CorpusSpec? {
        guard kind == .retrieve else { return nil }
        need("corpus", of: view, kind, hint: "for example {path: documents.jsonl}")
        guard let node = view.written("corpus"), node.entries != nil else { return nil }
        let corpus = ObjectView(node: node, spec: SuiteKeys.corpus)
        let path = corpus.text("path") ?? ""
        return CorpusSpec(
            path: paths.absolute(path), sha256: corpus.text("sha256")?.lowercased(),
            format: format(corpus, file: path, at: corpus.span("path")), textField: corpus.text("text") ?? "text",
            idField: corpus.text("id"), limit: corpus.integer("limit"))
    }

    private mutating func checkEmbedder(_ spec: ServiceSpec, _ specs: [ServiceSpec], _ view: ObjectView) {
        let node = view.written("services")?[spec.name]
        let embedders = specs.filter { $0.kind == .embed }.map(\.name)
        guard let name = spec.embedder else {
            report(
                node?["method"]?.span ?? spec.position, "`method: vectors` needs `embedder`, a service of kind `embed`",
                hint: embedders.isEmpty ? "add one under `services`" : "there are: \(embedders.joined(separator: ", "))"
            )
            return
        }
        guard !embedders.contains(name) else { return }
        report(
            node?["embedder"]?.span ?? spec.position, "there is no service `\(name)` of kind `embed`",
            hint: NearestName.hint(name, in: embedders, kind: "services of kind `embed`"))
    }
}
