import EvalhPluginKit

struct BudgetForcingParameters: PluginParameters {
    @Parameter(
        "The most tokens of thinking, extensions included; then the answer is forced. Left out: the suite's limit.",
        range: 1...1_000_000)
    var thinkTokens: Int? = nil
    @Parameter("How often the end of thinking is ignored and `word` put in its place.", range: 0...64) var extensions =
        0
    @Parameter("Text that makes the model go on thinking.") var word = "Wait"
    @Parameter("Text that ends thinking, such as \"</think>\"; empty: the completion's end is the end of thinking.")
    var endOfThinking = ""
    @Parameter("Text that makes the model answer when its thinking is cut short.") var leadIn = "\n\nFinal Answer: "
    @Parameter("The most tokens of the answer.", range: 1...100_000) var answerTokens = 256
}

/// Makes a model think at most, and at least, as long as it is told to.
struct BudgetForcingStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "budget-forcing", version: "1.0.0", title: "Budget forcing: a maximum and a minimum of thinking",
        description: """
            Maximum: when thinking reaches `think_tokens`, `end_of_thinking` and `lead_in` are appended and the model
            answers (reason "forced"). Minimum: when the model would end its thinking, the end is dropped and `word`
            appended instead, `extensions` times; then it may end. Models that think in tags name the closing one as
            `end_of_thinking`, and answer after it; for others the end of the completion is the end of thinking, and the
            text is the answer (reason "complete").

            Thinking goes on from the text so far, so a model that writes nothing more after `word` has ended. An answer
            that is cut off at `answer_tokens` is unfinished. Out of budget the text so far is the answer, as
            unfinished; without any there is no answer. A request that fails makes the session an error. Confidence:
            none. Extensions and tokens of thinking are noted.

            Cost: one completion in 1 + `extensions` + 1 pieces at most, each of which sends prompt and text so far
            (served from the prefix cache where the server has one).
            """,
        source: "Muennighoff et al. 2025, s1: Simple test-time scaling, arXiv:2501.19393, §3 (budget forcing)",
        needs: [.prefix])

    private let parameters: BudgetForcingParameters

    init(parameters: BudgetForcingParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        var text = ""
        do {
            return try await think(&text, session)
        } catch  where !text.isEmpty {
            let reason = Batch.reason(of: error) ?? "interrupted"
            return Answer(text, kind: .unfinished, reason: reason)
        }
    }

    private func think(_ text: inout String, _ session: Session) async throws -> Answer {
        let limit = parameters.thinkTokens ?? session.model.sampling.maxTokens ?? 512
        var used = 0
        var extensions = 0
        var hasWritten = false
        defer { session.note("thinking", "\(used) tokens, \(extensions) extensions") }
        let stop = parameters.endOfThinking.isEmpty ? [] : [parameters.endOfThinking]
        while used < limit {
            let piece = try await session.complete(
                sampling: Sampling(maxTokens: limit - used, stop: stop), prefix: text)
            used += max(1, piece.usage.completionTokens)
            text += piece.text
            hasWritten = hasWritten || !piece.text.isEmpty
            guard piece.isFinished else { break }
            if extensions < parameters.extensions, used < limit {
                extensions += 1
                text += parameters.word
                continue
            }
            if !hasWritten { return .none(reason: "empty") }
            if parameters.endOfThinking.isEmpty { return Answer(text, reason: "complete") }
            return try await answer(after: text + parameters.endOfThinking, leadIn: "", reason: "complete", session)
        }
        return try await answer(
            after: text + parameters.endOfThinking, leadIn: parameters.leadIn, reason: "forced", session)
    }

    private func answer(after thinking: String, leadIn: String, reason: String, _ session: Session) async throws
        -> Answer
    {
        let choice = try await session.complete(
            sampling: Sampling(maxTokens: parameters.answerTokens), prefix: thinking + leadIn)
        guard choice.isFinished else { return Answer(leadIn + choice.text, kind: .unfinished, reason: reason) }
        return choice.text.isEmpty ? .none(reason: "empty") : Answer(leadIn + choice.text, reason: reason)
    }

    static func estimate(_ parameters: BudgetForcingParameters) -> Estimate? {
        Estimate(completions: 1...(2 + parameters.extensions), promptPasses: Double(2 + parameters.extensions))
    }
}
