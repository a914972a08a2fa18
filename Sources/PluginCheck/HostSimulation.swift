internal import Completions
internal import EvalhStatistics
internal import Foundation
internal import JSON
internal import PluginHost

/// A session of a strategy under a script, one event at a time.
final class HostSimulation {
    /// How a session ended.
    enum Ending {
        case finished(FinishAction)
        /// `step` returned EVALH_FAILED.
        case failed(String, at: String)
        /// Neither requests nor timers are open, and STOP had to end it.
        case waitedForNothing
        /// STOP came, and no FINISH.
        case ignoredStop(at: String)
        case endless(String)
        case notCreated(String)
        case abandoned
    }

    /// An event with what the strategy did at it.
    struct Exchange {
        var events: [ObservedEvent]
        var step: ObservedStep
    }

    private struct Request {
        var role: String
        var messages: [ChatMessage]
        var prefix: String
        var sampling: SamplingParameters
        /// What was shown of each choice.
        var texts: [String]
        var open: Set<Int>
        var received = 0
    }

    private struct Pending {
        var time: Int64
        var order: UInt64
        /// 0: about no request.
        var request: UInt64
        var body: SessionEvent.Body
    }

    let script: HostScript
    let start: SessionStart
    private let services: PlayedServices
    private var session: ObservedSession?
    private let watch: (String) -> Void
    private var random: SplitMix64
    private var requests: [UInt64: Request] = [:]
    private var drawn: [String: Int] = [:]
    /// By time, the next one last.
    private var pending: [Pending] = []
    private var answers: [SessionEvent.Body] = []
    private var nextOrder: UInt64 = 0
    private var now: Int64 = 0
    private var seq: UInt64 = 0
    private var submits = 0
    private var isStopping = false
    private var hadStray = false

    private(set) var exchanges: [Exchange] = []
    /// Broken rules, in words.
    private(set) var breaches: [String] = []
    private(set) var completions = 0
    private(set) var eventCount = 0
    private(set) var nanoseconds: UInt64 = 0
    private(set) var slowestNanoseconds: UInt64 = 0
    private(set) var ending: Ending?

    init(
        _ plugin: StrategyPlugin, parametersJSON: String, _ script: HostScript, memory: GuardedMemory?,
        watch: @escaping (String) -> Void
    ) {
        self.script = script
        self.watch = watch
        random = SplitMix64(seed: script.seed &+ 0x5EED)
        services = PlayedServices(
            script, hasPeers: plugin.needs.contains(.peers) || plugin.needs.contains(.oracle))
        start = Self.start(script, parametersJSON: parametersJSON)
        watch("create, \(script.words)")
        do { session = try ObservedSession(plugin, services, memory: memory) } catch {
            ending = .notCreated(error.message)
        }
        answers = [.start(start)]
    }

    /// Runs to the end.
    @discardableResult
    func run() -> Ending {
        while ending == nil { advance() }
        return ending ?? .abandoned
    }

    /// Gives the next event.
    func advance() {
        guard ending == nil, let session else { return }
        if let place = script.abandonAt, place <= eventCount {
            end(.abandoned)
            return
        }
        let body = nextBody()
        seq += 1
        var events: [ObservedEvent] = []
        if script.hasUnknownEvents {
            events.append(.unknown(type: 4000 + UInt16(eventCount % 100), seq: seq, timeNanoseconds: now))
            seq += 1
        }
        events.append(.event(SessionEvent(seq: seq, timeNanoseconds: now, body: body)))
        let name = "event \(eventCount) (\(body.name)), \(script.words)"
        watch("step at " + name)
        let step = session.step(events)
        watch("nothing, for the test itself was at work after \(name)")
        eventCount += 1
        nanoseconds += step.nanoseconds
        slowestNanoseconds = max(slowestNanoseconds, step.nanoseconds)
        if script.keepsSteps { exchanges.append(Exchange(events: events, step: step)) }
        for breach in step.breaches { breached(breach) }
        if step.refusedPushes > 0 {
            breached("pushed \(step.refusedPushes) actions more than the 4,096 that one step may")
        }
        guard step.isOK else {
            end(.failed(step.error ?? "gave no reason", at: name))
            return
        }
        for action in step.actions { perform(action) }
        guard ending == nil else { return }
        if isStopping { end(.ignoredStop(at: name)) }
        if completions > HostScript.maximumCompletions {
            end(.endless("has asked for \(completions) completions and goes on"))
        } else if eventCount > HostScript.maximumEvents {
            end(.endless("has had \(eventCount) events and goes on"))
        }
    }

    private func end(_ ending: Ending) {
        self.ending = ending
        watch("destroy, \(script.words)")
        session = nil
    }

