internal import Completions

/// What an assembler must know of the request whose answer it builds.
struct AnswerShape {
    /// Choices asked for.
    var count: Int
    var isStream: Bool
    /// Text which the server may put before the continuation in a plain answer; empty: none.
    var prefix = ""
    /// Prompt tokens by the host's reckoning, where the server does not tell.
    var estimatedPrompt: Int
    /// Whether the pieces of a stream are recorded and shown.
    var showsDeltas: Bool
    /// Alternatives a token that were asked for; servers may send more. `nil`: no log-probabilities at all.
    var alternatives: Int? = .max
}

/// Builds the choices of one request from what a server sends, in any order and interleaved. A value without I/O:
/// pieces in, events out, choices numbered as the server does.
///
/// A choice is reported when it has ended and its usage is known, at the latest when the answer ends.
struct AnswerAssembler {
    private var shape: AnswerShape
    private var choices: [Int: ChoiceState] = [:]
    /// Indices in the order in which choices ended.
    private var finishOrder: [Int] = []
    /// Usage told for the whole answer or, by llama.cpp, for one choice after the other.
    private var usages: [WireUsage] = []
    private var timings: WireTimings?
    private var model: String?
    /// Whether a sum was divided among choices by the host's reckoning.
    private var isSplit = false
    private(set) var isDone = false
    /// Whether no event was emitted.
    private(set) var isUnseen = true
    /// Whether pieces of choices were emitted.
    private(set) var hasShown = false

    init(shape: AnswerShape) {
        self.shape = shape
    }

    /// The server answers plainly although a stream was asked for.
    mutating func becomePlain() {
        shape.isStream = false
    }

    /// Takes one object of the server. `emit` gets deltas and completed choices.
    mutating func receive(_ answer: WireAnswer, at seconds: Double, _ emit: (ModelEvent) -> Void) throws(ModelFailure) {
        if let error = answer.error { throw FailureReader.failure(of: error, status: nil, spent: spent) }
        if let told = answer.model, model == nil { model = told }
        if answer.choices.isEmpty {
            if let usage = answer.usage { usages.append(usage) }
        }
        for (position, piece) in answer.choices.enumerated() {
            var index = piece.index ?? position
            // Servers that number every choice 0 mean them in order.
            if !shape.isStream, choices[index] != nil { index = position }
            guard index >= 0, index < shape.count else {
                throw malformed("it has a choice \(index) where \(shape.count) were asked for")
            }
            var piece = piece
            if answer.choices.count == 1, shape.isStream, piece.usage == nil { piece.usage = answer.usage }
            if !shape.isStream { strip(&piece) }
            trim(&piece.tokens)
            try append(piece, to: index, timings: shape.isStream ? answer.timings : nil, at: seconds, emit)
        }
        if !shape.isStream {
            timings = answer.timings
            if let usage = answer.usage { usages.append(usage) }
        }
        if shape.isStream, shape.count > 1 { reportLabelled(at: seconds, emit) }
        if shape.isStream, shape.count == 1, !usages.isEmpty, !finishOrder.isEmpty {
            report(0, usages.last, at: seconds, emit)
        }
    }

    /// The server said `[DONE]`, or a plain answer is complete.
    mutating func done() {
        isDone = true
    }

    /// The answer has ended. Reports what is not reported yet; fails when a choice that began did not end.
    /// - Returns: the choices asked for that never came, as of a server that ignores `n`.
    mutating func finish(at seconds: Double, _ emit: (ModelEvent) -> Void) throws(ModelFailure) -> [Int] {
        let unfinished = choices.filter { $0.value.finish == nil }.keys
        guard !choices.isEmpty else {
            throw isDone || !shape.isStream ? malformed("it has no choices") : broken()
        }
        if !unfinished.isEmpty {
            // A plain answer is whole by its own form. A stream's choice ends by a reason, or by `[DONE]` after a word
            // that is none.
            let isEnd = !shape.isStream || isDone && unfinished.allSatisfy { choices[$0]?.hasVagueFinish == true }
            guard isEnd else { throw isDone ? malformed("it ends without a finish reason") : broken() }
            for index in unfinished.sorted() { end(index, .other) }
        }
        assignUsage()
        for index in finishOrder {
            report(index, choices[index]?.usage, at: choices[index]?.lastSeconds ?? seconds, emit)
        }
        return (0..<shape.count).filter { choices[$0] == nil }
    }

