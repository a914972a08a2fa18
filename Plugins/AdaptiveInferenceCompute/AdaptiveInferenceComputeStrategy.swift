import EvalhPluginKit

/// What self-evaluations are used for.
enum Use: String, CaseIterable, ParameterValue {
    case sample
    case prune
}

struct AdaptiveInferenceComputeParameters: PluginParameters {
    @Parameter(
        """
        sample: one after the other until one is good enough; prune: many at once, of which the worst are stopped \
        early.
        """)
    var mode = Use.sample
    @Parameter("The most completions (sample), or how many are started (prune).", range: 1...256) var maxSamples = 16
    @Parameter("Self-evaluation from which sampling stops; 1: never.", range: 0...1) var threshold = 0.95
    @Parameter("Temperature that samples approach, from 0; left out: the suite's (sample).", range: 0...2)
    var maxTemperature: Double? = nil
    @Parameter("Tokens after which partial answers are evaluated (prune).", range: 1...1_000_000) var checkTokens = 64
    @Parameter("Share of the partial answers that is stopped (prune).", range: 0...1) var pruneShare = 0.5
    @Parameter("What the model is asked about its answer.")
    var question = SelfEvaluator.question
    @Parameter("The reply that means nothing better is to be expected.") var fineWord = "No"
    @Parameter("The reply that means starting over would help.") var againWord = "Yes"
    @Parameter("Alternatives asked for of the reply's first token, as far as the model gives them.", range: 2...1024)
    var alternatives = 20
    @Parameter("Replies sampled for an evaluation where the model gives no alternatives.", range: 1...64) var replies =
        5
}

