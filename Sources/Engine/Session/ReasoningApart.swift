/// Endpoints that send a model's thinking apart from its text: the text lacks the thought, so nothing can continue it.
package enum ReasoningApart {
    package static func message(role: String) -> String {
        "the endpoint of model '\(role)' sends its thinking apart from its text, so that no text can be continued\n"
            + "have it in the text: llama.cpp with --reasoning-format none, or `body: {reasoning_format: none}` under "
            + "models.\(role); vLLM and SGLang without a reasoning parser"
    }

    package static func message(arm: String, role: String) -> String {
        "arm \(arm) continues texts, but " + message(role: role)
    }
}