    private func breached(_ text: String) {
        if breaches.count < 16, !breaches.contains(text) { breaches.append(text) }
    }

    // MARK: Events

    private func nextBody() -> SessionEvent.Body {
        if let place = script.stopAt, eventCount >= place { return stop("the script says so") }
        if script.hasStrayEvents, eventCount == 2, !hadStray {
            hadStray = true
            answers.append(.timer(0xDEAD_BEEF))
            answers.append(.budget(RemainingBudget(tokens: 100, usd: 0.001, seconds: 1)))
        }
        if !answers.isEmpty { return answers.removeFirst() }
        guard let place = nextPending() else {
            breached(Self.waits)
            return stop("nothing left to wait for")
        }
        let next = pending.remove(at: place)
        now = max(now, next.time)
        return noted(next.body)
    }

    /// What a session that waits for nothing is told.
    static let waits = "waits although neither requests nor timers are open: it would wait for ever"

    private func stop(_ reason: String) -> SessionEvent.Body {
        isStopping = true
        return .stop(reason: reason)
    }

    /// Events of one choice stay in their order, whatever the script does to the others.
    private func nextPending() -> Int? {
        guard !pending.isEmpty else { return nil }
        switch script.order {
        case .time:
            return pending.indices.last
        case .reversed:
            guard let last = pending.indices.max(by: { pending[$0].order < pending[$1].order }) else { return nil }
            return first(ofChoiceOf: last)
        case .shuffled: return first(ofChoiceOf: random.index(below: pending.count))
        }
    }

    private func first(ofChoiceOf place: Int) -> Int {
        let choice = pending[place].body.choice
        let request = pending[place].request
        let same = pending.indices.filter { pending[$0].request == request && pending[$0].body.choice == choice }
        return same.min { pending[$0].order < pending[$1].order } ?? place
    }

    /// Keeps what is shown of a request, and tells its last event as such.
    private func noted(_ body: SessionEvent.Body) -> SessionEvent.Body {
        switch body {
        case .delta(let request, let choice, let text, _, let count):
            requests[request]?.texts[choice] += text
            requests[request]?.received += count
        case .done(let request, let choice, let completion, _):
            requests[request]?.texts[choice] = completion.text
            requests[request]?.open.remove(choice)
            let isLast = requests[request]?.open.isEmpty ?? true
            return .done(request: request, choice: choice, completion: completion, isLast: isLast)
        case .result(let request, _): requests[request]?.open = []
        case .failed(let request, _):
            requests[request]?.open = []
            pending.removeAll { $0.request == request }
        default: break
        }
        return body
    }

    private func schedule(_ body: SessionEvent.Body, request: UInt64 = 0, after seconds: Double) {
        put(body, request: request, at: now + Int64(seconds * 1e9))
    }

    private func put(_ body: SessionEvent.Body, request: UInt64, at time: Int64) {
        nextOrder += 1
        // Behind all that come later; what was put before comes before.
        var (low, high) = (0, pending.count)
        while low < high {
            let middle = (low + high) / 2
            if pending[middle].time > time { low = middle + 1 } else { high = middle }
        }
        pending.insert(Pending(time: time, order: nextOrder, request: request, body: body), at: low)
    }

    // MARK: Actions

    private func perform(_ action: ObservedAction) {
        if action.wasRepaired { breached("handed over a text that is not UTF-8, in an action of type \(action.type)") }
        guard let body = action.body else { return }
        do throws(Rejection) {
            switch body {
            case .submit(let submit): try accept(submit)
            case .fork(let fork): try accept(try self.submit(for: fork))
            case .cancel(let request): try cancel(request)
            case .setTimer(let id, let time): setTimer(id, time)
            case .finish(let finish): end(.finished(finish))
            case .invalid(let request, let message):
                breached("asked for something out of range: \(message)")
                throw Rejection(request: request, .invalid, message)
            case .adopt(let peer):
                guard let view = services.peers, view[peer]?.item == view.item else {
                    throw Rejection(request: 0, .invalid, "there is no such peer")
                }
            case .unsupported(let type, let request):
                throw Rejection(request: request, .unsupported, "this host has no action \(type)")
            case .call(let call): try accept(call)
            case .emit, .note, .number: break
            }
        } catch {
            answers.append(
                .rejected(actionSeq: action.seq, request: error.request, reason: error.reason, message: error.message))
        }
    }

    private struct Rejection: Error {
        var request: UInt64
        var reason: RejectionReason
        var message: String

        init(request: UInt64, _ reason: RejectionReason, _ message: String) {
            self.request = request
            self.reason = reason
            self.message = message
        }
    }

