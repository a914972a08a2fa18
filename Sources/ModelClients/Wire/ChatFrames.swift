package import Completions

/// Turns messages into one prompt, for endpoints that take plain prompts.
package struct ChatFrames: Codable, Hashable, Sendable {
    /// What stands around the content of a message.
    package struct Frame: Codable, Hashable, Sendable {
        package var before: String
        package var after: String

        package init(before: String, after: String) {
            self.before = before
            self.after = after
        }
    }

    package var system: Frame
    package var user: Frame
    package var assistant: Frame

    package init(system: Frame, user: Frame, assistant: Frame) {
        self.system = system
        self.user = user
        self.assistant = assistant
    }

    /// The frame of ChatML, which many models are trained on.
    package static let chatML: ChatFrames = {
        func frame(_ role: String) -> Frame { Frame(before: "<|im_start|>\(role)\n", after: "<|im_end|>\n") }
        return ChatFrames(system: frame("system"), user: frame("user"), assistant: frame("assistant"))
    }()

    /// The prompt: every message in its frame, then the opening of the assistant's and the prefix.
    package func prompt(_ request: CompletionRequest) -> String {
        var prompt = ""
        for message in request.messages {
            let frame = frame(of: message.role)
            prompt += frame.before + message.content + frame.after
        }
        return prompt + assistant.before + request.prefix
    }

    private func frame(of role: ChatRole) -> Frame {
        switch role {
        case .system: system
        case .user: user
        case .assistant: assistant
        }
    }

    /// The prompt of a request by `template`; without one, the text of its only message.
    static func prompt(_ request: CompletionRequest, _ template: ChatFrames?) throws(ModelFailure) -> String {
        if let template { return template.prompt(request) }
        guard request.messages.count == 1, let only = request.messages.first, only.role == .user else {
            throw ModelFailure(
                kind: .unsupported,
                message:
                    "this endpoint takes plain prompts: give the model a prompt template, or ask with a single user "
                    + "message"
            )
        }
        return only.content + request.prefix
    }
}
