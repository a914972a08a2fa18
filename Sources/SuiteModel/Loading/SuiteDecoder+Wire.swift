internal import JSON

extension SuiteDecoder {
    /// What a model's requests carry beyond the usual.
    mutating func wire(_ provider: ModelSpec.Provider, _ view: ObjectView) -> WireSpec {
        let usesCompletion = view.text("api") == "completion"
        let isLlama = provider == .llamaCpp || provider == .llamaServer
        let takesPlainPrompts = provider == .openaiCompletions || (isLlama && usesCompletion)
        if view.written("template") != nil, !takesPlainPrompts {
            report(
                view.span("template"), "`template` is for plain prompts; chat servers have their own",
                hint: isLlama ? "say `api: completion` as well" : "use the provider `openai-completions`")
        }
        return WireSpec(
            usesCompletion: usesCompletion, template: template(view), headers: headers(view), body: body(view),
            sendsContinueFlags: view.truth("continue_flags") ?? false,
            extraSampling: view.text("extra_sampling").flatMap(WireSpec.ExtraSampling.init),
            maxTokensKey: view.text("max_tokens_key").flatMap(WireSpec.MaxTokensKey.init))
    }

    private mutating func template(_ view: ObjectView) -> WireSpec.Template? {
        guard let node = view.written("template") else { return nil }
        if let name = node.string {
            if name != "chatml" {
                report(
                    node.span, "unknown template `\(name)`",
                    hint: "`chatml`, or a mapping of system, user and assistant to {before, after}")
            }
            return .chatML
        }
        let template = ObjectView(node: node, spec: SuiteKeys.template)
        func frame(_ key: String) -> WireSpec.Frame {
            let frame = template.object(key, SuiteKeys.frame)
            return WireSpec.Frame(before: frame.text("before") ?? "", after: frame.text("after") ?? "")
        }
        return .frames(system: frame("system"), user: frame("user"), assistant: frame("assistant"))
    }

    private mutating func headers(_ view: ObjectView) -> [WireSpec.Header] {
        var headers: [WireSpec.Header] = []
        for entry in view.written("headers")?.entries ?? [] {
            let name = entry.key.lowercased()
            if WireSpec.ownHeaders.contains(name) {
                report(entry.keySpan, "the header `\(entry.key)` is evalh's own to write", hint: "remove it")
            } else if headers.contains(where: { $0.name.lowercased() == name }) {
                report(entry.keySpan, "the header `\(entry.key)` is here twice", hint: "keep one")
            } else if name == "authorization", view.written("api_key_env") != nil {
                report(
                    entry.keySpan, "`api_key_env` writes the header `\(entry.key)` already", hint: "keep one of them")
            } else if let text = entry.value.string {
                headers.append(.init(name: entry.key, value: .text(text)))
            } else if let variable = ObjectView(node: entry.value, spec: SuiteKeys.headerVariable).text("env") {
                headers.append(.init(name: entry.key, value: .environment(variable)))
            }
        }
        return headers
    }

    private mutating func body(_ view: ObjectView) -> [JSONValue.Member] {
        guard let entries = view.written("body")?.entries else { return [] }
        for entry in entries where WireSpec.ownFields.contains(entry.key) {
            report(
                entry.keySpan, "the field `\(entry.key)` is evalh's own to write",
                hint: "use the suite's keys (`sampling`, `model`, …), so that what was asked is recorded")
        }
        return entries.map { JSONValue.Member($0.key, JSONValue($0.value)) }
    }
}