    /// The call was cancelled: what came of choices that are not reported yet. Their counts are the host's, and
    /// flagged, unless the server counts as it goes.
    func cancelled(at seconds: Double) -> [Int: Completion] {
        var partial: [Int: Completion] = [:]
        for (index, state) in choices where !state.isReported {
            var completion = completion(
                of: state, index: index, usage: state.usage ?? state.timings?.usage, at: seconds)
            // A choice that had ended is whole: only its usage was still to come.
            if state.finish == nil {
                completion.finish = .cancelled
                completion.usage.cancelledTokens = completion.usage.completionTokens
                if state.timings == nil, state.usage?.completionTokens == nil { completion.isUsageEstimated = true }
            }
            partial[index] = completion
        }
        return partial
    }

    /// Tokens received for choices not reported: what a failure has cost at least.
    var spent: TokenUsage {
        var sum = TokenUsage()
        for (index, state) in choices where !state.isReported {
            sum.completionTokens += state.estimatedTokens(isStream: shape.isStream)
            if index == 0 { sum.promptTokens += state.timings?.usage.promptTokens ?? shape.estimatedPrompt }
        }
        return sum
    }
}

// MARK: - Pieces

extension AnswerAssembler {
    private mutating func append(
        _ piece: WireChoice, to index: Int, timings: WireTimings?, at seconds: Double, _ emit: (ModelEvent) -> Void
    ) throws(ModelFailure) {
        let count = choices[index, default: ChoiceState()]
            .append(piece, timings: timings, at: seconds, isRecorded: shape.showsDeltas)
        guard choices[index, default: ChoiceState()].isWithinLimits else {
            throw malformed("a choice is longer than \(WireLimits.text) bytes")
        }
        if shape.showsDeltas, piece.hasContent {
            isUnseen = false
            hasShown = true
            show(piece, of: index, tokenCount: count, at: seconds, emit)
        }
        if let word = piece.givenUp {
            throw ModelFailure(
                kind: .server, message: "the server gave the answer up (finish_reason \"\(word)\")", isRetryable: true,
                spent: spent)
        }
        if piece.finish != nil, !piece.isFinishVague, !finishOrder.contains(index) { finishOrder.append(index) }
    }

    /// A model thinks before it answers, so reasoning comes first where a piece has both.
    private func show(
        _ piece: WireChoice, of index: Int, tokenCount: Int, at seconds: Double, _ emit: (ModelEvent) -> Void
    ) {
        let reasoned = CompletionChunk.reasoningTokens(
            of: tokenCount, reasoningBytes: piece.reasoning.utf8.count, textBytes: piece.text.utf8.count)
        let isReasoning = !piece.reasoning.isEmpty && piece.text.isEmpty
        if !piece.reasoning.isEmpty {
            emit(
                .reasoning(
                    choice: index, text: piece.reasoning, tokens: isReasoning ? piece.tokens : [],
                    tokenCount: reasoned, seconds: seconds))
        }
        guard !isReasoning else { return }
        emit(
            .delta(
                choice: index, text: piece.text, tokens: piece.tokens, tokenCount: tokenCount - reasoned,
                seconds: seconds))
    }

    private mutating func end(_ index: Int, _ reason: FinishReason) {
        choices[index]?.finish = reason
        finishOrder.append(index)
    }

    /// Plain answers of llama.cpp begin with the prefix that they continue. Compared by bytes: a continuation may begin
    /// with a combining mark that would hide the border from a comparison of characters.
    private func strip(_ piece: inout WireChoice) {
        guard !shape.prefix.isEmpty, piece.text.utf8.starts(with: shape.prefix.utf8) else { return }
        piece.text = String(decoding: piece.text.utf8.dropFirst(shape.prefix.utf8.count), as: UTF8.self)
    }

    private func trim(_ tokens: inout [TokenLogprob]) {
        guard !tokens.isEmpty else { return }
        guard let limit = shape.alternatives else {
            tokens = []
            return
        }
        for index in tokens.indices where tokens[index].alternatives.count > limit {
            tokens[index].alternatives.removeLast(tokens[index].alternatives.count - limit)
        }
    }

