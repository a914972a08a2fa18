package import JSON

/// What a model's requests carry beyond the usual, and which of a server's interfaces they go to.
package struct WireSpec: Hashable, Sendable {
    /// A header's value: as written, or from the environment, so that no secret stands in a suite.
    package enum HeaderValue: Hashable, Sendable {
        case text(String)
        case environment(String)
    }

    /// What stands around a message in a plain prompt.
    package struct Frame: Hashable, Sendable {
        package var before: String
        package var after: String
    }

    /// How messages become a plain prompt.
    package enum Template: Hashable, Sendable {
        case chatML
        case frames(system: Frame, user: Frame, assistant: Frame)
    }

    /// When `top_k` and `min_p` are sent.
    package enum ExtraSampling: String, CaseIterable, Hashable, Sendable {
        case always
        case ifUsed = "if_used"
        case never
    }

    /// The field that limits an answer's tokens.
    package enum MaxTokensKey: String, CaseIterable, Hashable, Sendable {
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
    }

    /// llama.cpp's own `/completion` in place of chat.
    package var usesCompletion: Bool
    /// `nil`: a single user message is the prompt.
    package var template: Template?
    /// By name, in the suite's order.
    package var headers: [Header]
    /// A JSON object whose members go into each request; empty: none.
    package var body: [JSONValue.Member]
    /// Whether a prefix comes with `continue_final_message` and without `add_generation_prompt`, as vLLM needs it.
    package var sendsContinueFlags: Bool
    /// `nil`: by provider.
    package var extraSampling: ExtraSampling?
    /// `nil`: by address.
    package var maxTokensKey: MaxTokensKey?

    package struct Header: Hashable, Sendable {
        package var name: String
        package var value: HeaderValue
    }

    package init(
        usesCompletion: Bool = false, template: Template? = nil, headers: [Header] = [],
        body: [JSONValue.Member] = [], sendsContinueFlags: Bool = false, extraSampling: ExtraSampling? = nil,
        maxTokensKey: MaxTokensKey? = nil
    ) {
        self.usesCompletion = usesCompletion
        self.template = template
        self.headers = headers
        self.body = body
        self.sendsContinueFlags = sendsContinueFlags
        self.extraSampling = extraSampling
        self.maxTokensKey = maxTokensKey
    }

    /// Fields that evalh writes itself: whoever sets them in `body` would change what is recorded as asked.
    static let ownFields: Set<String> = [
        "model", "messages", "prompt", "stream", "stream_options", "n", "n_cmpl", "n_predict", "n_probs", "seed",
        "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k", "min_p", "stop", "logprobs",
        "top_logprobs", "add_generation_prompt", "continue_final_message", "evalh",
    ]

    /// Headers that evalh or libcurl writes itself.
    static let ownHeaders: Set<String> = [
        "accept", "connection", "content-length", "content-type", "expect", "host", "transfer-encoding",
    ]
}

extension WireSpec {
    /// As JSON for the lock file; values of headers are left out, since people put keys there.
    var resolved: JSONValue {
        var members: [JSONValue.Member] = []
        if usesCompletion { members.append(.init("api", .string("completion"))) }
        switch template {
        case .chatML: members.append(.init("template", .string("chatml")))
        case .frames(let system, let user, let assistant):
            let frames = [("system", system), ("user", user), ("assistant", assistant)].map { name, frame in
                JSONValue.Member(
                    name,
                    .object([.init("before", .string(frame.before)), .init("after", .string(frame.after))]))
            }
            members.append(.init("template", .object(frames)))
        case nil: break
        }
        if !headers.isEmpty { members.append(.init("headers", .strings(headers.map(\.name)))) }
        if !body.isEmpty { members.append(.init("body", .object(body))) }
        if sendsContinueFlags { members.append(.init("continue_flags", .bool(true))) }
        if let extraSampling { members.append(.init("extra_sampling", .string(extraSampling.rawValue))) }
        if let maxTokensKey { members.append(.init("max_tokens_key", .string(maxTokensKey.rawValue))) }
        return .object(members)
    }
}
