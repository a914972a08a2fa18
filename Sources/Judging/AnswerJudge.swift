package import Completions
internal import JSON
internal import Journal
package import SuiteModel

/// A judge of any answer, whether or not it is a session's: what it is asked, and what its completions come to. Asking
/// is left to others.
package struct AnswerJudge: Sendable {
    package struct Verdict: Hashable, Sendable {
        /// `correct`, `incorrect` or `none`.
        package var word: String
        /// From 0 (wrong) to 1 (right); `nil`: the judge could not tell.
        package var score: Double?
        /// Why there is none, as `NoVerdict` has it.
        package var reason: String?
        package var explanation: String?
    }

    private let judge: JudgeSpec
    private let withReference: JudgePrompt
    private let withoutReference: JudgePrompt

    /// - Parameter judge: of one answer, not of two.
    /// - Throws: `PromptFailure` if its template cannot be read.
    package init(_ judge: JudgeSpec) throws(PromptFailure) {
        self.judge = judge
        withReference = try JudgePrompt(judge)
        var alone = judge
        if alone.template == .correctness { alone.template = .own(JudgeTemplates.withoutReference) }
        withoutReference = try JudgePrompt(alone)
    }

    /// What the judge is asked, `repeats` times.
    /// - Parameter reference: what is known to be right; `nil`: the judge decides by itself.
    package func request(answer: String, question: String, reference: String?) -> CompletionRequest {
        let item = JournalItem(ordinal: 0, id: "", input: question, target: reference ?? "", fieldsJSON: "{}")
        return (reference == nil ? withoutReference : withReference)
            .request(item, answer, other: nil, isSwapped: false)
    }

    /// - Parameter completions: one for each repeat, at least one.
    /// - Throws: where a probability was asked for and the endpoint gave none.
    package func verdict(of completions: [Completion]) throws(ModelFailure) -> Verdict {
        let reader = VerdictReader(judge)
        let readings: [VerdictReader.Reading]
        do {
            readings = try completions.map { try reader.read($0, isSwapped: false) }
        } catch {
            throw ModelFailure(
                kind: .unsupported,
                message: "the judge gave no log-probabilities; use another `verdict` than `probability`")
        }
        let outcome = JudgeTally(judge).outcome([readings])
        return Verdict(
            word: outcome.verdict.map { $0 == .right ? "correct" : "incorrect" } ?? "none",
            score: outcome.probability ?? outcome.verdict?.score, reason: outcome.noVerdict?.rawValue,
            explanation: completions.first.flatMap(explanation))
    }

    /// What the judge said before its verdict.
    private func explanation(_ completion: Completion) -> String? {
        let text: String?
        switch judge.form {
        case .json: text = (try? JSONValue(parsing: completion.text))?["reason"]?.string
        case .word:
            var lines = completion.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
            text = lines.dropLast().joined(separator: "\n")
        case .probability: text = nil
        }
        return text.flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    }
}
