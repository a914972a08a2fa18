import EvalhPluginKit

struct ZipRcParameters: PluginParameters {
    @Parameter(
        """
        Expected outcomes of a sample as \"reward:length:probability\": reward 0 to 1, length in tokens, probability \
        or count.
        """
    )
    var prior = ["1:100:0.6", "0:300:0.4"]
    @Parameter("The most samples.", range: 1...64) var maxSamples = 8
    @Parameter("1: cost is compute only; 0: latency only.", range: 0...1) var alpha = 0.1
    @Parameter("Weight of the cost of a plain sample against a reward of 1.", range: 0...1000) var beta = 0.01
    @Parameter("Tokens between two decisions.", range: 1...1_000_000) var everyTokens = 256
    @Parameter("The most decisions while samples run; then they run to their ends.", range: 1...4096) var maxDecisions =
        64
    @Parameter("Tokens at which a sample is cut off, and counted as reward 0; left out: never.", range: 1...1_000_000)
    var horizon: Int? = nil
    @Parameter("Ask the model about its partial answers, and weight rewards by what it says.") var selfEvaluation =
        false
    @Parameter("What the model is asked about its answer; No means nothing better is to be expected.")
    var question = SelfEvaluator.question
}

/// Starts as many samples as are worth it, and stops those that are not any more.
struct ZipRcStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "zip-rc", version: "1.0.0", title: "Utility of reward against cost decides how many samples run",
        description: """
            From expectations of a sample's reward and length the utility U = E[best reward] −
            `beta`·(`alpha`·E[compute]/c₀ + (1 − `alpha`)·E[latency]/l₀) of n samples is found for n up to
            `max_samples`, c₀ = l₀ being the expected length of one sample; the n of the largest U is started as streams
            (ties: the fewest). Each time all running ones have `every_tokens` more tokens, U is found again for going
            on with all of them, with all but the weakest, and so on to none; the best is done (ties: the most go on).
            At least one goes on until one has finished. The weakest has the smallest expected reward, of equal ones the
            latest.

            ZIP-RC reads these expectations from reserved logits of a model trained for it. Over an API they are not to
            be had, so `prior` is a table of how often recorded samples had which reward and length; its default is an
            example, not a measurement. For a running sample the table is narrowed to lengths above what it has (beyond
            all rows: the longest rows, with `every_tokens` to go); a finished one has the reward of its length's rows.
            With `self_evaluation` the model is asked about each running and finished text, and rewards v are weighted
            by v·s + (1 − v)·(1 − s), s = P(No)/(P(No) + P(Yes)) of the first token; without it samples of the same
            length are not told apart. Streams cannot be paused or branched over an API, so these actions are left out.

            The answer is the majority of the finished samples (the paper's: the highest predicted value). Ties: the
            answer with the sample of the higher expected reward, then the earlier. Cut-off samples and samples without
            an answer do not vote, as in self-consistency; stopped ones are dropped. A stream that has no budget drops
            out, and the others go on (reason "budget"); without any there is no answer. A request that fails makes the
            session an error. A session that is stopped ends with what has finished. Log-probabilities are needed for
            `self_evaluation` only; the session is an error without them there. Confidence: the winner's share of the
            votes.

            Cost: up to `max_samples` completions, cut short where they are stopped, in as many requests; with
            `self_evaluation` one token more for each of them at each decision, which sends prompt and text again.
            """,
        source: """
            Zero-Overhead Introspection for Adaptive Test-Time Compute (ZIP-RC), ICLR 2026; code rohinmanvi/ZIP-RC: \
            joint prediction; sampling utility with order statistics of the best reward and of latency
            """,
        needs: [.stream, .cancel])

    private let parameters: ZipRcParameters
    private let prior: PriorTable
    private let utility: SamplingUtility

    init(parameters: ZipRcParameters) throws {
        self.parameters = parameters
        prior = try PriorTable(parameters.prior, horizon: parameters.horizon.map { Double($0) } ?? .infinity)
        utility = SamplingUtility(
            alpha: parameters.alpha, beta: parameters.beta, unit: Prospect(outcomes: prior.start.outcomes).compute)
    }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let evaluator = SelfEvaluator(parameters.question, about: item, in: session)
        var samples: [RunningSample] = []
        for _ in 0..<count(session) {
            samples.append(
                RunningSample(try session.stream(sampling: parameters.horizon.map { Sampling(maxTokens: $0) })))
        }
        var decisions = 0
        var isStopped = false
        while samples.contains(where: \.sample.isOpen), decisions < parameters.maxDecisions {
            decisions += 1
            for index in samples.indices { await samples[index].sample.read(until: decisions * parameters.everyTokens) }
            guard samples.contains(where: \.sample.isOpen) else { break }
            try await evaluate(&samples, evaluator)
            let dropped = dropped(samples)
            guard !dropped.isEmpty else { continue }
            session.note("stopped", "\(dropped.count) after \(decisions * parameters.everyTokens) tokens")
            for index in dropped { await samples[index].sample.stop() }
            isStopped = !samples.contains(where: \.sample.isOpen)
        }
        for index in samples.indices { await samples[index].sample.read(until: Int.max) }
        return try conclude(samples, isStopped ? "utility" : "complete", session)
    }

    /// How many samples are started.
    private func count(_ session: Session) -> Int {
        let values = Self.values(prior.start, utility, atMost: parameters.maxSamples)
        for (index, value) in values.enumerated() {
            session.note(
                "utility \(index + 1)",
                "\(value.utility) best \(value.best) compute \(value.compute) latency \(value.latency)")
        }
        let count = Self.bestCount(values)
        session.note("samples", "\(count)")
        return count
    }

    /// U of 1, 2, ... samples.
    private static func values(_ start: Prospect, _ utility: SamplingUtility, atMost most: Int) -> [SamplingUtility
        .Value]
    {
        (1...most).map { utility.value(of: Array(repeating: start, count: $0)) }
    }

    private static func bestCount(_ values: [SamplingUtility.Value]) -> Int {
        1 + values.indices.reduce(0) { values[$1].utility > values[$0].utility ? $1 : $0 }
    }

    /// The model's own opinion of all that may still be the answer.
    private func evaluate(_ samples: inout [RunningSample], _ evaluator: SelfEvaluator) async throws {
        guard parameters.selfEvaluation else { return }
        let asked = samples.indices.filter {
            samples[$0].sample.isOpen || (samples[$0].isFinished && samples[$0].evaluation == nil)
        }
        for (index, value) in zip(asked, try await Opinion.of(asked.map { samples[$0].sample.text }, by: evaluator)) {
            samples[index].evaluation = value ?? samples[index].evaluation
        }
    }

    /// The running samples that are not worth going on with.
    private func dropped(_ samples: [RunningSample]) -> [Int] {
        let finished = samples.filter(\.isFinished).map { $0.prospect(prior, step: parameters.everyTokens) }
        let open = samples.indices.filter { samples[$0].sample.isOpen }.map { index in
            (index: index, prospect: samples[index].prospect(prior, step: parameters.everyTokens))
        }
        let ranked = open.sorted { ($0.prospect.value, -$0.index) > ($1.prospect.value, -$1.index) }
        var best = (kept: ranked.count, utility: -Double.infinity)
        for kept in stride(from: ranked.count, through: finished.isEmpty ? 1 : 0, by: -1) {
            let value = utility.value(of: finished + ranked.prefix(kept).map(\.prospect)).utility
            if value > best.utility { best = (kept, value) }
        }
        return ranked.dropFirst(best.kept).map(\.index)
    }

    // MARK: The answer

    private func conclude(_ samples: [RunningSample], _ reason: String, _ session: Session) throws -> Answer {
        let interruption = samples.lazy.compactMap(\.sample.interruption).first
        let stopped = Batch.reason(of: interruption)
        var tally = VoteTally()
        var values: [(answer: String, value: Double)] = []
        for sample in samples {
            guard let choice = sample.sample.choice else { continue }
            let answer = try session.extract(choice)?.answer
            tally.add(choice, answer: answer)
            if let answer { values.append((answer, sample.prospect(prior, step: parameters.everyTokens).value)) }
        }
        session.emit(tally)
        if tally.votes.isEmpty, tally.abstentions.isEmpty, let interruption {
            guard let text = samples.lazy.map(\.sample.text).first(where: { !$0.isEmpty }) else { throw interruption }
            return Answer(text, kind: .unfinished, reason: stopped ?? "")
        }
        guard let winner = tally.winner else { return tally.answer(reason: stopped ?? reason) }
        let leaders = tally.candidates.filter { $0.weight == winner.weight }
        func value(_ candidate: VoteTally.Candidate) -> Double {
            values.filter { $0.answer == candidate.answer }.map(\.value).max() ?? 0
        }
        let best = leaders.reduce(winner) { value($1) > value($0) ? $1 : $0 }
        return Answer(best.first.text, confidence: best.weight / tally.totalWeight, reason: stopped ?? reason)
    }

    static func estimate(_ parameters: ZipRcParameters) -> Estimate? {
        guard let strategy = try? ZipRcStrategy(parameters: parameters) else { return nil }
        let count = bestCount(values(strategy.prior.start, strategy.utility, atMost: parameters.maxSamples))
        // A finished sample is asked about once, a running one at each decision.
        let evaluations = parameters.selfEvaluation ? count * parameters.maxDecisions : 0
        return Estimate(completions: count...(count + evaluations), promptPasses: Double(count + evaluations))
    }
}
