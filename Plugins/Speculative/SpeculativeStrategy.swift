import EvalhPluginKit

/// How the target's text is to come out.
enum DecodingMode: String, CaseIterable, ParameterValue {
    case greedy
    case sampling
}

/// How the target judges a draft.
enum Verification: String, CaseIterable, ParameterValue {
    case generate
    case score
}

/// How many tokens are proposed at a time.
enum CandidateLength: String, CaseIterable, ParameterValue {
    case fixed
    case adaptive
}

struct SpeculativeParameters: PluginParameters {
    @Parameter("The role of the model whose text it is; the arm's own model drafts.") var target = "strong"
    @Parameter("greedy: the target's text at temperature 0, exactly; sampling: at temperature 1, needs verify: score.")
    var mode = DecodingMode.greedy
    @Parameter(
        "generate: the target writes too and texts are compared; score: the target is asked at each drafted token.")
    var verify = Verification.generate
    @Parameter("fixed: candidates tokens a round; adaptive: until a rejection is likely.") var length = CandidateLength
        .fixed
    @Parameter("Tokens proposed a round (fixed).", range: 1...64) var candidates = 4
    @Parameter("Fewest tokens proposed a round (adaptive).", range: 1...64) var minCandidates = 2
    @Parameter("Most tokens proposed a round (adaptive).", range: 1...64) var maxCandidates = 20
    @Parameter("Probability of any rejection above which no more is proposed (adaptive).", range: 0...1)
    var stopThreshold = 0.3
    @Parameter("How likely a drafted token is accepted: its probability, or entropy: 1 - sqrt(gamma * H).")
    var acceptance = AcceptanceProxy.probability
    @Parameter("Weight of the entropy in the acceptance estimate.", range: 0...10) var gamma = 0.2
    @Parameter("Cost of a discarded token; with cost_target it replaces stop_threshold.", range: 0...1_000_000)
    var costDiscard: Double? = nil
    @Parameter("Cost of a call of the target beyond a draft token's.", range: 0...1_000_000) var costTarget: Double? =
        nil
    @Parameter("Loss of stopping too early, in the unit of the costs.", range: 0...1_000_000) var delta = 0.0
    @Parameter("Typical acceptance: the probability from which a token is always kept.", range: 0...1) var epsilon =
        0.09
    @Parameter("Typical acceptance: weight of exp(-entropy).", range: 0...1) var typicalDelta = 0.3
    @Parameter("Alternatives a token asked for, as far as the models give them.", range: 0...1024) var alternatives = 20
    @Parameter("Chance of acceptance for the expected_tokens note; left out: as measured.", range: 0...1) var alpha:
        Double? = nil
    @Parameter("The most tokens of the answer; left out: as the suite says for the target.", range: 1...1_000_000)
    var maxTokens: Int? = nil
    @Parameter("The most rounds of drafting and verifying.", range: 1...65_536) var maxRounds = 256

    /// h, from the costs if they are given.
    var threshold: Double {
        guard let costDiscard, let costTarget else { return stopThreshold }
        return CandidateRule.threshold(discard: costDiscard, target: costTarget, delta: delta)
    }

    /// The most tokens proposed a round.
    var mostCandidates: Int { length == .fixed ? candidates : maxCandidates }
}

