public import EvalhPluginKit

/// What a scripted model says to one choice of a request.
public enum ScriptedReply: Hashable, Sendable {
    /// A completion. If the request streams, its chunks come first: those given, else one with the whole text.
    case completion(String, finish: Finish = .stop, tokens: [Token] = [], chunks: [Chunk] = [])
    /// The request fails; choices before this one have come.
    case failed(RequestFailed)
    /// The host refuses the request.
    case rejected(Rejected)
    /// Nothing comes, ever: the session gets STOP once nothing else can happen.
    case silence

    /// A finished completion.
    public static func text(_ text: String) -> ScriptedReply { .completion(text) }

    /// A completion that was cut off.
    public static func cutOff(_ text: String) -> ScriptedReply { .completion(text, finish: .length) }

    /// A finished completion whose tokens have these probabilities; each token is one word.
    public static func tokens(_ tokens: [(String, probability: Double)], finish: Finish = .stop) -> ScriptedReply {
        let list = tokens.map { Token($0.0, probability: $0.probability) }
        return .completion(tokens.map(\.0).joined(), finish: finish, tokens: list)
    }

    /// A finished completion of a model whose endpoint sends its thinking apart from its text, in pieces.
    public static func reasoned(_ pieces: [String], text: [String], finish: Finish = .stop) -> ScriptedReply {
        .completion(
            text.joined(), finish: finish,
            chunks: pieces.map { Chunk(text: "", reasoning: $0) } + text.map { Chunk(text: $0) })
    }

    /// A finished completion that comes in pieces.
    public static func streamed(_ pieces: [String], finish: Finish = .stop) -> ScriptedReply {
        .completion(pieces.joined(), finish: finish, chunks: pieces.map { Chunk(text: $0) })
    }
}

extension ScriptedSession {
    /// Runs the session to its end, one event a step.
    ///
    /// The newest open request is served first, so that a fork is answered while its stream still runs. A CANCEL is
    /// answered at once. What was asked before is answered too; answers that came by `step` are not undone. If nothing
    /// can happen any more, the session gets STOP.
    ///
    /// - Parameters:
    ///   - cancelsTooLate: Each request that is cancelled was over already: its DONE comes instead.
    ///   - reply: Says what comes of a request, for each of its choices, by index.
    ///   - service: Says what comes of a call; `nil`: it is rejected.
    @discardableResult
    public func run(
        cancelsTooLate: Bool = false, service: ((String, JSONValue) -> ServiceResult?)? = nil,
        _ reply: (ScriptedRequest, _ choice: Int) -> ScriptedReply
    ) -> Outcome {
        var script = Script(cancelsTooLate: cancelsTooLate, service: service)
        var seen = 0
        if log.isEmpty { step(.start, at: 0) }
        var isStopped = false
        while outcome == .open {
            for action in actions[seen...] { script.add(action, reply) }
            seen = actions.count
            if let (time, event) = script.next(now: now + 1_000_000) {
                step(event, at: time)
            } else if isStopped {
                break
            } else {
                isStopped = true
                step(.stop(reason: "nothing left to happen"), at: now + 1_000_000)
            }
        }
        return outcome
    }

    /// Delivers another session's events, as many a step as `batch` says each time, and stops after the log's end.
    @discardableResult
    public func replay(_ log: [(time: Int64, event: ScriptedEvent)], batch: () -> Int) -> Outcome {
        var rest = log[...]
        while !rest.isEmpty, outcome == .open {
            let events = Array(rest.prefix(max(1, batch())))
            rest = rest.dropFirst(events.count)
            step(events)
        }
        return outcome
    }
}

/// The events that are still to come of a session's requests.
private struct Script {
    let cancelsTooLate: Bool
    let service: ((String, JSONValue) -> ServiceResult?)?
    private var open: [(request: UInt64, events: ArraySlice<ScriptedEvent>)] = []
    private var timers: [(id: UInt64, time: Int64)] = []

    init(cancelsTooLate: Bool, service: ((String, JSONValue) -> ServiceResult?)?) {
        self.cancelsTooLate = cancelsTooLate
        self.service = service
    }

    mutating func add(_ action: ScriptedAction, _ reply: (ScriptedRequest, Int) -> ScriptedReply) {
        switch action.body {
        case .ask(let request): open.append((request.id, Self.events(of: request, action.seq, reply)[...]))
        case .call(let request, let name, let payload):
            let refusal = Rejected(.unsupported, message: "the scripted host has no service \(name)")
            let event = service?(name, payload).map { ScriptedEvent.result(request: request, $0) }
            open.append((request, [event ?? .rejected(action: action.seq, request: request, refusal)]))
        case .cancel(let request):
            guard !cancelsTooLate, let index = open.firstIndex(where: { $0.request == request }) else { return }
            open[index].events = [.cancelled(request: request, tokens: 7)]
        case .setTimer(let id, let time):
            timers.removeAll { $0.id == id }
            timers.append((id, time))
        case .emit, .note, .number, .adopt, .finish, .unknown: break
        }
    }

    /// The newest request's next event, else the earliest timer.
    mutating func next(now: Int64) -> (Int64, ScriptedEvent)? {
        if let index = open.lastIndex(where: { !$0.events.isEmpty }), let event = open[index].events.popFirst() {
            if open[index].events.isEmpty { open.remove(at: index) }
            return (now, event)
        }
        guard let index = timers.indices.min(by: { timers[$0].time < timers[$1].time }) else { return nil }
        let timer = timers.remove(at: index)
        return (max(now, timer.time), .timer(timer.id))
    }

    private static func events(
        of request: ScriptedRequest, _ seq: UInt64, _ reply: (ScriptedRequest, Int) -> ScriptedReply
    ) -> [ScriptedEvent] {
        var events: [ScriptedEvent] = []
        for index in 0..<request.n {
            switch reply(request, index) {
            case .completion(let text, let finish, let tokens, let chunks):
                if request.isStream {
                    let pieces = chunks.isEmpty ? [Chunk(text: text, tokens: tokens)] : chunks
                    events += pieces.map { .chunk(request: request.id, $0) }
                }
                let choice = Choice(
                    request: RequestID(number: request.id), index: index, text: text, finish: finish, tokens: tokens,
                    usage: Usage(promptTokens: 10, completionTokens: max(1, tokens.count)),
                    reasoning: chunks.map(\.reasoning).joined())
                events.append(.done(choice, isLast: index == request.n - 1))
            case .failed(let error): return events + [.failed(request: request.id, error)]
            case .rejected(let error): return [.rejected(action: seq, request: request.id, error)]
            case .silence: return events
            }
        }
        return events
    }
}
