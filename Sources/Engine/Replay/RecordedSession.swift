package import Completions
package import Journal
package import PluginHost

/// Sessions of a run, done again on what the run recorded: every request finds the very completion that it was
/// answered with, whatever was asked.
package struct RecordedSession {
    private let plan: RunPlan
    private let journal: Journal
    private let peers: PeerTable?

    /// - Parameter journal: the run's, to be read alone.
    package init(plan: RunPlan, journal: Journal) throws(JournalError) {
        self.plan = plan
        self.journal = journal
        peers = plan.arms.contains { $0.pass == .overPeers } ? try PeerTable(plan: plan, journal: journal) : nil
    }

    /// Does a session again.
    ///
    /// - Parameters:
    ///   - strategy: in the place of the arm's own.
    ///   - parametersJSON: in the place of the level's own.
    /// - Returns: its record, or what it asked for that the run did not record.
    package func again(
        _ key: SessionKey, by strategy: any StrategyFactory, parametersJSON: String, item: JournalItem,
        messages: [ChatMessage], grader: any AnswerGrader
    ) -> Result<SessionRecord, RecordedMiss> {
        guard plan.arms.indices.contains(key.arm),
            var level = plan.arms[key.arm].levels.first(where: { $0.index == key.level })
        else { return .failure(RecordedMiss("the suite has no such arm or level any more")) }
        var arm = plan.arms[key.arm]
        arm.strategy = strategy
        level.parametersJSON = parametersJSON
        let start = plan.start(key, arm, level, item, messages, fieldsJSON: plan.shownFields(item))
        do throws(RecordedMiss) {
            let outcome = try SessionReplay.run(
                strategy: strategy, samples: JournalSamples(journal: journal, plan: plan), limits: plan.sessionBudget
            ) {
                StrategySession(
                    start: start, models: plan.models, limits: plan.sessionBudget, peers: peers?.view(key, arm),
                    servesInPart: arm.servesInPart, logLimits: plan.log, grader: grader)
            }
            return .success(
                SessionGrading(key, outcome, item, grader).waited { asked in
                    try answer(to: asked, key)
                })
        } catch {
            return .failure(error)
        }
    }

    /// What a model said to the grader when the run was made.
    package func answer(to asked: GradingQuestion.Request, _ key: SessionKey) throws -> Completion {
        let request = RequestKey(
            fingerprint: plan.models[asked.role]?.fingerprint ?? asked.role, request: asked.request)
        let sample = SampleIndex(repeatIndex: key.repeatIndex, index: asked.sample)
        if let found = try journal.completion(request, sample) { return found }
        throw RecordedMiss("the run has not recorded what the judge '\(asked.role)' says of this answer")
    }
}

/// A run's own completions, by request and number.
private struct JournalSamples: RecordedSamples {
    let journal: Journal
    let plan: RunPlan

    func draw(role: String, request: CompletionRequest) -> Result<Completion, RecordedMiss> { .failure(.otherPrompt) }

    func sample(_ sample: SampleIndex, of request: SampleRequest) -> Result<[Completion], RecordedMiss>? {
        do {
            let recorded = try journal.generations(request.key, sample)
            if !recorded.isEmpty { return .success(recorded) }
        } catch {
            return .failure(RecordedMiss("\(error)"))
        }
        return .failure(
            RecordedMiss("asks \(request.role) for sample \(sample.index) of a request that the run has not recorded"))
    }

    func answer(role: String, request: CompletionRequest, _ sample: SampleIndex) throws -> Completion? {
        let fingerprint = plan.models[role]?.fingerprint ?? role
        return try journal.completion(RequestKey(fingerprint: fingerprint, request: request), sample)
    }
}
