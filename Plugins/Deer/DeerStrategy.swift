import EvalhPluginKit

struct DeerParameters: PluginParameters {
    @Parameter("Confidence of a trial answer above which thinking stops.", range: 0...1) var threshold = 0.95
    @Parameter("Words before which a trial answer is asked for.") var words = ["Wait", "Alternatively", "\n\n"]
    @Parameter("The most trial answers a session asks for.", range: 1...256) var maxTrials = 10
    @Parameter("Bytes of thinking before the first trial, and between two.", range: 0...1_000_000) var minGap = 40
    @Parameter("The most tokens of thinking; left out: as the suite says.", range: 1...1_000_000) var thinkTokens:
        Int? = nil
    @Parameter("Text put behind the thinking to get an answer.") var leadIn = "\n\n**Final Answer**\n\\boxed{"
    @Parameter("Text that ends a trial answer; a brace is the one that closes the last of lead_in.") var leadOut = "}"
    @Parameter("The most tokens of a trial answer.", range: 1...1024) var trialTokens = 20
    @Parameter("mean: arithmetic mean of the tokens' probabilities; geometric; minimum.") var confidence =
        TrialConfidence.mean
}

/// Stops a thinking stream when the answer it would give now is confident enough.
struct DeerStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "deer", version: "1.0.0", title: "Dynamic early exit: stop thinking when a trial answer is confident",
        description: """
            Streams one greedy completion. Before each of `words` it lets the model answer at once: it continues the
            text so far with `lead_in`, at most `trial_tokens` tokens, and takes the confidence of the answer's tokens,
            those before `lead_out`. Above `threshold` the stream is cancelled and the trial is the answer; else
            thinking goes on. The stream is not held up while a trial is asked for, so what it wrote meanwhile is paid.

            A stream that ends by itself is the answer. One that is cut off gets a last trial, whatever its confidence;
            if that does not end either, the thinking is the answer, as unfinished. A trial that has no `lead_out` does
            not count. Without log-probabilities the session is an error. If a trial has no budget, thinking goes on. A
            request that fails makes the session an error. A session that is stopped ends unfinished.

            Cost: one completion, cut short at the exit, and up to `max_trials` trials, each of which sends prompt and
            thinking again (served from the prefix cache where the server has one).
            """,
        source:
            """
            Yang et al. 2025, Dynamic Early Exit in Reasoning Models, arXiv:2504.15895, §3; confidence over answer \
            tokens as in its published code (avg1, avg2)
            """,
        needs: [.stream, .logprobs, .prefix, .cancel])

    private let parameters: DeerParameters

    init(parameters: DeerParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let stream = try session.stream(sampling: Sampling(temperature: 0, maxTokens: parameters.thinkTokens))
        do {
            if let answer = try await exit(of: stream, session) { return answer }
            guard let choice = stream.choice else { return .none(reason: "empty") }
            if choice.isFinished { return Answer(choice, reason: "complete") }
            guard let last = try await trial(stream, at: choice.text.utf8.count, session) else {
                return Answer(choice, reason: "cut_off")
            }
            return Answer(last.text, confidence: last.confidence, reason: "forced")
        } catch let stopped as SessionStopped where !stream.text.isEmpty {
            return Answer(stream.text, kind: .unfinished, reason: stopped.reason)
        }
    }

    /// Reads the stream; the answer if a trial was confident, `nil` if the stream came to its end.
    private func exit(of stream: CompletionStream, _ session: Session) async throws -> Answer? {
        var monitor = MonitorPoints(words: parameters.words, minGap: parameters.minGap)
        var trials = 0
        for try await chunk in stream {
            monitor.append(chunk.text)
            while trials < parameters.maxTrials, let offset = monitor.next() {
                trials += 1
                guard let trial = try await trial(stream, at: offset, session), trial.confidence > parameters.threshold
                else { continue }
                let cancellation = try await stream.cancel()
                session.note("exit", "after \(offset) of \(cancellation.text.utf8.count) bytes, trial \(trials)")
                return Answer(trial.text, confidence: trial.confidence, reason: "confident")
            }
        }
        return nil
    }

    /// A trial answer after the first bytes of the thinking; `nil` if it could not be had or did not end.
    private func trial(_ stream: CompletionStream, at offset: Int, _ session: Session) async throws -> (
        text: String, confidence: Double
    )? {
        // A brace is no stop text: the first one may belong to the answer, as in \frac{1}{2}.
        let stop = parameters.leadOut.isEmpty || parameters.leadOut == "}" ? [] : [parameters.leadOut]
        let choices: [Choice]
        do {
            choices = try await stream.fork(
                at: offset, append: parameters.leadIn,
                sampling: Sampling(temperature: 0, maxTokens: parameters.trialTokens, topLogprobs: 0, stop: stop))
        } catch let rejected as Rejected where rejected.reason == .budget {
            return nil
        } catch is RequestFailed {
            return nil
        }
        guard let choice = choices.first, let answer = TrialAnswer(choice, leadOut: parameters.leadOut) else {
            return nil
        }
        guard let confidence = parameters.confidence.value(answer.probabilities) else {
            throw MissingLogprobs(model: session.model.role)
        }
        session.emit(answer.text, weight: confidence, evidence: "trial after \(offset) bytes")
        return (parameters.leadIn + answer.text + parameters.leadOut, confidence)
    }

    static func estimate(_ parameters: DeerParameters) -> Estimate? {
        Estimate(completions: 1...(2 + parameters.maxTrials), promptPasses: Double(2 + parameters.maxTrials))
    }
}
