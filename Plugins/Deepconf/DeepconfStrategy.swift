import EvalhPluginKit

enum DeepconfMode: String, CaseIterable, ParameterValue {
    case offline, online
}

struct DeepconfParameters: PluginParameters {
    @Parameter(
        """
        offline: sample all, filter, vote; online: warm up, then stop traces that are not confident, and stop all once \
        decided.
        """
    )
    var mode = DeepconfMode.offline
    @Parameter("Traces in all.", range: 1...4096) var traces = 256
    @Parameter("online: traces of the warm-up, sampled to their ends.", range: 1...1024) var warmUp = 16
    @Parameter("Share of traces that is kept, in percent: the most confident ones.", range: 0...100) var keep = 90.0
    @Parameter("offline: what a trace is scored by; also the weight of its vote.") var score = TraceScore.bottom10
    @Parameter("Tokens of the sliding window.", range: 1...1_000_000) var window = 2048
    @Parameter("Alternatives a token that confidence is taken over.", range: 1...200) var alternatives = 20
    @Parameter("online: share of the votes at which the leading answer decides.", range: 0...1) var consensus = 0.95
}

/// Votes of confident traces only.
struct DeepconfStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "deepconf", version: "1.0.0", title: "Confidence-filtered voting, and stopping traces that lose confidence",
        description: """
            A token's confidence is C = −(1/k) Σ ln p over its k = `alternatives` likeliest tokens, without those of
            probability 0: high where the distribution is peaked. A group's is the mean over a sliding `window` of
            tokens; a trace shorter than the window is one group.

            - `offline`: samples `traces` completions, scores each by `score` (mean; the mean of the lowest tenth of its
              groups; its lowest group; its last window), keeps those with a score >= the (100 − `keep`)-th percentile,
              and takes the answer with the highest sum of scores.
            - `online`: `warm_up` completions give the threshold s, the (100 − `keep`)-th percentile of their lowest
              groups. Then one trace after another is streamed and cancelled as soon as its last full window's mean is <
              s; such a trace does not vote. The vote is among traces with a lowest group >= s, weighted by it. Before
              each trace and at the end: if the leading answer has a share >= `consensus` of the votes, that decides
              (reason "consensus"); at most `traces` in all.

            Percentiles are interpolated linearly. Ties: the answer that appeared first. Cut-off completions and those
            without an answer do not vote. Out of budget, or after a request that failed, the votes so far decide, and
            after a failure the session is marked as served in part; without any completion the session is an error, or
            no answer for want of budget. A trace without log-probabilities makes the session an error. Many endpoints
            give at most 5 to 20 alternatives: compare confidences at the same k only. Deviation: the paper streams all
            online traces at once; here they follow each other, so that the order of events does not depend on timing.
            Confidence: the winner's share of the weights.

            Cost: `traces` completions offline. Online `warm_up` whole ones, then up to `traces` − `warm_up`, cut short
            where they are cancelled, each sending the prompt.
            """,
        source: "Fu et al. 2025, Deep Think with Confidence, arXiv:2508.15260, §3; code facebookresearch/deepconf",
        needs: [.partial, .logprobs],
        topLogprobs: 1)

    private let parameters: DeepconfParameters

    init(parameters: DeepconfParameters) throws {
        guard parameters.mode == .offline || parameters.warmUp <= parameters.traces else {
            throw ParameterError("warm_up (\(parameters.warmUp)) is more than traces (\(parameters.traces))")
        }
        self.parameters = parameters
    }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let first = parameters.mode == .offline ? parameters.traces : parameters.warmUp
        let batch = await session.gather(n: first, sampling: Sampling(topLogprobs: parameters.alternatives))
        if batch.choices.isEmpty, let interruption = batch.interruption { throw interruption }
        let traces = try batch.choices.filter { !$0.text.isEmpty }.map { ($0, try confidence($0.tokens, session)) }
        guard !traces.isEmpty else { return .none(reason: "empty") }
        switch parameters.mode {
        case .offline: return try vote(traces, parameters.score, reason: batch.interruptionReason ?? "samples", session)
        case .online:
            return try await online(traces, drawn: batch.choices.count, interruption: batch.interruptionReason, session)
        }
    }

    private func confidence(_ tokens: [Token], _ session: Session) throws -> TraceConfidence {
        guard let confidence = TraceConfidence(tokens, window: parameters.window) else {
            throw MissingLogprobs(model: session.model.role)
        }
        return confidence
    }

    /// Filters by the percentile of the scores and votes with them.
    private func vote(_ traces: [(Choice, TraceConfidence)], _ kind: TraceScore, reason: String, _ session: Session)
        throws -> Answer
    {
        let scores = traces.map { $0.1.score(kind) }
        let threshold = Percentile.value(100 - parameters.keep, of: scores)
        var tally = VoteTally()
        for ((choice, _), score) in zip(traces, scores) where score >= threshold {
            try session.vote(choice, in: &tally, weight: max(0, score))
        }
        session.note("threshold", "\(threshold)")
        session.note("kept", "\(scores.count { $0 >= threshold }) of \(traces.count)")
        session.emit(tally)
        return tally.answer(reason: reason)
    }

    /// - Parameter drawn: completions of the warm-up, empty ones included.
    private func online(
        _ warmUp: [(Choice, TraceConfidence)], drawn first: Int, interruption: String?, _ session: Session
    ) async throws
        -> Answer
    {
        let threshold = Percentile.value(100 - parameters.keep, of: warmUp.map(\.1.lowestGroup))
        session.note("threshold", "\(threshold)")
        var tally = VoteTally()
        for (choice, confidence) in warmUp where confidence.lowestGroup >= threshold {
            try session.vote(choice, in: &tally, weight: confidence.lowestGroup)
        }
        var reason = interruption ?? "traces"
        var drawn = first
        var stopped = 0
        defer { session.note("stopped", "\(stopped) of \(drawn - first) traces") }
        while interruption == nil {
            if isDecided(tally) {
                reason = "consensus"
                break
            }
            guard drawn < parameters.traces else { break }
            do {
                drawn += 1
                guard let (choice, confidence) = try await trace(threshold, session) else {
                    stopped += 1
                    continue
                }
                if confidence.lowestGroup >= threshold {
                    try session.vote(choice, in: &tally, weight: confidence.lowestGroup)
                }
            } catch let error where error is RequestFailed || error is Rejected || error is SessionStopped {
                reason = Batch.reason(of: error) ?? "interrupted"
                break
            }
        }
        session.emit(tally)
        return tally.answer(reason: reason)
    }

    private func isDecided(_ tally: VoteTally) -> Bool {
        guard let winner = tally.winner, tally.totalWeight > 0 else { return false }
        return winner.weight / tally.totalWeight >= parameters.consensus
    }

    /// Streams a trace; `nil`: it lost confidence and was cancelled, or said nothing.
    private func trace(_ threshold: Double, _ session: Session) async throws -> (Choice, TraceConfidence)? {
        let stream = try session.stream(sampling: Sampling(topLogprobs: parameters.alternatives))
        var sliding = SlidingMean(window: parameters.window)
        for try await chunk in stream {
            var group: Double?
            for token in chunk.tokens {
                guard let value = TraceConfidence.confidence(token) else {
                    throw MissingLogprobs(model: session.model.role)
                }
                group = sliding.add(value)
            }
            guard let group, group < threshold else { continue }
            let cancellation = try await stream.cancel()
            guard let choice = cancellation.choice else { return nil }
            // It had ended already: it counts as what it is.
            return (choice, try confidence(choice.tokens, session))
        }
        guard let choice = stream.choice, !choice.text.isEmpty else { return nil }
        return (choice, try confidence(choice.tokens, session))
    }

    static func estimate(_ parameters: DeepconfParameters) -> Estimate? {
        switch parameters.mode {
        case .offline: Estimate(completions: parameters.traces...parameters.traces, promptPasses: 1)
        case .online:
            Estimate(
                completions: parameters.warmUp...parameters.traces,
                promptPasses: Double(1 + parameters.traces - parameters.warmUp))
        }
    }
}
