import Completions
import Journal

@testable import Engine

/// A broker whose inputs and actions are short texts: a test is a list of what goes in and what comes out.
final class BrokerScript {
    private(set) var broker: SampleBroker
    /// Sent calls with what was asked, by number.
    private(set) var sent: [UInt64: ModelCall] = [:]

    /// - Parameter isKnown: answers have told what the model counts, so that no request has to go alone.
    init(limits: BudgetLimits = BudgetLimits(), isKnown: Bool = true) {
        let models = ["main": RunModel(role: "main", fingerprint: "f", price: TokenPrice(prompt: 1, completion: 2))]
        broker = SampleBroker(models: models, suiteSeed: 7, ledger: BudgetLedger(limits: limits))
        guard isKnown else { return }
        broker.reckonings["main"] = PromptReckoning()
        broker.reckonings["main"]?.learn(Self.question("Q?"), counted: 2)
    }

    static func question(_ text: String) -> CompletionRequest {
        CompletionRequest(messages: [ChatMessage(role: .user, content: text)], sampling: SamplingParameters())
    }

    /// A session asks for samples of a question, 100 tokens each at most.
    func request(
        _ request: UInt64, by session: UInt64, _ samples: Range<Int>, of text: String = "Q?", stream: Bool = false,
        pooled: [Int: Completion] = [:], promptBound: Int = 50, takesParts: Bool = true
    ) -> [String] {
        let question = Self.question(text)
        let ask = SampleRequest(
            request: request, role: "main", key: RequestKey(fingerprint: "f", request: question),
            completionRequest: question, samples: samples.map { SampleIndex(repeatIndex: 0, index: $0) },
            stream: stream, priority: 0, worstCase: BudgetLedger.Amount(tokens: 100, usd: 0.001),
            promptBound: promptBound, takesParts: takesParts)
        return read(broker.request(ask, by: session, at: 0, found: samples.map { pooled[$0] }))
    }

    func complete(_ call: UInt64, _ choice: Int, _ text: String, tokens: Int = 5, prompt: Int = 10) -> [String] {
        var completion = Completion.whole(text, tokens: tokens)
        completion.usage.promptTokens = prompt
        return read(broker.receive(CallID(call), .completed(choice: choice, completion)))
    }

    func show(_ call: UInt64, _ choice: Int, _ text: String) -> [String] {
        read(
            broker.receive(
                CallID(call), .delta(choice: choice, text: text, tokens: [], tokenCount: 1, seconds: 0.1)))
    }

    func fail(
        _ call: UInt64, _ kind: ModelFailure.Kind = .server, spent: TokenUsage = TokenUsage(),
        mayAskAgain: Bool = false
    ) -> [String] {
        var failure = ModelFailure(kind: kind, message: "down", spent: spent)
        failure.mayAskAgain = mayAskAgain
        return read(broker.receive(CallID(call), .failed(failure)))
    }

    func endEarly(_ call: UInt64, _ partial: [Int: Completion] = [:]) -> [String] {
        read(broker.receive(CallID(call), .cancelled(partial: partial)))
    }

    func cancel(_ request: UInt64, by session: UInt64, at time: Int64 = 1_000_000_000) -> [String] {
        read(broker.cancel(request, of: session, at: time))
    }

    func sendQueued() -> [String] { read(broker.sendQueued()) }
    func stop() -> [String] { read(broker.stop()) }

    /// Nothing is left of what sessions wanted and models were asked.
    var isAtRest: Bool { broker.isAtRest }

    private func read(_ actions: [SampleBroker.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .send(let call):
                sent[call.id.value] = call
                return "send \(call.id.value) n=\(call.seeds.count)\(call.stream ? " stream" : "")"
            case .cancel(let call): return "cancel \(call.value)"
            case .record(let record):
                return "record \(record.sample.index)\(record.isPartial ? " partial" : "") \(record.completion.text)"
            case .recordFailure(let record): return "record failure \(record.sample.index)"
            case .deliver(let input, let session): return "\(session): \(Self.text(input))"
            case .play(let playback, let session):
                let part = playback.isPart ? " part" : ""
                return "\(session): play \(playback.request)/\(playback.choice) \(playback.completion.text)\(part)"
            case .stop(.budgetReached(let text)): return "stop \(text)"
            case .stop(let end): return "stop \(end)"
            }
        }
    }

    private static func text(_ input: SessionInput) -> String {
        switch input {
        case .delta(let request, let choice, let text, _, _, _): "delta \(request)/\(choice) \(text)"
        case .reasoning(let request, let choice, let text, _, _, _): "thought \(request)/\(choice) \(text)"
        case .completed(let request, let choice, let completion): "done \(request)/\(choice) \(completion.text)"
        case .failed(let request, let choice, let failure): "failed \(request)/\(choice) \(failure.spent.totalTokens)"
        case .cancelled(let request, let choice, let partial):
            "cancelled \(request)/\(choice) \(partial.text) "
                + "\(partial.usage.promptTokens)+\(partial.usage.completionTokens)"
        case .timer(let id, _): "timer \(id)"
        case .stop(let reason, _): "stop \(reason)"
        }
    }
}
