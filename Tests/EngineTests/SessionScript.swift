import Completions
import Journal
import PluginHost

@testable import Engine

/// A session whose strategy does what the test says: a test is a list of inputs and actions that go in, and of events
/// and effects that come out.
final class SessionScript {
    private var machine: SessionMachine
    private var events: [SessionEvent] = []
    private var otherwise: [SessionAction.Body] = []
    private var seq: UInt64 = 0

    init(
        limits: BudgetLimits = BudgetLimits(), sharesPrompt: Bool = true, prefix: Bool = true,
        price: TokenPrice? = TokenPrice(prompt: 1, completion: 2), servesInPart: Bool = false,
        services: [RunService] = [], logLimits: SessionLogLimits = SessionLogLimits()
    ) {
        let model = SessionModel(
            role: "main", name: "m", capabilities: EndpointCapabilities(prefix: prefix, multipleChoices: sharesPrompt),
            sampling: SamplingParameters(temperature: 0.8, maxTokens: 100))
        let start = SessionStart(
            itemID: "item", input: "Q?", fieldsJSON: "{}", messages: [ChatMessage(role: .user, content: "Q?")],
            parametersJSON: "{}", seed: 1, models: [model],
            services: services.map(\.shown), repeatIndex: 2)
        var models = ["main": RunModel(role: "main", fingerprint: "f", price: price)]
        for service in services {
            models[service.role] = RunModel(role: service.role, fingerprint: "s", price: nil, service: service)
        }
        machine = SessionMachine(
            start: start, models: models, limits: limits, servesInPart: servesInPart, logLimits: logLimits)
    }

    /// Starts the session; its strategy answers START with `actions`.
    func begin(_ actions: SessionAction.Body...) -> [SessionEffect] {
        machine.begin()
        return play(actions)
    }

    /// Delivers an input; the strategy answers its first event with `actions`, later ones with nothing.
    func deliver(_ input: SessionInput, _ actions: SessionAction.Body...) -> [SessionEffect] {
        machine.deliver(input)
        return play(actions)
    }

    private func play(_ actions: [SessionAction.Body]) -> [SessionEffect] {
        var bodies: [SessionAction.Body]? = actions
        while let event = machine.nextEvent() {
            events.append(event)
            let actions = (bodies.take() ?? otherwise).map { body in
                seq += 1
                return SessionAction(seq: seq, body: body)
            }
            machine.answer(event, with: actions)
        }
        return machine.takeEffects()
    }

    /// From now on the strategy answers every event like this.
    func always(_ actions: SessionAction.Body...) { otherwise = actions }

    /// The events the strategy got since the last call, as short texts.
    func takeEvents() -> [String] {
        defer { events.removeAll() }
        return events.map { event in
            switch event.body {
            case .start: "start"
            case .delta(let request, let choice, let text, _, _): "delta \(request)/\(choice) \(text)"
            case .reasoning(let request, let choice, let text, _, _): "thought \(request)/\(choice) \(text)"
            case .done(let request, let choice, let completion, let isLast):
                "done \(request)/\(choice) \(completion.text)\(isLast ? " last" : "")"
            case .result(let request, let completion):
                "result \(request) \(completion.text)\(completion.finish == .other ? " error" : "")"
            case .failed(let request, let failure): "failed \(request) \(failure.kind.rawValue)"
            case .cancelled(let request, let tokens, let isEstimated):
                "cancelled \(request) \(tokens)\(isEstimated ? " estimated" : "")"
            case .timer(let id): "timer \(id)"
            case .budget: "budget"
            case .rejected(_, let request, let reason, _): "rejected \(request) \(reason)"
            case .stop(let reason): "stop \(reason)"
            }
        }
    }
}

extension SessionEffect {
    /// A short text to compare by.
    var text: String {
        switch self {
        case .request(let ask): "request \(ask.request) samples \(ask.samples.map(\.index))"
        case .cancel(let request): "cancel \(request)"
        case .setTimer(let id, let time): "timer \(id) at \(time)"
        case .finished(let outcome): "finished \(outcome.finish.kind.rawValue)"
        }
    }

    var outcome: SessionOutcome? {
        if case .finished(let outcome) = self { outcome } else { nil }
    }
}

extension Completion {
    /// A whole completion of ten prompt tokens.
    static func whole(_ text: String, tokens: Int = 5, seconds: Double = 1, finish: FinishReason = .stop) -> Completion
    {
        Completion(
            text: text, finish: finish,
            usage: TokenUsage(requests: 1, promptTokens: 10, completionTokens: tokens), seconds: seconds)
    }

    static func partial(_ text: String, tokens: Int = 2, seconds: Double = 0.5) -> Completion {
        Completion(
            text: text, finish: .cancelled,
            usage: TokenUsage(requests: 1, promptTokens: 10, completionTokens: tokens), seconds: seconds)
    }
}
