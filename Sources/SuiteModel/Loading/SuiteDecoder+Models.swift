internal import Completions
internal import EvalhStatistics

extension SuiteDecoder {
    mutating func models(_ view: ObjectView, _ words: any SuiteVocabulary) -> [ModelSpec] {
        guard let node = view.written("models") else { return [] }
        if node.entries?.isEmpty == true {
            report(
                node.span, "`models` names no model",
                hint: "for example main: {provider: openai, base_url: http://127.0.0.1:8080/v1}")
        }
        return (node.entries ?? []).compactMap { entry in
            guard entry.value.entries != nil else { return nil }
            return model(entry.key, entry.value, words)
        }
    }

    private mutating func model(_ role: String, _ node: YAMLNode, _ words: any SuiteVocabulary) -> ModelSpec? {
        let view = ObjectView(node: node, spec: SuiteKeys.model)
        guard let provider = view.text("provider").flatMap(ModelSpec.Provider.init) else { return nil }
        if let instead = words.unavailableProviders[provider] {
            report(
                view.span("provider"), "the provider `\(provider.rawValue)` is not available in this build",
                hint: instead)
        }
        checkEndpoint(provider, view)
        let deadlines = view.object("deadlines", SuiteKeys.deadlines)
        let capabilities = view.object("capabilities", SuiteKeys.capabilities)
        var environment: [String: String] = [:]
        for entry in view.written("environment")?.entries ?? [] { environment[entry.key] = entry.value.string }
        let command = view.texts("command")
        // A program has no name of its own: the command tells readers of reports what ran.
        let isNamed = provider != .command || view.written("model") != nil
        let name = isNamed ? view.text("model") : ModelSpec.shown(command)
        return ModelSpec(
            role: role, provider: provider, baseURL: view.text("base_url").map { $0.trimmingSlash },
            unixSocket: view.text("unix_socket").map(paths.absolute), model: name ?? "default",
            apiKeyEnv: view.text("api_key_env"), command: command, environment: environment,
            workingDirectory: paths.absolute(view.text("working_directory") ?? "."),
            startupTimeout: view.seconds("startup_timeout") ?? 120,
            connections: view.integer("connections"),
            deadlines: DeadlineSpec(
                connect: deadlines.seconds("connect") ?? 10, firstByte: deadlines.seconds("first_byte") ?? 300,
                idle: deadlines.seconds("idle") ?? 90, total: deadlines.seconds("total") ?? 1800),
            price: price(view), shape: shape(view) ?? (provider == .reference ? .embedded : nil),
            capabilities: CapabilityOverrides(
                stream: capabilities.truth("stream"), topLogprobs: capabilities.integer("top_logprobs"),
                logprobs: capabilities.truth("logprobs"), prefix: capabilities.truth("prefix"),
                multipleChoices: capabilities.truth("n"),
                seed: capabilities.truth("seed"), cancel: capabilities.truth("cancel"),
                sendsReasoningApart: capabilities.truth("reasoning_apart")),
            reasoning: reasoning(view),
            run: RunSpec(
                timeout: view.seconds("timeout") ?? 60, memory: view.text("memory").flatMap(ByteSizeText.bytes),
                unit: view.text("unit"),
                costPerToken: view.number("cost_per_token") ?? 1),
            inside: inside(view),
            wire: wire(provider, view),
            position: node.span)
    }

