import EvalhPluginKit

struct DeerParameters: PluginParameters {
    @Parameter("Confidence of a trial answer above which thinking stops.", range: 0...1) var threshold = 0.95
    @Parameter("Words before which a trial answer is asked for.") var words = ["Wait", "Alternatively", "\n\n"]
    @Parameter("The most trial answers a session asks for.", range: 1...256) var maxTrials = 10
    @Parameter("Characters of thinking before the first trial, and between two.", range: 0...1_000_000) var minGap = 40
    @Parameter("Text put behind the thinking to get an answer.") var leadIn = "\n\n**Final Answer**\n\\boxed{"
    @Parameter("Text that ends a trial answer.") var leadOut = "}"
    @Parameter("The most tokens of a trial answer.", range: 1...1024) var trialTokens = 20
    @Parameter("mean: arithmetic mean of the tokens' probabilities; geometric; minimum.") var confidence = TrialConfidence.mean
}

/// Stops a thinking stream when the answer it would give now is confident enough.
struct DeerStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "deer", version: "1.0.0", title: "Dynamic early exit: stop thinking when a trial answer is confident",
        description: """
            Streams one greedy completion. Before each of `words` it lets the model answer at once: it continues the text so far with `lead_in`,
            at most `trial_tokens` tokens, and takes the confidence of the answer's tokens. Above `threshold` the stream is cancelled and the trial
            is the answer; else thinking goes on. The stream is not held up while a trial is asked for, so what it wrote meanwhile is paid.

            A stream that ends by itself is the answer. One that is cut off gets a last trial, whatever its confidence. Without
            log-probabilities the session is an error. If a trial fails or has no budget, thinking goes on.

            Cost: one completion, cut short at the exit, and up to `max_trials` trials, each of which sends prompt and thinking again (served from
            the prefix cache where the server has one).
            """,
        source:
            "Yang et al. 2025, Dynamic Early Exit in Reasoning Models, arXiv:2504.15895, §3; confidence over answer tokens as in its published code (avg1, avg2)",
        needs: [.stream, .logprobs, .prefix, .cancel])

    private let parameters: DeerParameters

    init(parameters: DeerParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let stream = try session.stream(sampling: .greedy)
        var monitor = MonitorPoints(words: parameters.words, minGap: parameters.minGap)
        var trials = 0
        for try await _ in stream {
            while trials < parameters.maxTrials, let offset = monitor.next(in: stream.text) {
                trials += 1
                guard let trial = try await trial(stream, at: offset, session), trial.confidence > parameters.threshold else { continue }
                _ = try await stream.cancel()
                session.note("exit", "after \(offset) bytes, trial \(trials), confidence \(trial.confidence)")
                return Answer(trial.text, confidence: trial.confidence, reason: "confident")
            }
        }
        guard let choice = stream.choice else { return .none(reason: "empty") }
        if choice.isFinished { return Answer(choice, reason: "complete") }
        guard let last = try await trial(stream, at: choice.text.utf8.count, session) else { return Answer(choice, reason: "cut_off") }
        return Answer(last.text, confidence: last.confidence, reason: "forced")
    }

    /// A trial answer after the first bytes of the thinking; `nil` if it could not be had or did not end.
    private func trial(_ stream: CompletionStream, at offset: Int, _ session: Session) async throws -> (text: String, confidence: Double)? {
        let choices: [Choice]
        do {
            choices = try await stream.fork(
                at: offset, append: parameters.leadIn,
                sampling: Sampling(temperature: 0, maxTokens: parameters.trialTokens, topLogprobs: 0, stop: [parameters.leadOut]))
        } catch let rejected as Rejected where rejected.reason == .budget {
            return nil
        } catch is RequestFailed {
            return nil
        }
        guard let choice = choices.first, choice.isFinished, !choice.text.isEmpty else { return nil }
        guard !choice.tokens.isEmpty else { throw MissingLogprobs(model: session.model.name) }
        guard let confidence = parameters.confidence.value(choice.tokens.map(\.probability)) else { return nil }
        session.emit(choice.text, weight: confidence, evidence: "trial after \(offset) bytes")
        return (parameters.leadIn + choice.text + parameters.leadOut, confidence)
    }

    static func estimate(_ parameters: DeerParameters) -> Estimate? {
        Estimate(completions: 1...(2 + parameters.maxTrials), promptPasses: Double(2 + parameters.maxTrials))
    }
}

/// Finds the places before monitored words as a text grows.
struct MonitorPoints {
    let words: [[UInt8]]
    let minGap: Int
    private var scanned = 0
    private var last = 0

    init(words: [String], minGap: Int) {
        self.words = words.map { Array($0.utf8) }.filter { !$0.isEmpty }
        self.minGap = minGap
    }

    /// The next place, in bytes from the start; `nil`: none in what there is so far.
    mutating func next(in text: String) -> Int? {
        let bytes = Array(text.utf8)
        let longest = words.map(\.count).max() ?? 0
        while scanned + longest <= bytes.count {
            let place = scanned
            scanned += 1
            guard place - last >= minGap, words.contains(where: { bytes[place...].starts(with: $0) }) else { continue }
            last = place
            return place
        }
        return nil
    }
}