/// The model says itself whether another attempt would help.
struct AdaptiveInferenceComputeStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "adaptive-inference-compute", version: "1.0.0",
        title: "Self-evaluation decides how many samples, and which go on",
        description: """
            After an answer, or in the middle of one, the model is asked `question`, as a next message, for one token: s
            = P(`fine_word`) / (P(`fine_word`) + P(`again_word`)) over that token's alternatives. Where the model gives
            fewer than two alternatives a token, or none came, `replies` replies are sampled and counted. If neither
            word appears, s is 1/2 and counted in the note `undecided`.

            `mode: sample` draws completions one after the other at temperatures T_max·(1 − 2^−(k−1)), the first one
            greedy, and stops once s >= `threshold`, at the latest after `max_samples`; with a threshold of 1 it never
            stops early. `mode: prune` starts `max_samples` streams, evaluates each after `check_tokens` tokens, keeps
            the best (1 − `prune_share`) of those still running, rounded up and at least one, cancels the others, lets
            the rest finish and evaluates them again. A stream that ends before is not pruned. Streams are not held up
            while they are evaluated; one that ends meanwhile is dropped all the same, so that speed decides nothing.

            The answer is the one with the largest s. Ties: the earlier completion. Cut-off and empty completions are
            not evaluated and are no answer; if there are no others, the first cut-off one is returned as unfinished. If
            the budget ends, the best so far is the answer (reason "budget"); without any there is no answer. A request
            that fails makes the session an error. Confidence: s, which is what the model claims; without the paper's
            training it is not calibrated, so report its AUROC before trusting it.

            Not carried over from the paper: the fine-tuning that calibrates s, and any recalibration of it. The
            annealing and the wording of the question are not the authors' published ones; all of them are parameters.

            Cost: `sample`: 1 to `max_samples` completions, each with an evaluation of one token (or `replies` short
            ones) that sends prompt and answer. `prune`: `max_samples` completions, part of them cut short, and up to
            two evaluations of each.
            """,
        source: """
            Manvi, Singh and Ermon 2024, Adaptive Inference-Time Compute: LLMs Can Predict if They Can Do Better, Even \
            Mid-Generation, arXiv:2410.02725 (capability-aware sampling, early pruning)
            """)

    private let parameters: AdaptiveInferenceComputeParameters

    init(parameters: AdaptiveInferenceComputeParameters) throws {
        guard parameters.fineWord.contains(where: \.isLetter), parameters.againWord.contains(where: \.isLetter),
            parameters.fineWord.lowercased() != parameters.againWord.lowercased()
        else {
            throw ParameterError("fine_word and again_word must be two different words")
        }
        self.parameters = parameters
    }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let evaluator = Evaluator(parameters: parameters, item: item, session: session)
        switch parameters.mode {
        case .sample: return try await sample(evaluator, session)
        case .prune: return try await prune(evaluator, session)
        }
    }

    // MARK: One after the other

    private func sample(_ evaluator: Evaluator, _ session: Session) async throws -> Answer {
        let limit = parameters.maxTemperature ?? session.model.sampling.temperature ?? 1
        var candidates = Candidates()
        for k in 1...parameters.maxSamples {
            let batch = await session.gather(sampling: Sampling(temperature: Annealing.temperature(k, limit: limit)))
            guard let choice = batch.choices.first else { return try conclude(candidates, batch.interruption, session) }
            guard candidates.admits(choice) else { continue }
            do {
                let evaluation = try await evaluator.evaluate(choice.text)
                candidates.add(choice, evaluation)
                if parameters.threshold < 1, evaluation.value >= parameters.threshold {
                    return try conclude(candidates, nil, session, reason: "threshold")
                }
            } catch {
                candidates.add(choice, nil)
                return try conclude(candidates, error, session)
            }
        }
        return try conclude(candidates, nil, session)
    }

    // MARK: Many at once

    private func prune(_ evaluator: Evaluator, _ session: Session) async throws -> Answer {
        var samples: [PartialSample] = []
        for _ in 0..<parameters.maxSamples { samples.append(PartialSample(try session.stream())) }
        for index in samples.indices { await samples[index].read(until: parameters.checkTokens) }
        let open = samples.indices.filter { samples[$0].isOpen }
        let partial = await evaluator.evaluate(all: open.map { samples[$0].text })
        let pruned = pruned(open, partial.evaluations)
        for index in pruned { await samples[index].stop() }
        if !open.isEmpty { session.note("pruned", "\(pruned.count) of \(open.count)") }

        var candidates = Candidates()
        var finished: [Choice] = []
        for index in samples.indices where !pruned.contains(index) {
            await samples[index].read(until: Int.max)
            if let choice = samples[index].stream.choice, candidates.admits(choice) { finished.append(choice) }
        }
        let final = await evaluator.evaluate(all: finished.map(\.text))
        for (choice, evaluation) in zip(finished, final.evaluations) { candidates.add(choice, evaluation) }
        let interruption = samples.lazy.compactMap(\.interruption).first ?? partial.interruption ?? final.interruption
        if candidates.count == 0, let text = samples.lazy.map(\.text).first(where: { !$0.isEmpty }), let interruption {
            return Answer(
                text, kind: .unfinished, reason: Batch.reason(of: interruption) ?? ""
            )
        }
        return try conclude(candidates, interruption, session)
    }

    /// Of the running streams those that are not worth going on with: the worst, the later ones of equal ones. What
    /// could not be evaluated counts as 1/2.
    private func pruned(_ open: [Int], _ evaluations: [SelfEvaluation?]) -> [Int] {
        let ranked = zip(open, evaluations).map { (index: $0, value: $1?.value ?? 0.5) }.sorted {
            ($0.value, -$0.index) > ($1.value, -$1.index)
        }
        let kept = max(1, ((1 - parameters.pruneShare) * Double(open.count)).rounded(.up))
        return ranked.dropFirst(Int(kept)).map(\.index)
    }

    private func conclude(
        _ candidates: Candidates, _ interruption: (any Error)?, _ session: Session, reason: String = "max_samples"
    ) throws
        -> Answer
    {
        if candidates.count == 0, let interruption { throw interruption }
        session.note("samples", "\(candidates.count)")
        session.note("self_evaluations", candidates.values.map { "\($0)" }.joined(separator: " "))
        if candidates.undecided > 0 { session.note("undecided", "\(candidates.undecided)") }
        let stopped = Batch.reason(of: interruption)
        return candidates.answer(reason: stopped ?? (parameters.mode == .prune ? "pruned" : reason))
    }

    static func estimate(_ parameters: AdaptiveInferenceComputeParameters) -> Estimate? {
        // An evaluation is one token, and if that tells nothing the replies, in one request.
        let evaluations = parameters.maxSamples * (parameters.mode == .sample ? 1 : 2)
        let most = parameters.maxSamples + evaluations * (1 + parameters.replies)
        let least = parameters.mode == .sample ? 2 : parameters.maxSamples
        return Estimate(
            completions: min(least, most)...most, promptPasses: Double(parameters.maxSamples + 2 * evaluations))
    }
}
