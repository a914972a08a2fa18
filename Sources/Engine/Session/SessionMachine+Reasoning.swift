internal import Completions

/// Which part of a text is an answer. The session knows what its models wrote, and how each shows its thinking.
extension SessionMachine {
    /// A text without what the model thought.
    ///
    /// A text that a completion of this session has, is that model's; any other is the strategy's own, made of texts of
    /// the arm's model: a choice of a vote, or several completions put together. In such a text only what is marked is
    /// thought, unless it begins with what a model wrote inside a thought that its template opened.
    func split(_ text: String) -> ReasoningSplit {
        let format = format(of: text)
        guard case .marks(_, isOpen: true) = format else { return format.split(text) }
        return format.split(text, startsThought: beginsAsWritten(text))
    }

    /// The same of a session's last answer, with the thinking that came apart from it.
    func finalAnswer(_ text: String) -> ReasoningSplit {
        var split = split(text)
        guard
            let apart = requests.sorted(by: { $0.key < $1.key }).lazy.flatMap(\.value.received)
                .first(where: { $0.reasoning != nil && $0.text == text })?.reasoning
        else { return split }
        split.reasoning = apart + (split.reasoning ?? "")
        // All tokens went into the thought.
        if split.answer.allSatisfy(\.isWhitespace) { split.isUnfinished = true }
        return split
    }

    private func format(of text: String) -> ReasoningFormat {
        let own = models[start.models.first?.role ?? ""]?.reasoning ?? .auto
        guard models.values.contains(where: { $0.reasoning != own }) else { return own }
        let request = requests.values.first { request in request.received.contains { $0.text == text } }
        return request.flatMap { models[$0.asked.role]?.reasoning } ?? own
    }

    /// Whether a text begins with all that a model wrote from its first token on.
    private func beginsAsWritten(_ text: String) -> Bool {
        requests.values.contains { request in
            request.asked.completionRequest.prefix.isEmpty && models[request.asked.role]?.service == nil
                && request.received.contains {
                    $0.reasoning == nil && !$0.text.isEmpty && text.utf8.starts(with: $0.text.utf8)
                }
        }
    }
}
