internal import Completions

/// Reads the answer to one request of a call, a plain body or a stream. A value without I/O.
struct ExchangeReader {
    /// The call's choices that this request asks for: server index i is choice `choices[i]`.
    let choices: [Int]
    private let format: WireFormat
    private let isStreamAsked: Bool
    private var assembler: AnswerAssembler
    private var parser = SSEParser()
    private var body: [UInt8] = []
    /// Bytes of a plain answer.
    private var plainBytes = 0
    private var isStream = false
    private let estimatedPrompt: Int
    /// A 2xx answer has begun.
    private(set) var hasBegun = false
    /// Choices that the server did not send, once it has ended.
    private(set) var missing: [Int] = []

    init(
        choices: [Int], format: WireFormat, request: CompletionRequest, isStream: Bool, showsDeltas: Bool,
        mayRepeatPrefix: Bool = true
    ) {
        self.choices = choices
        self.format = format
        isStreamAsked = isStream
        estimatedPrompt = TokenEstimate.prompt(request)
        assembler = AnswerAssembler(
            shape: AnswerShape(
                count: choices.count, isStream: isStream,
                prefix: mayRepeatPrefix ? format.echoedPrefix(request) : "",
                estimatedPrompt: estimatedPrompt, showsDeltas: showsDeltas,
                alternatives: request.sampling.topLogprobs))
    }

    /// Whether nothing of this answer was shown to anybody.
    var isUnseen: Bool { assembler.isUnseen }
    /// Whether pieces of this answer were shown.
    var hasShown: Bool { assembler.hasShown }

    /// The answer has begun. A server that ignores `stream` answers in JSON.
    mutating func head(contentType: String?) {
        hasBegun = true
        isStream = isStreamAsked && contentType?.lowercased().contains("json") != true
        if isStreamAsked, !isStream { assembler.becomePlain() }
    }

    mutating func piece(_ bytes: [UInt8], at seconds: Double, _ emit: (ModelEvent) -> Void) throws(ModelFailure) {
        guard isStream else {
            guard body.count + bytes.count <= WireLimits.body else {
                throw malformed("it is larger than \(WireLimits.body) bytes")
            }
            plainBytes += bytes.count
            if body.isEmpty { body = bytes } else { body.append(contentsOf: bytes) }
            return
        }
        try feed(bytes, at: seconds, emit)
    }

    /// The answer is complete.
    mutating func end(at seconds: Double, _ emit: (ModelEvent) -> Void) throws(ModelFailure) {
        if isStream {
            try feed(nil, at: seconds, emit)
        } else {
            let whole = body
            body = []
            try receive(whole, 0..<whole.count, at: seconds, emit)
        }
        let choices = choices
        missing = try assembler.finish(at: seconds) { emit($0.renumbered { choices[$0] }) }.map { choices[$0] }
    }

    /// What has come of choices that are not completed, under the call's numbers.
    func cancelled(at seconds: Double) -> [Int: Completion] {
        var partial: [Int: Completion] = [:]
        for (index, completion) in assembler.cancelled(at: seconds) where choices.indices.contains(index) {
            partial[choices[index]] = completion
        }
        return partial
    }

    /// The first choice of a request to which no answer has come.
    func unanswered(at seconds: Double) -> Completion {
        Completion(
            text: "", finish: .cancelled, usage: TokenUsage(requests: 1, promptTokens: estimatedPrompt),
            isUsageEstimated: true, seconds: seconds)
    }

    /// Tokens received in vain: what a failure has cost at least. The prompt of an answer that began was read.
    var spent: TokenUsage {
        var spent = assembler.spent
        if hasBegun, spent.promptTokens == 0, assembler.isUnseen { spent.promptTokens = estimatedPrompt }
        spent.requests = spent.promptTokens > 0 ? 1 : 0
        if spent.completionTokens == 0 { spent.completionTokens = TokenEstimate.tokens(bytes: plainBytes) }
        return spent
    }

    // MARK: Events

    /// Feeds the parser, or ends it (`nil`).
    private mutating func feed(_ bytes: [UInt8]?, at seconds: Double, _ emit: (ModelEvent) -> Void) throws(ModelFailure)
    {
        // Taken out for the time of the call: events change the rest of this value while the parser runs.
        var parser = SSEParser()
        swap(&parser, &self.parser)
        do throws(SSEFeedError<ModelFailure>) {
            let take: (SSEEvent) throws(ModelFailure) -> Void = { event throws(ModelFailure) in
                if event.isDone { return assembler.done() }
                try receive(event.storage, event.range, at: seconds, emit)
            }
            if let bytes { try parser.feed(bytes, take) } else { try parser.end(take) }
        } catch {
            switch error {
            case .event(let failure): throw failure
            case .stream(let fault): throw malformed(fault.reason)
            }
        }
        swap(&parser, &self.parser)
    }

    private mutating func receive(
        _ bytes: [UInt8], _ range: Range<Int>, at seconds: Double, _ emit: (ModelEvent) -> Void
    ) throws(ModelFailure) {
        let answer: WireAnswer
        do {
            answer = try format.read(bytes, in: range)
        } catch {
            throw malformed("\(error.message), at byte \(error.offset - range.lowerBound) of \(range.count)")
        }
        let choices = choices
        try assembler.receive(answer, at: seconds) { emit($0.renumbered { choices[$0] }) }
    }

    private func malformed(_ what: String) -> ModelFailure {
        ModelFailure(
            kind: .malformed, message: CleanText.bounded("the answer makes no sense: \(what)"), isRetryable: true,
            spent: assembler.spent)
    }
}

extension ModelEvent {
    /// The same event under another number of its choice.
    func renumbered(_ number: (Int) -> Int) -> ModelEvent {
        switch self {
        case .delta(let choice, let text, let tokens, let count, let seconds):
            .delta(choice: number(choice), text: text, tokens: tokens, tokenCount: count, seconds: seconds)
        case .reasoning(let choice, let text, let tokens, let count, let seconds):
            .reasoning(choice: number(choice), text: text, tokens: tokens, tokenCount: count, seconds: seconds)
        case .completed(let choice, let completion): .completed(choice: number(choice), completion)
        case .failed, .cancelled: self
        }
    }
}
