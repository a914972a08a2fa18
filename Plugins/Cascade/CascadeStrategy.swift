import EvalhPluginKit

/// Asks a weak model first, and a stronger one if the weak one is not sure.
struct CascadeStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "cascade", version: "1.0.0",
        title: "Model cascade: hand over to a stronger model unless the weaker one is sure",
        description: """
            The arm's own model answers first. Its answer is kept if it is sure enough by `rule`; else the model of role
            `strong` answers, whose answer is final. `stages` names more than two, each with its own of `thresholds`.

            - `threshold`: keep if confidence >= threshold. The confidence is the most frequent answer's share of the
              answers of `samples` samples (`by: agreement`); or, for one sample, the geometric mean of its tokens'
              probabilities (`probability`), a tenth of the number from 0 to 10 that the model of role `verifier_role`
              replies (`rating`), or the share of `checks` of its own answer in which the same model says `positive`
              before `negative` (`self_verification`).
            - `vote`: keep if s >= threshold, s = count of the most frequent answer / number of samples. Samples without
              an answer count in the number and never win. With `second_instruction` as many samples are asked with it,
              and all are counted together.
            - `verify`: keep if the most frequent answers with and without `second_instruction` are equal.

            No paper gives a threshold that holds elsewhere: sweep it. Ties: the answer that appeared first. Cut-off and
            empty samples are no answers; a stage without an answer or without a score (a rating that is no number)
            hands over. Out of budget what came is judged; if the next stage cannot answer, the last answer there is
            stands (reason "budget"); without any there is no answer. A request that fails makes the session an error.
            `probability` needs log-probabilities; without them the session is an error. Confidence: the score of a kept
            answer; of the last stage's its share of the votes, none for one sample. Notes: each stage's score and the
            stage that answered.

            Deviations: FrugalGPT's scorer is trained, here it is one of the four above. AutoMix's few-shot verification
            prompt is replaced by `check_prompt`, and its POMDP by the threshold. Programs of thought are not run: the
            second source is a second instruction.

            Cost: a stage costs its samples and, with a rating or checks, those; all stages that were asked are paid.
            Each source is one request.
            """,
        source:
            """
            Chen et al. 2023, FrugalGPT, arXiv:2305.05176, §3; Aggarwal et al. 2023, AutoMix, arXiv:2310.12963, §3; \
            Yue et al. 2024, LLM cascades with mixture of thought representations, arXiv:2310.03094, §3.1
            """
    )

    private let parameters: CascadeParameters

    init(parameters: CascadeParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        try checkRoles(session)
        let roles = parameters.roles
        var fallback: Answer?
        do {
            for (index, role) in roles.dropLast().enumerated() {
                let threshold = parameters.threshold(ofStage: index)
                let stage = Stage(parameters: parameters, item: item, role: role, threshold: threshold)
                let opinion = try await stage.opinion(session)
                let score = opinion.score.map { "\($0)" } ?? "none"
                session.note("score", "\(name(role, session)) \(score)")
                if opinion.isKept {
                    session.note("stage", "\(index + 1) \(name(role, session))")
                    return opinion.answer
                }
                if fallback?.kind != .answered || opinion.answer.kind == .answered { fallback = opinion.answer }
            }
            let answer = try await last(roles[roles.count - 1], session)
            session.note("stage", "\(roles.count) \(name(roles[roles.count - 1], session))")
            return answer
        } catch let error where isEnd(error) {
            guard var answer = fallback else { throw error }
            answer.reason = Batch.reason(of: error) ?? answer.reason
            session.note("stage", "none further: \(answer.reason)")
            return answer
        }
    }

    private func last(_ role: String, _ session: Session) async throws -> Answer {
        let batch = await session.gather(n: parameters.strongSamples, model: role)
        let first = try batch.first()
        let reason = batch.interruptionReason ?? "handed_over"
        guard parameters.strongSamples > 1 else { return Answer(first, reason: reason) }
        var tally = VoteTally()
        for choice in batch.choices { try session.vote(choice, in: &tally) }
        session.emit(tally)
        return tally.answer(reason: reason)
    }

    /// Whether nothing more can be had, so that what there is must do.
    private func isEnd(_ error: any Error) -> Bool {
        error is RequestFailed || error is SessionStopped || (error as? Rejected)?.reason == .budget
    }

    private func checkRoles(_ session: Session) throws {
        let isRated = parameters.by == .rating
        for role in parameters.roles + (isRated ? [parameters.verifierRole] : []) { try session.requiredModel(role) }
    }

    private func name(_ role: String, _ session: Session) -> String { session.model(role)?.role ?? role }

    static func estimate(_ parameters: CascadeParameters) -> Estimate? {
        let sources = parameters.hasTwoSources ? 2 : 1
        let samples = parameters.judgesOneSample ? 1 : parameters.samples * sources
        let verifications =
            switch parameters.by {
            case .agreement, .probability: 0
            case .rating: 1
            case .selfVerification: parameters.checks
            }
        // A sample that is no answer is not verified but handed over.
        let least =
            samples
            + min(
                verifications, parameters.roles.count > 2 ? min(1, parameters.strongSamples) : parameters.strongSamples)
        let stages = parameters.roles.count - 1
        return Estimate(
            completions: least...(stages * (samples + verifications) + parameters.strongSamples),
            promptPasses: Double(stages * (sources + min(1, verifications)) + 1))
    }
}
