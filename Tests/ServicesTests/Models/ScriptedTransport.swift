import Completions
import Synchronization

@testable import ModelClients

/// A transport that answers by a closure, or later when the test says so.
final class ScriptedTransport: ExchangeTransport {
    enum Reply: Sendable {
        case json(String)
        case failure(ModelFailure)
        /// The test answers by `finish`.
        case later
    }

    private struct State {
        var exchanges: [Exchange] = []
        var waiting: [Int: @Sendable (ExchangeEvent) -> Void] = [:]
        var cancelled: [Int] = []
    }

    private let state = Mutex(State())
    private let answer: @Sendable (Exchange) -> Reply

    init(_ answer: @escaping @Sendable (Exchange) -> Reply) { self.answer = answer }

    var load: EndpointLoad { EndpointLoad() }
    var exchanges: [Exchange] { state.withLock { $0.exchanges } }
    var bodies: [String] { exchanges.map { String(decoding: $0.body, as: UTF8.self) } }
    var cancelled: [Int] { state.withLock { $0.cancelled } }

    func start(
        _ exchange: Exchange, isRestartable: @escaping @Sendable () -> Bool,
        _ events: @escaping @Sendable (ExchangeEvent) -> Void
    ) -> ExchangeID {
        let number = state.withLock { state in
            state.exchanges.append(exchange)
            state.waiting[state.exchanges.count - 1] = events
            return state.exchanges.count - 1
        }
        let reply = answer(exchange)
        if case .later = reply { return ExchangeID(value: UInt64(number)) }
        // Never from within this call, as the protocol says.
        Task { finish(number, reply) }
        return ExchangeID(value: UInt64(number))
    }

    func finish(_ number: Int, _ reply: Reply) {
        guard let events = state.withLock({ $0.waiting.removeValue(forKey: number) }) else { return }
        switch reply {
        case .json(let text):
            events(.started)
            events(.head(contentType: "application/json"))
            events(.piece(Array(text.utf8)))
            events(.ended)
        case .failure(let failure): events(.failed(failure))
        case .later: break
        }
    }

    func cancel(_ id: ExchangeID) { state.withLock { $0.cancelled.append(Int(id.value)) } }
}

extension ModelEndpoint {
    static func scripted(
        provider: EndpointProvider = .openai, template: ChatFrames? = nil,
        _ answer: @escaping @Sendable (Exchange) -> ScriptedTransport.Reply
    ) throws -> (endpoint: ModelEndpoint, transport: ScriptedTransport) {
        let transport = ScriptedTransport(answer)
        let configuration = EndpointConfiguration(
            role: "main", provider: provider, baseURL: "http://127.0.0.1:9/v1", model: "m", template: template)
        return (try ModelEndpoint(configuration, measured: nil, transport: transport), transport)
    }
}
