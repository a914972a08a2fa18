import EvalhPluginKit

/// What turns are ranked among.
enum CalibrationMode: String, CaseIterable, ParameterValue {
    case marginal
    case conditional
}

struct AttsParameters: PluginParameters {
    @Parameter("The role of the model that scores and takes over; the arm's own model drafts.") var target = "strong"
    @Parameter("Chains, run side by side; with more than one the majority answers.", range: 1...256) var chains = 1
    @Parameter("Tokens of a draft's turn.", range: 1...65_536) var draftTokens = 500
    @Parameter("Tokens the target writes when it takes over.", range: 1...65_536) var targetTokens = 500
    @Parameter("The most turns of a chain.", range: 1...256) var maxTurns = 15
    @Parameter("Percentile from which the target takes a turn over.", range: 0...1) var threshold = 0.6
    @Parameter("Take a turn over if its p-value is above this, in place of threshold.", range: 0...1) var alpha:
        Double? = nil
    @Parameter("Perplexities of calibration turns.") var calibration: [Double] = []
    @Parameter(
        """
        marginal: calibration is given; conditional: without it, first turns of the same question are sampled and \
        scored.
        """
    )
    var calibrationMode = CalibrationMode.conditional
    @Parameter("First turns sampled for calibration (conditional).", range: 1...256) var calibrationSamples = 16
    @Parameter("Temperature of the draft.", range: 0...2) var temperature = 0.8
    @Parameter("Text between two pieces of a chain.") var join = "\n\n"
    @Parameter("Tokens of a turn that the target is asked about, where no service scores texts.", range: 1...4096)
    var probes = 32
    @Parameter("Alternatives a token asked for, as far as the target gives them.", range: 0...1024) var alternatives =
        20
}