    private func accept(_ submit: SubmitAction) throws(Rejection) {
        guard requests[submit.request] == nil else {
            breached("used the request id \(submit.request) twice")
            throw Rejection(request: submit.request, .invalid, "request \(submit.request) was used before")
        }
        guard !isStopping else { return }
        submits += 1
        switch script.refusal {
        case .budget: throw Rejection(request: submit.request, .budget, "nothing is left")
        case .budgetLater where submits > 2: throw Rejection(request: submit.request, .budget, "nothing is left")
        case .unsupported: throw Rejection(request: submit.request, .unsupported, "the endpoint cannot do that")
        default: break
        }
        guard submit.role.isEmpty || start.models.contains(where: { $0.role == submit.role }) else {
            throw Rejection(request: submit.request, .invalid, "no model has the role '\(submit.role)'")
        }
        let sampling = Self.sampling(submit.sampling)
        var request = Request(
            role: submit.role, messages: submit.messages ?? start.messages, prefix: submit.prefix, sampling: sampling,
            texts: Array(repeating: "", count: submit.n), open: Set(0..<submit.n))
        completions += submit.n
        defer { requests[submit.request] = request }
        if random.unit() < script.failures {
            schedule(.failed(request: submit.request, Self.failure(submits)), request: submit.request, after: 0.2)
            return
        }
        let key = ([submit.role, request.prefix] + request.messages.map(\.content)).joined(separator: "\u{1F}")
        for choice in 0..<submit.n {
            let index = drawn[key, default: 0]
            drawn[key] = index + 1
            let completion = script.model.completion(
                to: request.messages, prefix: request.prefix, sampling, index: index)
            play(completion, submit.request, choice, of: submit.n, streamed: submit.stream)
        }
        request.received = 0
    }

    private func accept(_ call: CallAction) throws(Rejection) {
        guard requests[call.request] == nil else {
            breached("used the request id \(call.request) twice")
            throw Rejection(request: call.request, .invalid, "request \(call.request) was used before")
        }
        guard !isStopping else { return }
        completions += 1
        guard script.refusal == .none else { throw Rejection(request: call.request, .budget, "nothing is left") }
        guard let service = start.services.first(where: { $0.name == call.service }) else {
            throw Rejection(request: call.request, .unsupported, "there is no service '\(call.service)'")
        }
        guard (try? JSONValue(parsing: call.payload))?.members != nil else {
            breached("called a service with a payload that is no JSON object")
            throw Rejection(request: call.request, .invalid, "the payload is no JSON object")
        }
        requests[call.request] = Request(
            role: "", messages: [], prefix: "", sampling: SamplingParameters(), texts: [""], open: [0])
        if random.unit() < script.failures {
            schedule(.failed(request: call.request, Self.failure(completions)), request: call.request, after: 0.2)
        } else {
            let result = PlayedService.result(of: service.kind, call.payload, seed: script.seed)
            schedule(.result(request: call.request, result), request: call.request, after: result.seconds)
        }
    }

    private func play(_ completion: Completion, _ request: UInt64, _ choice: Int, of n: Int, streamed: Bool) {
        let events = streamed ? pieces(of: completion) : []
        for (place, piece) in events.enumerated() {
            let share = Double(place + 1) / Double(events.count + 1)
            schedule(
                .delta(
                    request: request, choice: choice, text: piece.text, tokens: piece.tokens, tokenCount: piece.count),
                request: request, after: completion.seconds * share)
        }
        schedule(
            .done(request: request, choice: choice, completion: completion, isLast: false), request: request,
            after: completion.seconds)
    }

    private typealias Piece = (text: String, tokens: [TokenLogprob], count: Int)

    private func pieces(of completion: Completion) -> [Piece] {
        guard script.model.style == .huge else { return Self.pieces(completion, script.piece) }
        return ScriptedModel.hugePieces.map { (text: $0, tokens: [], count: 20_000) }
    }

