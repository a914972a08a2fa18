import EvalhPluginKit

/// What to do with a completion that repeats itself.
enum OnRepeat: String, CaseIterable, ParameterValue {
    case answer, resample, stop
}

struct RunawayGuardParameters: PluginParameters {
    @Parameter("Times in a row that a stretch of text must come.", range: 2...1000) var repeats = 4
    @Parameter("Bytes that the repeats must have together.", range: 1...100_000) var minBytes = 40
    @Parameter("The longest stretch looked for, in bytes.", range: 1...10_000) var maxPeriod = 400
    @Parameter("Words whose three-word groups are compared.", range: 4...10_000) var window = 200
    @Parameter(
        "Share of distinct three-word groups below which the text goes round in circles; 0: not looked at.",
        range: 0...1)
    var minDistinct = 0.3
    @Parameter("Tokens before which nothing is looked at.", range: 0...1_000_000) var minTokens = 16
    @Parameter(
        "answer: force an answer from the text before the repeats; resample: another completion; stop: end unfinished.")
    var onRepeat = OnRepeat.answer
    @Parameter("Text that forces an answer.") var leadIn = "\n\nFinal Answer: "
    @Parameter("The most tokens of a forced answer.", range: 1...100_000) var answerTokens = 64
    @Parameter("resample: the most further completions.", range: 1...64) var maxRestarts = 2
    @Parameter("resample: temperature of further completions; left out: the suite's.", range: 0...100)
    var restartTemperature: Double? = nil
}

/// Stops a completion that repeats itself, before it has used up its tokens.
struct RunawayGuardStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "runaway-guard", version: "1.0.0", title: "Stops completions that repeat themselves",
        description: """
            Streams a completion and looks at its end after each piece, from `min_tokens` tokens on. It repeats itself
            if one stretch of at most `max_period` bytes comes at least `repeats` times in a row (>=) and the repeats
            have at least `min_bytes` bytes; or if, of the three-word groups among the last `window` words, a share
            below `min_distinct` (<) is distinct. Then the stream is cancelled and

            - `answer`: the text before the repeats is continued with `lead_in` to an answer of at most `answer_tokens`
              tokens (reason "repeated");
            - `resample`: another completion is streamed, at most `max_restarts`; if the last repeats itself too, it
              ends unfinished;
            - `stop`: the text ends unfinished.

            Thinking that the endpoint sends apart from the text is looked at in the same way while there is no text.
            It cannot be continued, so `answer` ends unfinished there, as `stop` does.

            A completion that does not repeat itself is the answer as it is. Out of budget the text before the repeats
            is the answer, as unfinished; without any there is no answer. A request that fails makes the session an
            error. Confidence: none. Where and why it stopped is noted.

            Cost: one completion, cut short where it repeats itself, and a short answer or up to `max_restarts` more.
            """,
        source:
            """
            Own rule; degenerate repetition: Holtzman et al. 2019, The Curious Case of Neural Text Degeneration, \
            arXiv:1904.09751, §3
            """,
        needs: [.stream, .cancel, .prefix, .prefixOrReasoning])

    private let parameters: RunawayGuardParameters
    private let repetition: Repetition
    private let distinctness: Distinctness

    init(parameters: RunawayGuardParameters) {
        self.parameters = parameters
        repetition = Repetition(
            repeats: parameters.repeats, minBytes: parameters.minBytes, maxPeriod: parameters.maxPeriod)
        distinctness = Distinctness(window: parameters.window, n: 3, floor: parameters.minDistinct)
    }

    private enum Reading {
        case ended(Choice?)
        /// With the text before the repeats.
        case repeated(String)
        /// In what the model thought before its text.
        case thoughtRepeated
    }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        var kept = ""
        do {
            for attempt in 0...(parameters.onRepeat == .resample ? parameters.maxRestarts : 0) {
                let sampling = attempt == 0 ? nil : Sampling(temperature: parameters.restartTemperature)
                switch try await read(session.stream(sampling: sampling), session, &kept) {
                case .ended(let choice): return choice.map { Answer($0, reason: "complete") } ?? .none(reason: "empty")
                case .repeated(let text):
                    kept = text
                    if parameters.onRepeat == .answer { return try await answer(after: text, session) }
                case .thoughtRepeated: kept = ""
                }
            }
        } catch  where !kept.isEmpty {
            let reason = Batch.reason(of: error) ?? "interrupted"
            return Answer(kept, kind: .unfinished, reason: reason)
        }
        return Answer(kept, kind: .unfinished, reason: "repeated")
    }

    /// Reads a stream to its end, or to where it repeats itself.
    private func read(_ stream: CompletionStream, _ session: Session, _ kept: inout String) async throws -> Reading {
        var tokens = 0
        for try await chunk in stream {
            tokens += chunk.tokenCount ?? 1
            kept = stream.text
            let isThought = stream.text.isEmpty && !stream.reasoning.isEmpty
            guard tokens >= parameters.minTokens,
                let found = found(in: isThought ? stream.reasoning : stream.text)
            else { continue }
            let cancellation = try await stream.cancel()
            // It may have come to its end all the same; what it wrote still repeats itself.
            session.note(
                "stopped", "\(found.why) after \(tokens) tokens" + (cancellation.choice == nil ? "" : ", at its end"))
            return isThought ? .thoughtRepeated : .repeated(found.text)
        }
        return .ended(stream.choice)
    }

    private func found(in text: String) -> (text: String, why: String)? {
        let bytes = Array(text.utf8)
        if let start = repetition.start(in: bytes) {
            return (String(decoding: bytes[..<start], as: UTF8.self), "repeats")
        }
        return distinctness.isCircling(text) ? (text, "circles") : nil
    }

    private func answer(after text: String, _ session: Session) async throws -> Answer {
        let choice = try await session.complete(
            sampling: Sampling(temperature: 0, maxTokens: parameters.answerTokens), prefix: text + parameters.leadIn)
        guard choice.isFinished else {
            return Answer(parameters.leadIn + choice.text, kind: .unfinished, reason: "repeated")
        }
        return choice.text.isEmpty
            ? .none(reason: "empty") : Answer(parameters.leadIn + choice.text, reason: "repeated")
    }

    static func estimate(_ parameters: RunawayGuardParameters) -> Estimate? {
        let most = parameters.onRepeat == .resample ? 1 + parameters.maxRestarts : 2
        return Estimate(completions: 1...most, promptPasses: Double(most))
    }
}
