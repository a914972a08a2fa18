/// Asks a model about answers of its own: each is put to it as its own message, with a question behind it that one
/// word answers. `Token.share(of:against:)` reads the reply.
public struct SelfEvaluator: Sendable {
    /// Asks whether starting over would help; "No" means that nothing better is to be expected.
    public static let question =
        "Would starting over give a better answer than the one above? Reply with Yes or No only."

    /// What was answered.
    public let item: Item
    /// Who asks.
    public let session: Session
    /// What is asked.
    public let question: String

    /// An evaluator of answers to an item.
    public init(_ question: String, about item: Item, in session: Session) {
        self.question = question
        self.item = item
        self.session = session
    }

    /// The item's prompt, the answer as the model's own message, and the question.
    public func messages(about text: String) -> [Message] {
        item.messages + [Message(.assistant, text), Message(.user, question)]
    }

    /// The reply's first token at temperature 0.
    ///
    /// - Parameters:
    ///   - text: The answer.
    ///   - alternatives: Asked for of the token, as far as the model gives them.
    public func reply(about text: String, alternatives: Int) async -> Batch {
        let sampling = Sampling(
            temperature: 0, maxTokens: 1, topLogprobs: min(alternatives, session.model.topLogprobs))
        return await session.gather(sampling: sampling, messages: messages(about: text))
    }
}