    /// Keys that a provider needs, and those that mean nothing to it.
    private mutating func checkEndpoint(_ provider: ModelSpec.Provider, _ view: ObjectView) {
        let connection = ["base_url", "unix_socket", "api_key_env"]
        let server = ["startup_timeout"]
        let process = ["command", "environment", "working_directory"]
        let run = ["timeout", "memory", "unit", "cost_per_token"]
        let remote = ["deadlines", "capabilities", "reasoning", "headers", "body", "extra_sampling"]
        let llama = ["api"]
        let remoteChat = ["continue_flags", "max_tokens_key"]
        let own = ["template"] + llama + remoteChat
        let inside = ["exit", "speculative"]
        let useless: [String]
        switch provider {
        case .openai, .openaiCompletions, .llamaCpp:
            useless =
                process + server + run + inside + (provider == .llamaCpp ? [] : llama)
                + (provider == .openai ? [] : remoteChat)
            if view.written("base_url") == nil, view.written("unix_socket") == nil {
                report(
                    view.span("provider"), "the provider `\(provider.rawValue)` needs `base_url`",
                    hint: provider == .llamaCpp
                        ? "for example http://127.0.0.1:8080" : "for example http://127.0.0.1:8080/v1")
            }
        case .llamaServer:
            useless = connection + run + inside + remoteChat
            if view.written("command") == nil {
                report(
                    view.span("provider"), "the provider `llama-server` needs `command`",
                    hint: "for example [llama-server, --model, model.gguf, --port, \"{port}\"]")
            }
        case .command:
            useless = connection + server + remote + inside + own
            if view.written("command") == nil {
                report(
                    view.span("provider"), "the provider `command` needs `command`",
                    hint: "program and arguments, for example [python3, solver.py]")
            }
        case .reference: useless = connection + process + server + run + own + ["headers", "body", "extra_sampling"]
        // A suite for a live model is replayed as it is.
        case .pool: useless = []
        }
        for entry in view.node?.entries ?? [] where useless.contains(entry.key) && !entry.value.isNull {
            report(
                entry.keySpan, "`\(entry.key)` means nothing to the provider `\(provider.rawValue)`", hint: "remove it")
        }
    }

    private func reasoning(_ view: ObjectView) -> ReasoningFormat {
        guard let node = view.written("reasoning") else { return .auto }
        guard node.entries != nil else { return node.string == "none" ? .none : .auto }
        let marks = ObjectView(node: node, spec: SuiteKeys.reasoning)
        guard let close = marks.text("close") else { return .auto }
        return .marks(
            ReasoningMarks(open: marks.text("open") ?? "", close: close),
            isOpen: marks.truth("opened_by_template") ?? false)
    }

    private func inside(_ view: ObjectView) -> ModelInside {
        var inside = ModelInside()
        if let node = view.written("exit") {
            let exit = ObjectView(node: node, spec: SuiteKeys.exit)
            inside.exit = ModelInside.Exit(
                policy: exit.text("policy") ?? "none", threshold: exit.number("threshold"), layer: exit.integer("layer")
            )
        }
        if let node = view.written("speculative") {
            let speculative = ObjectView(node: node, spec: SuiteKeys.speculative)
            inside.speculative = ModelInside.Speculative(
                policy: speculative.text("policy") ?? "none", length: speculative.integer("length"),
                threshold: speculative.number("threshold"))
        }
        return inside
    }

    private func shape(_ view: ObjectView) -> ModelShape? {
        guard let node = view.written("shape") else { return nil }
        let shape = ObjectView(node: node, spec: SuiteKeys.shape)
        guard let parameters = shape.number("parameters"), let layers = shape.integer("layers"),
            let heads = shape.integer("heads"),
            let size = shape.integer("head_size")
        else { return nil }
        return ModelShape(
            parameters: parameters, layers: layers, heads: heads, kvHeads: shape.integer("kv_heads") ?? heads,
            headSize: size,
            bytes: shape.number("bytes") ?? 2, intensity: shape.number("intensity") ?? 562.5)
    }

    private func price(_ view: ObjectView) -> TokenPrice? {
        guard let node = view.written("price") else { return nil }
        let price = ObjectView(node: node, spec: SuiteKeys.price)
        guard let prompt = price.number("prompt"), let completion = price.number("completion") else { return nil }
        return TokenPrice(prompt: prompt, cachedPrompt: price.number("cached_prompt"), completion: completion)
    }
}

extension String {
    /// Without slashes at the end.
    var trimmingSlash: String {
        var text = self[...]
        while text.last == "/" { text.removeLast() }
        return String(text)
    }
}
