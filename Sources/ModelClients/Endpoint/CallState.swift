internal import Completions

/// One call while it runs: the requests made for it, what they brought, and whether it is over. A value without I/O;
/// the endpoint does what the returned actions say.
struct CallState {
    enum Action {
        /// Send a request for these choices, as request `number` of this call.
        case start(number: Int, choices: [Int])
        /// Break off all requests that run.
        case stop
        case emit(ModelEvent)
        /// The server returned fewer choices than asked for.
        case learnChoices(asked: Int, returned: Int)
    }

    struct Setup {
        var format: WireFormat
        /// Whether responses are asked for as streams.
        var isStream: Bool
        /// Whether a stream's pieces are shown.
        var showsDeltas: Bool
        /// The caller wants pieces of an endpoint that cannot stream: the whole text is shown as one.
        var showsWhole: Bool
        /// Attempts at most, the first included.
        var maxAttempts = 1
        /// Whether a plain answer may repeat the prefix that it continues, as llama.cpp's do.
        var mayRepeatPrefix = true
    }

    let call: ModelCall
    private let setup: Setup
    private var readers: [Int: ExchangeReader] = [:]
    private var starts: [Int: Double] = [:]
    /// Requests that were handed to the server.
    private var sent: Set<Int> = []
    private var nextNumber = 0
    private var completed: Set<Int> = []
    private var failure: ModelFailure?
    private(set) var isOver = false

    init(call: ModelCall, setup: Setup) {
        self.call = call
        self.setup = setup
    }

    private var count: Int { call.seeds.count }

    /// Starts the call with choices in groups, each of them one request.
    mutating func begin(groups: [[Int]], at now: Double) -> [Action] {
        groups.map { start($0, at: now) }
    }

    private mutating func start(_ choices: [Int], at now: Double) -> Action {
        let number = nextNumber
        nextNumber += 1
        readers[number] = reader(of: choices)
        starts[number] = now
        return .start(number: number, choices: choices)
    }

    private func reader(of choices: [Int]) -> ExchangeReader {
        ExchangeReader(
            choices: choices, format: setup.format, request: call.request, isStream: setup.isStream,
            showsDeltas: setup.showsDeltas, mayRepeatPrefix: setup.mayRepeatPrefix)
    }

    /// Whether the answer to request `number` may be asked for again from its start.
    func isRestartable(_ number: Int) -> Bool {
        // A caller that asks again itself is told at once.
        !isOver && call.attempt == nil && readers[number]?.isUnseen == true
    }

    /// Something came of request `number`.
    mutating func receive(_ event: ExchangeEvent, of number: Int, at now: Double) -> [Action] {
        guard !isOver, let choices = readers[number]?.choices else { return [] }
        if case .started = event {
            readers[number] = reader(of: choices)
            starts[number] = now
            sent.insert(number)
            return []
        }
        let seconds = max(0, now - (starts[number] ?? now))
        var events: [ModelEvent] = []
        var actions: [Action] = []
        var end: ModelFailure??
        do throws(ModelFailure) {
            switch event {
            case .started: break
            case .head(let contentType): readers[number]?.head(contentType: contentType)
            case .piece(let bytes): try readers[number]?.piece(bytes, at: seconds) { events.append($0) }
            case .ended:
                try readers[number]?.end(at: seconds) { events.append($0) }
                end = .some(nil)
            case .failed(let failure): throw failure
            }
        } catch {
            var failure = error
            failure.spent = readers[number]?.spent ?? failure.spent
            end = .some(failure)
        }
        for event in events { note(event, &actions) }
        if let end, !isOver { actions += finished(number, end, at: now) }
        return actions
    }

    /// The caller has cancelled.
    mutating func cancel(at now: Double) -> [Action] {
        guard !isOver else { return [] }
        isOver = true
        var partial: [Int: Completion] = [:]
        for (number, reader) in readers {
            let seconds = max(0, now - (starts[number] ?? now))
            partial.merge(reader.cancelled(at: seconds)) { first, _ in first }
            // Nothing came yet, and the prompt was read all the same.
            guard sent.contains(number), let first = reader.choices.first, partial[first] == nil else { continue }
            if !completed.contains(first) { partial[first] = reader.unanswered(at: seconds) }
        }
        return [.stop, .emit(.cancelled(partial: partial))]
    }

