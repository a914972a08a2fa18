internal import Completions
package import Engine
internal import JSON
package import Journal
package import PluginHost
package import SuiteModel

/// Has models judge answers. It asks through the engine, so that what a judge said is recorded and paid once; it keeps
/// no state of its own.
package final class JudgeGrader: AnswerGrader, Sendable {
    private let judge: JudgeSpec
    private let prompt: JudgePrompt
    private let prices: [String: TokenPrice]
    private let finder: (any GraderPlugin)?

    /// - Parameter finder: finds the answers that strategies vote on; `nil`: they cannot vote.
    /// - Throws: `PromptFailure` if its template cannot be read.
    package init(_ judge: JudgeSpec, models: [ModelSpec], finder: (any GraderPlugin)?) throws {
        self.judge = judge
        prompt = try JudgePrompt(judge)
        prices = Dictionary(models.compactMap { model in model.price.map { (model.role, $0) } }) { first, _ in first }
        self.finder = finder
    }

    package func extract(_ text: String) throws -> (answer: String, stage: String)? {
        try finder?.extract(text, fieldsJSON: "{}")
    }

    package func areSame(_ first: String, _ other: String) throws -> Bool {
        try finder?.areSame(first, other) ?? false
    }

    package func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradingStep {
        let found = try finder?.extract(answer, fieldsJSON: "{}")?.answer
        if isUnfinished { return .graded(Grade(score: 0, strictScore: 0, extracted: found, stage: "unfinished")) }
        if HumanLabel.trimmed(answer).isEmpty { return .graded(Grade(score: 0, strictScore: 0, stage: "none")) }
        let label = try HumanLabel.find(judge, item, answer)
        let other = judge.isPairwise ? try baseline(item) : nil
        let roles = [judge.role, judge.second].compactMap(\.self)
        var requests: [GradingQuestion.Request] = []
        for role in roles {
            for isSwapped in orders {
                let request = prompt.request(item, answer, other: other, isSwapped: isSwapped)
                requests += (0..<judge.repeats).map { .init(role: role, request: request, sample: $0) }
            }
        }
        return .ask(
            GradingQuestion(requests) { [self] completions in
                .graded(try grade(completions, roles, found: found, label: label))
            })
    }

    /// Whether the judged answer is shown second.
    private var orders: [Bool] { judge.isPairwise && judge.swaps ? [false, true] : [false] }

    private func baseline(_ item: JournalItem) throws(HumanLabel.Mistake) -> String {
        guard let name = judge.baseline else { return item.target }
        guard let value = JSONValue(parsingOrNull: item.fieldsJSON)[name], value != .null else {
            throw HumanLabel.Mistake(
                description: "the item has no field `\(name)` with the answer to compare with (`baseline` of `judge`)")
        }
        return value.plainText
    }

    private func grade(_ completions: [Completion], _ roles: [String], found: String?, label: JudgeVerdict?) throws
        -> Grade
    {
        let each = orders.count * judge.repeats
        var outcomes: [JudgeTally.Outcome] = []
        var judgement = Judgement(label: label, usd: 0)
        for (place, role) in roles.enumerated() {
            let own = Array(completions[place * each..<(place + 1) * each])
            outcomes.append(try outcome(own, role))
            for completion in own {
                judgement.usage += completion.usage
                if let price = prices[role], let sum = judgement.usd {
                    judgement.usd = sum + price.cost(of: completion.usage)
                } else {
                    judgement.usd = nil
                }
            }
        }
        judgement.verdict = outcomes[0].verdict
        judgement.noVerdict = outcomes[0].noVerdict
        judgement.probability = outcomes[0].probability
        judgement.second = outcomes.count > 1 ? outcomes[1].verdict : nil
        let score = judgement.verdict?.score ?? 0
        return Grade(
            score: score, strictScore: score,
            isUndecided: judgement.verdict == nil && judge.noVerdict == .leftOut, extracted: found,
            stage: judgement.verdict == nil ? "no_verdict" : "judge", judgement: judgement)
    }

    private func outcome(_ completions: [Completion], _ role: String) throws -> JudgeTally.Outcome {
        let reader = VerdictReader(judge)
        do {
            let readings = try orders.enumerated().map { order, isSwapped in
                try completions[order * judge.repeats..<(order + 1) * judge.repeats].map {
                    try reader.read($0, isSwapped: isSwapped)
                }
            }
            return JudgeTally(judge).outcome(readings)
        } catch is VerdictReader.MissingLogprobs {
            throw GradingFailure(
                role: role,
                failure: ModelFailure(
                    kind: .unsupported,
                    message: "it gave no log-probabilities; use another `verdict` than `probability`"))
        }
    }
}