    private func malformed(_ what: String) -> ModelFailure {
        ModelFailure(kind: .malformed, message: "the answer makes no sense: \(what)", isRetryable: true, spent: spent)
    }

    private func broken() -> ModelFailure {
        ModelFailure(kind: .connection, message: "the stream broke off before its end", isRetryable: true, spent: spent)
    }
}

// MARK: - Usage

extension AnswerAssembler {
    /// llama.cpp sends one unlabelled usage event a choice, each right after that choice's end, while others still run.
    /// That cannot be taken for the one sum which OpenAI sends after the last choice as long as a choice is unfinished.
    private mutating func reportLabelled(at seconds: Double, _ emit: (ModelEvent) -> Void) {
        let perChoice = usages.count > 1 || (!usages.isEmpty && finishOrder.count < shape.count)
        guard perChoice else { return }
        for (index, usage) in zip(finishOrder, usages) { report(index, usage, at: seconds, emit) }
    }

    /// Gives every choice its usage when the answer has ended.
    private mutating func assignUsage() {
        if shape.isStream, usages.count > 1, shape.count > 1 {
            for (index, usage) in zip(finishOrder, usages) { choices[index]?.usage = usage }
            return
        }
        guard let usage = usages.last else { return }
        guard choices.count > 1 else {
            if let only = finishOrder.first { choices[only]?.usage = usage }
            return
        }
        let indices = choices.keys.sorted()
        if choices.values.contains(where: { $0.usage?.completionTokens != nil }) { return }
        var shared = usage
        shared.completionTokens = nil
        shared.reasoningTokens = nil
        for index in indices { choices[index]?.usage = shared }
        guard let total = usage.completionTokens else { return }
        // llama.cpp counts only the first choice of a plain answer; its timings say so.
        if let predicted = timings?.predictedTokens, predicted == total {
            choices[0]?.usage?.completionTokens = total
            return
        }
        let weights = indices.map { choices[$0]?.estimatedTokens(isStream: shape.isStream) ?? 0 }
        let parts = TokenEstimate.split(total, by: weights)
        for (index, part) in zip(indices, parts) { choices[index]?.usage?.completionTokens = part }
        isSplit = parts != weights
    }

    private mutating func report(_ index: Int, _ usage: WireUsage?, at seconds: Double, _ emit: (ModelEvent) -> Void) {
        guard let state = choices[index], !state.isReported else { return }
        choices[index]?.isReported = true
        isUnseen = false
        emit(
            .completed(
                choice: index, completion(of: state, index: index, usage: usage ?? state.timings?.usage, at: seconds)))
    }

    private func completion(of state: ChoiceState, index: Int, usage told: WireUsage?, at seconds: Double) -> Completion
    {
        var isEstimated = isSplit
        var usage = TokenUsage(requests: 1)
        if let prompt = told?.promptTokens {
            usage.promptTokens = prompt
            usage.cachedPromptTokens = min(told?.cachedTokens ?? 0, prompt)
        } else {
            usage.promptTokens = shape.estimatedPrompt
            isEstimated = true
        }
        if let count = told?.completionTokens {
            usage.completionTokens = count
        } else {
            usage.completionTokens = state.estimatedTokens(isStream: shape.isStream)
            isEstimated = true
        }
        if let reasoning = told?.reasoningTokens {
            usage.reasoningTokens = min(reasoning, usage.completionTokens)
        } else if !state.reasoning.isEmpty {
            usage.reasoningTokens = state.estimatedReasoning(isStream: shape.isStream, within: usage.completionTokens)
            isEstimated = true
        }
        usage.work = state.work
        return Completion(
            text: state.text, reasoning: state.reasoning.isEmpty ? nil : state.reasoning,
            finish: state.finish ?? .other, usage: usage, sharesPrompt: index != 0,
            isUsageEstimated: isEstimated,
            seconds: seconds, firstTokenSeconds: shape.isStream ? state.firstSeconds : nil, tokens: state.tokens,
            chunks: state.chunks.chunks, servedModel: model)
    }
}