    // MARK: Ends

    private mutating func note(_ event: ModelEvent, _ actions: inout [Action]) {
        guard case .completed(let choice, var completion) = event else {
            actions.append(.emit(event))
            return
        }
        guard completed.insert(choice).inserted else { return }
        if setup.showsWhole, completion.chunks.isEmpty {
            actions += showWhole(choice, &completion)
        }
        actions.append(.emit(.completed(choice: choice, completion)))
        guard completed.count == count else { return }
        // Over with the last choice, though the end of the stream is still to come: a cancel from now on is too late.
        isOver = true
        for reader in readers.values where reader.choices.count > 1 {
            actions.append(.learnChoices(asked: reader.choices.count, returned: reader.choices.count))
        }
    }

    /// Shows a choice that came whole as one piece, or two: what the model thought, and its text. Hidden reasoning is
    /// not shown.
    private func showWhole(_ choice: Int, _ completion: inout Completion) -> [Action] {
        let seconds = completion.seconds
        let reasoned = completion.reasoning == nil ? 0 : completion.usage.reasoningTokens
        let tokens = max(
            completion.usage.completionTokens - completion.usage.reasoningTokens, completion.text.isEmpty ? 0 : 1)
        var actions: [Action] = []
        if let reasoning = completion.reasoning {
            completion.chunks.append(
                CompletionChunk(
                    endOffset: 0, endToken: reasoned, endReasoning: reasoning.utf8.count, seconds: seconds))
            actions.append(
                .emit(
                    .reasoning(choice: choice, text: reasoning, tokens: [], tokenCount: reasoned, seconds: seconds)))
        }
        completion.chunks.append(
            CompletionChunk(
                endOffset: completion.text.utf8.count, endToken: reasoned + tokens,
                endReasoning: completion.reasoning?.utf8.count, seconds: seconds))
        if !completion.text.isEmpty {
            actions.append(
                .emit(
                    .delta(
                        choice: choice, text: completion.text, tokens: completion.tokens, tokenCount: tokens,
                        seconds: seconds)))
        }
        return actions
    }

    private func mayAskAgain(_ failure: ModelFailure, _ reader: ExchangeReader) -> Bool {
        guard let attempt = call.attempt, failure.isRetryable, reader.hasBegun, !reader.hasShown else { return false }
        return max(attempt, failure.attempts) < setup.maxAttempts
    }

    private mutating func finished(_ number: Int, _ failed: ModelFailure?, at now: Double) -> [Action] {
        guard let reader = readers.removeValue(forKey: number) else { return [] }
        var actions: [Action] = []
        if var failed {
            failed.mayAskAgain = mayAskAgain(failed, reader)
            // More choices than the server gives at a time: refused before anything was paid.
            let isRefusal = failed.kind == .badRequest || failed.kind == .unsupported
            if isRefusal, reader.choices.count > 1, !reader.choices.contains(where: completed.contains) {
                let half = reader.choices.count / 2
                actions.append(.learnChoices(asked: reader.choices.count, returned: half > 1 ? half : 0))
                actions.append(start(Array(reader.choices.prefix(half)), at: now))
                actions.append(start(Array(reader.choices.dropFirst(half)), at: now))
                return actions
            }
            if let first = failure {
                failed.spent += first.spent
                failure?.spent = failed.spent
                failure?.mayAskAgain = first.mayAskAgain && failed.mayAskAgain
            } else {
                failure = failed
            }
            if failed.kind.isFatalForProvider {
                isOver = true
                return [.stop, .emit(.failed(failure ?? failed))]
            }
        } else if reader.choices.count > 1 {
            actions.append(
                .learnChoices(asked: reader.choices.count, returned: reader.choices.count - reader.missing.count))
            for choice in reader.missing where !completed.contains(choice) { actions.append(start([choice], at: now)) }
        }
        guard readers.isEmpty else { return actions }
        isOver = true
        if let failure {
            actions.append(.emit(.failed(failure)))
        } else if completed.count < count {
            actions.append(
                .emit(.failed(ModelFailure(kind: .malformed, message: "the server sent fewer choices than asked for"))))
        }
        return actions
    }
}