/// A draft proposes tokens and a target accepts or replaces them.
struct SpeculativeStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "speculative", version: "1.1.0",
        title: "Speculative decoding over two endpoints: a draft proposes, a target decides",
        description: """
            The arm's own model proposes tokens, the model of role `target` accepts a first part of them and adds one of
            its own; then the next round. This is the black-box variant of SpecDec++, not SpecDec++ itself: there is no
            acceptance head.

            `mode: greedy` gives exactly the text that the target writes at temperature 0, as far as the target's next
            token depends on the text alone and not on how it was cut into tokens. `verify: generate` lets the target
            write as many tokens and one more after the same text: what both wrote is accepted, in whole tokens of the
            target. It saves no work of the target; it measures what speculation would. `verify: score` asks the target
            for one token at each drafted position at once, as one pass of a server would; a token is accepted if the
            target's has the same text. Where the suite has a service of kind `score` for the target's role, and it
            tells the same tokens, one call of it comes first: a token of more than half of the target's probability is
            the target's, and only about the others it is asked, one after the other.

            `mode: sampling` draws at temperature 1 without top-p, top-k and min-p, because log-probabilities are of
            that distribution, and needs `verify: score`. Where both models list their whole vocabulary (sums of 1
            within 1e-6) it is exact: accepted with min(1, p/q), else drawn from norm([p − q]₊). Elsewhere it is lossy
            and so noted: typical acceptance, p >= min(epsilon, typical_delta · e^(−H)), H over the listed tokens and
            the rest as one token; a token that is not listed counts with the whole mass of the rest, an upper bound. A
            service of kind `score` is asked for that instead; it tells no entropy, so p >= epsilon.

            `length: adaptive` streams the draft and stops after at least `min_candidates` and at most `max_candidates`
            tokens once 1 − Πp > h, the first token not counted; p is the token's probability in the draft or 1 −
            √(gamma·H). h is `stop_threshold`, or (c2 + delta)/(c1 + c2 + delta) from `cost_discard` (c1) and
            `cost_target` (c2).

            The target decides where the text ends. At the token limit or after `max_rounds` the text is unfinished, as
            it is when the budget ends or the session is stopped with a text begun; without any it is no answer. A
            request that fails makes the session an error. There are no votes and no ties. Without log-probabilities,
            which tell tokens apart, the session is an error. No confidence.

            Notes: acceptance_rate (of the tokens judged; behind a rejected one none is), discard_rate (proposed and not
            accepted, over the answer's tokens), verification_rate (rounds over tokens), target_calls, draft_tokens,
            target_prompt_tokens (read again in each call: the cost of this over an API without a prefix cache),
            expected_tokens (a round, (1 − α^(K+1))/(1 − α)).

            Cost: each round one completion of the draft and one of the target (`generate`), or one token of the target
            for each drafted token and one more (`score`), or one scored text, one token and one more for each drafted
            token that is less than certain (`score` by a service); every one of them sends prompt and text again.
            """,
        source: """
            Huang et al. 2024, SpecDec++, arXiv:2405.19715, Theorem 3.1 and hf_generation.py (stop rule); Leviathan et \
            al. 2023, arXiv:2211.17192 (exact sampling, expected tokens); Cai et al. 2024, Medusa, arXiv:2401.10774 \
            (typical acceptance); Agrawal et al. 2024, AdaEDL, arXiv:2410.18351 (entropy estimate)
            """,
        needs: [.logprobs, .prefix])

    private let parameters: SpeculativeParameters

    init(parameters: SpeculativeParameters) throws {
        guard parameters.minCandidates <= parameters.maxCandidates else {
            throw ParameterError(
                "min_candidates (\(parameters.minCandidates)) is more than max_candidates (\(parameters.maxCandidates))"
            )
        }
        guard parameters.mode == .greedy || parameters.verify == .score else {
            throw ParameterError("mode sampling needs verify: score")
        }
        guard (parameters.costDiscard == nil) == (parameters.costTarget == nil) else {
            throw ParameterError("cost_discard and cost_target are given together or not at all")
        }
        self.parameters = parameters
    }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let target = try session.requiredModel(parameters.target)
        let drafter = Drafter(parameters: parameters, session: session)
        let verifier = Verifier(parameters: parameters, session: session, target: target)
        let limit = parameters.maxTokens ?? target.sampling.maxTokens ?? Int.max
        var run = SpeculativeRun()
        defer { note(run, session) }
        do {
            while run.rounds < parameters.maxRounds, run.tokens < limit {
                let draft = try await drafter.propose(after: run.text, atMost: limit - run.tokens)
                let round = try await verifier.verify(draft, after: run.text, atMost: limit - run.tokens, &run)
                run.add(round, proposed: draft.count)
                if round.hasEnded {
                    return run.text.isEmpty ? .none(reason: "empty") : Answer(run.text, reason: "complete")
                }
                if round.text.isEmpty { break }
            }
        } catch  where !run.text.isEmpty && (error is Rejected || error is RequestFailed || error is SessionStopped) {
            return Answer(
                run.text, kind: .unfinished, reason: Batch.reason(of: error) ?? "")
        }
        return Answer(run.text, kind: .unfinished, reason: run.rounds < parameters.maxRounds ? "cut_off" : "max_rounds")
    }

    private func note(_ run: SpeculativeRun, _ session: Session) {
        run.note(in: session)
        guard run.rounds > 0 else { return }
        if parameters.length == .adaptive { session.note("threshold", "\(parameters.threshold)") }
        let alpha = parameters.alpha ?? run.acceptanceRate
        let expected = CandidateRule.expectedTokens(acceptance: alpha, candidates: parameters.mostCandidates)
        session.note("expected_tokens", "\(expected)")
    }

    static func estimate(_ parameters: SpeculativeParameters) -> Estimate? {
        // A draft and, if the target is asked at each position, one of it more than drafted and an attempt to have the
        // text scored.
        let round = parameters.verify == .generate ? 2 : parameters.mostCandidates + 3
        let most = round * parameters.maxRounds
        return Estimate(completions: 2...most, promptPasses: Double(most))
    }
}
