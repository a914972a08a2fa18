extension SuiteKeys {
    /// Keys of a model that say what its requests carry.
    static let wire: [KeySpec] = [
        KeySpec(
            "api", .choice(["chat", "completion"]),
            "`llama.cpp` and `llama-server` only: `completion` asks llama.cpp's own `/completion` with a plain prompt.",
            default: "chat"),
        KeySpec(
            "template", .either([.text(), .object(template)]),
            "For plain prompts (`openai-completions`, or `api: completion`): `chatml`, or what stands around each "
                + "message. Without it only a single user message can be asked."),
        KeySpec(
            "headers", .map(.headerName, .either([.text(.headerValue), .object(headerVariable)])),
            "More headers of each request. Secrets are named: `{env: NAME}`."),
        KeySpec(
            "body", .parameters,
            "More fields of each request, for what a server takes beyond OpenAI's, for example "
                + "`{chat_template_kwargs: {enable_thinking: no}}`. They are part of the model's fingerprint; fields "
                + "that evalh writes itself are refused."),
        KeySpec(
            "continue_flags", .truth,
            "Sends `continue_final_message` and `add_generation_prompt: false` with a prefix, as vLLM needs it "
                + "to go on in a given text.", default: "no"),
        KeySpec(
            "extra_sampling", .choice(WireSpec.ExtraSampling.allCases.map(\.rawValue)),
            "When `top_k` and `min_p` are sent: `if_used` where they change something. vLLM takes a model's own "
                + "values where none are sent; transformers refuses them. Absent: by provider."),
        KeySpec(
            "max_tokens_key", .choice(WireSpec.MaxTokensKey.allCases.map(\.rawValue)),
            "The field with the limit of tokens. Absent: `max_completion_tokens` for api.openai.com, else "
                + "`max_tokens`."),
    ]

    static let template = ObjectSpec(
        "Template", "What stands around messages in a plain prompt.",
        [
            KeySpec("system", .object(frame), "Around the system's message.", required: true),
            KeySpec("user", .object(frame), "Around a user's message.", required: true),
            KeySpec(
                "assistant", .object(frame),
                "Around an assistant's message; the prompt ends with its `before` and the prefix.", required: true),
        ])

    static let frame = ObjectSpec(
        "Frame", "Text before and after a message's content.",
        [
            KeySpec("before", .text(.any), "Before the content.", required: true),
            KeySpec("after", .text(.any), "After it.", required: true),
        ])

    static let headerVariable = ObjectSpec(
        "Header", "A header's value that is not written into the suite.",
        [KeySpec("env", .text(.environmentVariable), "The environment variable that holds it.", required: true)])
}

extension TextRule {
    static let headerName = TextRule(name: "a header's name", pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$") { text in
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "!#$%&'*+.^_`|~-".utf8.contains(byte)
            }
        }
    }

    static let headerValue = TextRule(
        name: "text without line breaks and control characters", pattern: "^[^\\u0000-\\u0008\\u000a-\\u001f\\u007f]+$"
    ) { text in text.unicodeScalars.allSatisfy { $0 == "\t" || ($0.value >= 0x20 && $0.value != 0x7F) } }
}
