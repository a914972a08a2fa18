import EvalhPluginKit

/// Where the win rate comes from.
enum RouteSource: String, CaseIterable, ParameterValue {
    case field
    case judge
    case weakConfidence = "weak_confidence"
    case random
}

struct RouterParameters: PluginParameters {
    @Parameter(
        """
        Where the win rate comes from. field: the item's field; judge: another model; weak_confidence: disagreement of \
        the weak model's probes; random: none, a share of items is strong.
        """) var by = RouteSource.judge
    @Parameter("The strong model answers if the win rate is at least this.", range: 0...1) var threshold = 0.5
    @Parameter("The role of the strong model; the weak one is the arm's own.") var strong = "strong"
    @Parameter("The item's field that has the win rate, a number in 0...1 (field).") var field = "win_rate"
    @Parameter("The role of the model that judges (judge).") var judgeRole = "grader"
    @Parameter("What it is asked; {question} is filled in. Its number from 0 to 10 is ten times the win rate.")
    var judgePrompt =
        JudgePrompt.text
    @Parameter("The most tokens of its reply.", range: 1...4096) var judgeTokens = 16
    @Parameter("Completions of the weak model that are compared (weak_confidence).", range: 1...1024) var probes = 4
    @Parameter("Share of items that the strong model answers (random).", range: 0...1) var share = 0.5
}

/// Sends an item to a weak or a strong model before either has answered.
struct RouterStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "router", version: "1.0.0", title: "Router: a weak or a strong model for each item",
        description: """
            Finds the item's win rate, the chance that only the strong model gets it right, and asks the model of role
            `strong` if it is at least `threshold`, else the arm's own. The win rate is the number in the item's
            `field`; a tenth of the number from 0 to 10 that the model of role `judge_role` replies (`judge`); or 1 -
            agreement of `probes` completions of the weak model (`weak_confidence`), agreement being the share of the
            most frequent answer in all of them: then the probes' most frequent answer is the weak model's, and is not
            asked for again. `random` sends `share` of the items to the strong model, whatever they are: the baseline.

            Ties between probes: the answer that appeared first. Probes that are cut off or have no answer agree with
            none. A field that is missing or no number in 0...1 is an error. Without a win rate (a judge whose reply has
            no number) the strong model is asked, and it is noted. If there is no budget for the strong model, the weak
            one answers (reason "budget"). A request that fails makes the session an error. A cut-off answer is
            unfinished. Confidence: the agreement where probes answer, else none. Notes: route, win_rate (for `random`
            draw).

            To rate a router run it at several thresholds, with an arm of the weak and one of the strong model alone.
            Each run's PGR = (accuracy - weak) / (strong - weak); its strong share is the share of sessions with the
            note `route: strong`. APGR is the area under PGR over the strong share, between (0, 0) and (1, 1), by
            trapezoids: 0.5 at random. CPT(x) is the smallest strong share at which PGR reaches x (20, 50, 80 %), on
            straight lines between the runs. Compare with `random` at the same shares.

            Deviation: RouteLLM trains its win rate on preferences; here it is given, judged or probed.

            Cost: one completion of the model chosen; `judge` adds one short completion; `weak_confidence` costs
            `probes` of the weak model, and one of the strong if it is chosen.
            """,
        source:
            """
            Ong et al. 2024, RouteLLM: Learning to Route LLMs with Preference Data, arXiv:2406.18665, §3; \
            lm-sys/RouteLLM
            """
    )

    private let parameters: RouterParameters

    init(parameters: RouterParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let isJudged = parameters.by == .judge
        for role in [parameters.strong] + (isJudged ? [parameters.judgeRole] : []) { try session.requiredModel(role) }
        switch parameters.by {
        case .field:
            guard let winRate = WinRate.ofField(item.number(parameters.field)) else {
                throw ParameterError("the item \(item.id) has no number in 0...1 in its field \(parameters.field)")
            }
            return try await route(isStrong(winRate, session), session)
        case .judge:
            guard let winRate = try await judge(item, session) else { return try await route(true, session) }
            return try await route(isStrong(winRate, session), session)
        case .weakConfidence: return try await probe(session)
        case .random:
            let draw = session.uniform()
            session.note("draw", "\(draw)")
            return try await route(RandomRoute.isStrong(draw, share: parameters.share), session)
        }
    }

    private func isStrong(_ winRate: Double, _ session: Session) -> Bool {
        session.note("win_rate", "\(winRate)")
        return WinRate.isStrong(winRate, threshold: parameters.threshold)
    }

    /// `nil` and a note if there is no rating. A request that the endpoint can never carry out is an error.
    private func judge(_ item: Item, _ session: Session) async throws -> Double? {
        let prompt = Template.fill(parameters.judgePrompt, ["question": item.input])
        let batch = await session.gather(
            sampling: Sampling(temperature: 0, maxTokens: parameters.judgeTokens), messages: [Message(.user, prompt)],
            model: parameters.judgeRole)
        try batch.throwIfImpossible()
        let winRate = batch.choices.first.flatMap { WinRate.ofJudge($0.text) }
        if winRate == nil { session.note("judge", batch.interruptionReason ?? "no number in the reply") }
        return winRate
    }

    /// The probes' vote is the answer if they agree enough, or if the strong model cannot be had.
    private func probe(_ session: Session) async throws -> Answer {
        let batch = await session.gather(n: parameters.probes)
        var tally = VoteTally()
        for choice in batch.choices { try session.vote(choice, in: &tally) }
        guard let winRate = WinRate.ofProbes(tally) else {
            throw batch.interruption ?? RequestFailed(.server, message: "the request ended without a completion")
        }
        session.emit(tally)
        var weak = tally.answer(reason: batch.interruptionReason ?? "weak")
        if weak.kind == .answered { weak.confidence = 1 - winRate }
        guard isStrong(winRate, session) else {
            session.note("route", "weak")
            return weak
        }
        let strong = await session.gather(model: parameters.strong)
        if let choice = strong.choices.first {
            session.note("route", "strong")
            return Answer(choice, reason: "strong")
        }
        try strong.throwIfImpossible()
        session.note("route", "weak")
        weak.reason = strong.interruptionReason ?? weak.reason
        return weak
    }

    /// Asks the model chosen; the weak one if there is no budget for the strong one.
    private func route(_ isStrong: Bool, _ session: Session) async throws -> Answer {
        if isStrong {
            do {
                let choice = try await session.complete(model: parameters.strong)
                session.note("route", "strong")
                return Answer(choice, reason: "strong")
            } catch let rejected as Rejected where rejected.reason == .budget {
                let choice = try await session.complete()
                session.note("route", "weak")
                return Answer(choice, reason: "budget")
            }
        }
        let choice = try await session.complete()
        session.note("route", "weak")
        return Answer(choice, reason: "weak")
    }

    static func estimate(_ parameters: RouterParameters) -> Estimate? {
        switch parameters.by {
        case .field, .random: Estimate(completions: 1...1, promptPasses: 1)
        case .judge: Estimate(completions: 2...2, promptPasses: 2)
        case .weakConfidence: Estimate(completions: parameters.probes...(parameters.probes + 1), promptPasses: 2)
        }
    }
}