    private static func pieces(_ completion: Completion, _ size: Int) -> [Piece] {
        guard !completion.text.isEmpty else { return [] }
        if !completion.tokens.isEmpty {
            return stride(from: 0, to: completion.tokens.count, by: size).map { first in
                let tokens = Array(completion.tokens[first..<min(first + size, completion.tokens.count)])
                return (tokens.map(\.token).joined(), tokens, tokens.count)
            }
        }
        let scalars = Array(completion.text.unicodeScalars)
        let length = max(size * 4, scalars.count / 200)
        return stride(from: 0, to: scalars.count, by: length).map { first in
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[first..<min(first + length, scalars.count)])
            return (String(view), [], size)
        }
    }

    private func submit(for fork: ForkAction) throws(Rejection) -> SubmitAction {
        guard let parent = requests[fork.parent], parent.texts.indices.contains(fork.parentChoice) else {
            breached("forked the request \(fork.parent), choice \(fork.parentChoice), which it never asked for")
            throw Rejection(request: fork.request, .invalid, "there is no such text")
        }
        let text = parent.texts[fork.parentChoice]
        guard fork.offset <= text.utf8.count, let kept = String(text.utf8.prefix(fork.offset)) else {
            breached("forked at byte \(fork.offset), which is no character boundary of the text")
            throw Rejection(request: fork.request, .invalid, "no character boundary")
        }
        return SubmitAction(
            request: fork.request, role: parent.role, messages: parent.messages,
            prefix: parent.prefix + kept + fork.append, sampling: fork.sampling ?? SamplingOverrides(), n: fork.n,
            stream: fork.stream, priority: fork.priority)
    }

    private func cancel(_ id: UInt64) throws(Rejection) {
        guard let request = requests[id] else {
            breached("cancelled the request \(id), which it never made")
            throw Rejection(request: id, .invalid, "there is no request \(id)")
        }
        guard !request.open.isEmpty else { return }
        let open = pending.filter { $0.request == id }
        pending.removeAll { $0.request == id }
        if script.losesCancelRaces {
            for event in open.sorted(by: { $0.order < $1.order }) { answers.append(noted(event.body)) }
        } else {
            answers.append(.cancelled(request: id, tokensReceived: request.received, isEstimated: true))
        }
        requests[id]?.open = []
    }

    private func setTimer(_ id: UInt64, _ time: Int64) {
        pending.removeAll { if case .timer(id) = $0.body { true } else { false } }
        let due = max(now, time) + (script.hasLateTimers ? 3_600_000_000_000 : 0)
        put(.timer(id), request: 0, at: due)
    }

    // MARK: What sessions start with

    static func sampling(_ overrides: SamplingOverrides) -> SamplingParameters {
        var sampling = SamplingParameters(temperature: 0.7, maxTokens: 256)
        if let value = overrides.temperature { sampling.temperature = value }
        if let value = overrides.maxTokens { sampling.maxTokens = value }
        if let value = overrides.topLogprobs { sampling.topLogprobs = value }
        sampling.stop = overrides.stop
        return sampling
    }

    private static func failure(_ number: Int) -> ModelFailure {
        let kinds: [ModelFailure.Kind] = [.connection, .server, .rateLimited, .badRequest, .authentication, .timeout]
        return ModelFailure(
            kind: kinds[number % kinds.count], message: "the script lets it fail", isRetryable: number % 2 == 0)
    }

    private static func start(_ script: HostScript, parametersJSON: String) -> SessionStart {
        let number = script.seed % 97
        let input = "What is \(number) + \(42 - Int(number))?"
        let members = (try? JSONValue(parsing: parametersJSON))?.members ?? []
        // What reads like a role's name is one.
        let named = members.compactMap(\.value.string).filter { !$0.isEmpty && $0.count <= 32 && !$0.contains(" ") }
        var roles = ["main", "strong", "weak", "grader", "draft", "target"]
        for role in named where !roles.contains(role) { roles.append(role) }
        return SessionStart(
            itemID: "item-\(number)", input: input,
            fieldsJSON: JSONValue.object([
                .init("input", .string(input)), .init("answer", .string("42")), .init("difficulty", .integer(3)),
                .init("win_rate", .double(0.4)), .init("options", .strings(["40", "41", "42"])),
            ]).text,
            messages: [ChatMessage(role: .user, content: input)],
            parametersJSON: parametersJSON, seed: script.seed,
            models: roles.map { role in
                SessionModel(
                    role: role, name: "scripted-\(role)",
                    capabilities: EndpointCapabilities(topLogprobs: 20, multipleChoices: true),
                    sampling: SamplingParameters(temperature: 0.7, maxTokens: 256))
            }, services: PlayedService.all(named: named), repeatIndex: 0)
    }
}

extension SessionEvent.Body {
    /// The header's word for it.
    var name: String {
        switch self {
        case .start: "START"
        case .delta, .reasoning: "DELTA"
        case .done: "DONE"
        case .result: "RESULT"
        case .failed: "REQUEST_FAILED"
        case .cancelled: "CANCELLED"
        case .timer: "TIMER"
        case .budget: "BUDGET"
        case .rejected: "REJECTED"
        case .stop: "STOP"
        }
    }

    /// The choice it is about; -1: none.
    fileprivate var choice: Int {
        switch self {
        case .delta(_, let choice, _, _, _), .reasoning(_, let choice, _, _, _), .done(_, let choice, _, _): choice
        default: -1
        }
    }
}