/// A small model writes in turns; a large one takes over after the turns it finds least likely.
struct AttsStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "atts", version: "1.1.0", title: "Conformal take-over: the target continues after turns it finds unlikely",
        description: """
            The arm's own model drafts a chain in turns of `draft_tokens` tokens. After each, the model of role `target`
            gives the turn's perplexity exp(−mean log p), and its percentile among the calibration perplexities: the
            share that is smaller (<). If it is >= `threshold` the target takes over: it continues the chain, turn
            included, by `target_tokens` tokens. Else the turn is kept as it is. With `alpha` it takes over if p =
            (#{calibration <= perplexity} + 1)/(N + 1) is > `alpha`: an unlikely turn has a large p.

            `calibration` holds perplexities of earlier runs (`marginal`, over questions). Without it (`conditional`)
            `calibration_samples` first turns of the same question are sampled, up to a box, and scored.

            Where the suite has a service of kind `score` for the target's role, a turn is scored by one call of it,
            over all of its tokens. Elsewhere, and for a turn that the service does not take, the target is asked for
            one token at `probes` places of the turn at once, evenly spread, and the mean is over those: an estimate if
            the turn has more tokens, the same number otherwise; the note `scoring` tells which. A token that is not
            among the alternatives counts with the mass of all that are not listed, an upper bound, of at least e^−23.
            Without log-probabilities of draft or target the perplexity is infinite, the target takes over, and the note
            `faults` counts it. A mark that ends a turn is no part of it and is not scored.

            A chain ends after a turn, taken over or not, once it has a box whose braces close or "ANSWER: X", or once a
            piece that ended by itself has an answer by the suite's grader (any text, if the grader finds none in
            texts); it ends if the draft writes nothing, or after `max_turns`. It is then finished if it has an answer
            or its last piece ended by itself, else unfinished. Several chains vote: ties, cut-off chains and chains
            without an answer as in self-consistency. Confidence: the share of the votes, none for one chain.

            A chain that has no budget is unfinished with what it has; if no chain has a text, there is no answer. A
            request that fails makes the session an error. A session that is stopped ends with what there is. Not
            carried over from the paper: the schedule over two servers (chains run side by side as the host admits) and
            steering α to a budget (give `alpha` = 1 − budget share).

            Cost: for each turn of each chain one completion of the draft, one scored text or up to `probes` single
            tokens of the target, and one completion of the target for about 1 − `threshold` of the turns; for
            conditional calibration the same once for each of `calibration_samples` turns, without the completion. Each
            sends prompt and chain again.
            """,
        source: """
            ATTS: Asynchronous Test-Time Scaling via Conformal Prediction, arXiv:2509.15148; code \
            menik1126/Asynchronous-Test-Time-Scaling @bedf81d7, ref_async.py (percentile, threshold 0.6), \
            ref_conformal.py (calibration)
            """,
        needs: [.prefix])

    private let parameters: AttsParameters

    init(parameters: AttsParameters) throws {
        guard parameters.calibrationMode == .conditional || !parameters.calibration.isEmpty else {
            throw ParameterError("calibration_mode marginal needs calibration")
        }
        self.parameters = parameters
    }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let target = try session.requiredModel(parameters.target)
        let scorer = TurnScorer(parameters: parameters, session: session, target: target)
        session.note("scoring", scorer.method)
        let rule = ConformalRule(calibration: try await calibration(scorer, session))
        let chains = await session.sideBySide(Array(0..<parameters.chains)) { _ in
            await chain(rule, scorer, session)
        }
        return try conclude(chains, session)
    }

    private var draftSampling: Sampling {
        Sampling(temperature: parameters.temperature, maxTokens: parameters.draftTokens, topLogprobs: 0)
    }

    // MARK: Calibration

    /// The perplexities that turns are ranked among. A turn that cannot be scored is left out.
    private func calibration(_ scorer: TurnScorer, _ session: Session) async throws -> [Double] {
        guard parameters.calibration.isEmpty else { return parameters.calibration }
        var sampling = draftSampling
        sampling.stop = ["\\boxed{"]
        let batch = await session.gather(n: parameters.calibrationSamples, sampling: sampling)
        if batch.choices.isEmpty, let interruption = batch.interruption { throw interruption }
        let turns = batch.choices.filter { !$0.text.isEmpty }
        let scores = await session.sideBySide(turns) { turn in
            (try? await scorer.perplexity(of: turn, after: "")) ?? .infinity
        }
        let finite = scores.filter(\.isFinite)
        session.note("calibration", "\(finite.count) of \(parameters.calibrationSamples) turns scored")
        return finite
    }

    // MARK: A chain

    private func chain(_ rule: ConformalRule, _ scorer: TurnScorer, _ session: Session) async -> Chain {
        var chain = Chain()
        do {
            for _ in 0..<parameters.maxTurns {
                guard try await turn(&chain, rule, scorer, session), !(try isAnswered(chain, session)) else { break }
            }
        } catch {
            chain.interruption = error
        }
        return chain
    }

    /// One turn; false if the draft wrote nothing.
    private func turn(_ chain: inout Chain, _ rule: ConformalRule, _ scorer: TurnScorer, _ session: Session)
        async throws -> Bool
    {
        let draft = try await session.complete(sampling: draftSampling, prefix: prefix(chain))
        guard !draft.text.isEmpty else { return false }
        let before = prefix(chain)
        chain.append(draft, joinedBy: parameters.join)
        let perplexity = try await scorer.perplexity(of: draft, after: before)
        let isTakenOver = rule.takesOver(perplexity, threshold: parameters.threshold, alpha: parameters.alpha)
        chain.decide(perplexity, rule, isTakenOver: isTakenOver)
        guard isTakenOver else { return true }
        let sampling = Sampling(maxTokens: parameters.targetTokens)
        let piece = try await session.complete(sampling: sampling, prefix: prefix(chain), model: parameters.target)
        if !piece.text.isEmpty { chain.append(piece, joinedBy: parameters.join) }
        return true
    }

    /// What the next piece continues.
    private func prefix(_ chain: Chain) -> String { chain.text.isEmpty ? "" : chain.text + parameters.join }

    private func isAnswered(_ chain: Chain, _ session: Session) throws -> Bool {
        if AnswerMark.isIn(chain.text) { return true }
        guard chain.hasEnded else { return false }
        do {
            return try session.extract(chain.text) != nil
        } catch is Rejected {
            return true
        }
    }

    // MARK: The answer

    private func conclude(_ chains: [Chain], _ session: Session) throws -> Answer {
        note(chains, session)
        let interruption = chains.lazy.compactMap(\.interruption).first
        let choices = chains.compactMap(\.choice)
        if choices.isEmpty {
            if let interruption { throw interruption }
            return .none(reason: "empty")
        }
        let reason = Batch.reason(of: interruption)
        guard parameters.chains > 1 else { return Answer(choices[0], reason: reason ?? ending(choices[0])) }
        var tally = VoteTally()
        for choice in choices { try session.vote(choice, in: &tally) }
        session.emit(tally)
        return tally.answer(reason: reason ?? "chains")
    }

    private func ending(_ choice: Choice) -> String { choice.isFinished ? "complete" : "max_turns" }

    private func note(_ chains: [Chain], _ session: Session) {
        let turns = chains.reduce(0) { $0 + $1.turns.count }
        let takenOver = chains.reduce(0) { $0 + $1.takenOver }
        session.note("turns", "\(turns)")
        session.note("take_over_rate", "\(turns > 0 ? Double(takenOver) / Double(turns) : 0)")
        let faults = chains.reduce(0) { $0 + $1.faults }
        if faults > 0 { session.note("faults", "\(faults) turns without log-probabilities") }
        for (index, chain) in chains.enumerated() where !chain.turns.isEmpty {
            session.note("chain \(index)", chain.turns.joined(separator: "; "))
        }
    }

    static func estimate(_ parameters: AttsParameters) -> Estimate? {
        // A scored turn is one attempt to have it scored and the probes.
        let scoring = 1 + parameters.probes
        let turns = parameters.chains * parameters.maxTurns
        let calibration = parameters.calibration.isEmpty ? parameters.calibrationSamples : 0
        let most = turns * (2 + scoring) + calibration * (1 + scoring)
        return Estimate(completions: (parameters.chains + calibration)...most, promptPasses: Double(most))
    }
}
