internal import Completions
internal import JSON

extension ModelSpec {
    /// As JSON without secrets.
    var resolved: JSONValue {
        var members: [JSONValue.Member] = [
            .init("provider", .string(provider.rawValue)),
            .init("base_url", JSONValue(optional: baseURL.map(Self.withoutQuery))),
            .init("unix_socket", JSONValue(optional: unixSocket)), .init("model", .string(model)),
            .init("api_key_env", JSONValue(optional: apiKeyEnv)),
            .init("command", .strings(Self.withoutSecrets(command))),
            .init("environment", .strings(environment.keys.sorted())),
            .init("working_directory", .string(workingDirectory)),
            .init("startup_timeout", .double(startupTimeout)), .init("connections", JSONValue(optional: connections)),
            .init(
                "deadlines",
                .object([
                    .init("connect", .double(deadlines.connect)), .init("first_byte", .double(deadlines.firstByte)),
                    .init("idle", .double(deadlines.idle)), .init("total", .double(deadlines.total)),
                ])),
            .init(
                "price",
                price.map { price in
                    .object([
                        .init("prompt", .double(price.prompt)), .init("cached_prompt", .double(price.cachedPrompt)),
                        .init("completion", .double(price.completion)),
                    ])
                } ?? .null),
            .init(
                "shape",
                shape.map { shape in
                    .object([
                        .init("parameters", .double(shape.parameters)), .init("layers", .integer(shape.layers)),
                        .init("heads", .integer(shape.heads)), .init("kv_heads", .integer(shape.kvHeads)),
                        .init("head_size", .integer(shape.headSize)), .init("bytes", .double(shape.bytes)),
                        .init("intensity", .double(shape.intensity)),
                    ])
                } ?? .null),
            .init(
                "capabilities",
                .object([
                    .init("stream", JSONValue(optional: capabilities.stream)),
                    .init("top_logprobs", JSONValue(optional: capabilities.topLogprobs)),
                    .init("logprobs", JSONValue(optional: capabilities.logprobs)),
                    .init("prefix", JSONValue(optional: capabilities.prefix)),
                    .init("n", JSONValue(optional: capabilities.multipleChoices)),
                    .init("seed", JSONValue(optional: capabilities.seed)),
                    .init("cancel", JSONValue(optional: capabilities.cancel)),
                    .init("reasoning_apart", JSONValue(optional: capabilities.sendsReasoningApart)),
                ])),
        ]
        if provider == .command { members.append(.init("run", run.resolved)) }
        if reasoning != .auto { members.append(.init("reasoning", reasoning.resolved)) }
        if wire != WireSpec() { members.append(.init("wire", wire.resolved)) }
        if provider == .reference { members.append(.init("inside", .string(inside.text))) }
        return .object(members)
    }

    /// A command for people, on one line of at most 120 characters, without what looks like a key.
    package static func shown(_ command: [String]) -> String {
        let text = withoutSecrets(command).joined(separator: " ")
        return text.count > 120 ? text.prefix(119) + "…" : text
    }

    /// Some providers take keys in the query of the address.
    private static func withoutQuery(_ address: String) -> String {
        String(address.prefix { $0 != "?" && $0 != "#" })
    }

    /// Arguments with the values of options that look like keys left out.
    static func withoutSecrets(_ command: [String]) -> [String] {
        let words: Set<Substring> = ["key", "token", "secret", "password", "apikey", "auth"]
        var result: [String] = []
        var isValue = false
        for argument in command {
            if isValue {
                result.append("(left out)")
                isValue = false
                continue
            }
            let name = argument.lowercased().prefix { $0 != "=" }
            guard name.hasPrefix("-"),
                name.split(whereSeparator: { "-_".contains($0) }).contains(where: { words.contains($0) })
            else {
                result.append(argument)
                continue
            }
            let equals = argument.firstIndex(of: "=")
            result.append(equals.map { argument[...$0] + "(left out)" } ?? argument)
            isValue = equals == nil
        }
        return result
    }
}

extension ReasoningFormat {
    fileprivate var resolved: JSONValue {
        switch self {
        case .auto: .string("auto")
        case .none: .string("none")
        case .marks(let marks, let isOpen):
            .object([
                .init("open", .string(marks.open)), .init("close", .string(marks.close)),
                .init("opened_by_template", .bool(isOpen)),
            ])
        }
    }
}

extension RunSpec {
    fileprivate var resolved: JSONValue {
        .object([
            .init("timeout", .double(timeout)), .init("memory", JSONValue(optional: memory.map { Int($0) })),
            .init("unit", JSONValue(optional: unit)), .init("cost_per_token", .double(costPerToken)),
        ])
    }
}
