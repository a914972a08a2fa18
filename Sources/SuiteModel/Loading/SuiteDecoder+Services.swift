internal import Completions

extension SuiteDecoder {
    mutating func services(_ view: ObjectView, models: [ModelSpec], _ words: any SuiteVocabulary) -> [ServiceSpec] {
        let specs = (view.written("services")?.entries ?? []).compactMap { entry -> ServiceSpec? in
            guard entry.value.entries != nil else { return nil }
            return service(entry.key, entry.value, models, words)
        }
        for spec in specs where spec.kind == .retrieve && spec.method == .vectors { checkEmbedder(spec, specs, view) }
        return specs
    }

    private mutating func service(
        _ name: String, _ node: YAMLNode, _ models: [ModelSpec], _ words: any SuiteVocabulary
    ) -> ServiceSpec? {
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
        retrieval(view, &spec)
        programs(view, &spec)
        judging(view, &spec)
        spec.workers = view.integer("workers")
        spec.dimensions = view.integer("dimensions")
        spec.shorten = view.text("shorten").flatMap(ServiceSpec.Shorten.init) ?? spec.shorten
        spec.interface = view.text("interface").flatMap(ServiceSpec.Interface.init) ?? spec.interface
        spec.encoding = view.text("encoding").flatMap(ServiceSpec.Encoding.init) ?? spec.encoding
        spec.batch = view.integer("batch") ?? spec.batch
        switch kind {
        case .tool, .mcp: need("command", of: view, kind, hint: "for example [python3, tool.py]")
        case .plugin:
            need("use", of: view, kind, hint: "the id of a plugin of kind evalh.service/1")
            plugin(view, &spec, words)
        case .execute where spec.language != "python":
            need("command", of: view, kind, hint: "what runs `\(spec.language)`, for example [sh]")
        case .score, .embed, .retrieve, .execute, .judge: break
        }
        return spec
    }

    private mutating func retrieval(_ view: ObjectView, _ spec: inout ServiceSpec) {
        spec.corpus = corpus(view, spec.kind)
        spec.method = view.text("method").flatMap(ServiceSpec.Method.init) ?? spec.method
        spec.embedder = view.text("embedder")
        spec.metric = view.text("metric").flatMap(ServiceSpec.Metric.init) ?? spec.metric
        spec.index = view.text("index").flatMap(ServiceSpec.Index.init) ?? spec.index
        spec.lists = view.integer("lists")
        spec.probes = view.integer("probes") ?? spec.probes
        spec.k1 = view.number("k1") ?? spec.k1
        spec.b = view.number("b") ?? spec.b
        spec.hits = view.integer("hits") ?? spec.hits
    }

    private mutating func programs(_ view: ObjectView, _ spec: inout ServiceSpec) {
        func bytes(_ key: String) -> Int? {
            view.text(key).flatMap(ByteSizeText.bytes).map { Int(clamping: $0) }
        }
        spec.language = view.text("language") ?? spec.language
        spec.file = view.text("file") ?? spec.file
        spec.timeout = view.seconds("timeout")
        spec.memory = bytes("memory")
        spec.output = bytes("output")
        spec.command = view.texts("command")
        for entry in view.written("environment")?.entries ?? [] { spec.environment[entry.key] = entry.value.string }
        spec.secrets = view.texts("secrets")
        spec.about = view.text("about")
        spec.workingDirectory = paths.absolute(view.text("working_directory") ?? ".")
        spec.tools = view.texts("tools")
        if spec.kind == .execute, let template = view.written("template"), let text = template.string,
            !text.contains("{{code}}") || !text.contains("{{tests}}")
        {
            report(template.span, "the `template` of programs needs {{code}} and {{tests}}, the places of what is run")
        }
    }

    private mutating func judging(_ view: ObjectView, _ spec: inout ServiceSpec) {
        spec.template = view.text("template")
        spec.verdict = view.text("verdict").flatMap(JudgeSpec.Form.init) ?? spec.verdict
        spec.repeats = view.integer("repeats") ?? spec.repeats
        spec.maxTokens = view.integer("max_tokens")
    }

    /// The plugin that a service is, and its parameters.
    private mutating func plugin(_ view: ObjectView, _ spec: inout ServiceSpec, _ words: any SuiteVocabulary) {
        guard let named = view.written("use"), let id = named.string else { return }
        spec.use = id
        guard let plugin = words.service(id) else {
            return unknown("service plugin", id, at: named.span, legal: words.serviceIDs, words)
        }
        spec.parametersJSON = parameters(plugin, view, at: named.span)
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
