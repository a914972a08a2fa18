import Completions
import JSON
import Services
import Synchronization
import Testing

@Suite struct ServiceRouterTests {
    /// Answers with its payload, or by hand.
    final class Echo: HostService {
        let fingerprint = "echo/1"
        let description = JSONValue.object([.init("kind", .string("tool"))])
        let calls = Mutex<[@Sendable (Result<ServiceResult, ModelFailure>) -> Void]>([])
        let ended = Mutex(0)
        let answersAtOnce: Bool

        init(answersAtOnce: Bool) { self.answersAtOnce = answersAtOnce }

        func problem(with payload: JSONValue) -> String? { nil }

        func call(
            _ payload: JSONValue, seed: UInt64, done: @escaping @Sendable (Result<ServiceResult, ModelFailure>) -> Void
        ) -> @Sendable () -> Void {
            if answersAtOnce { done(.success(ServiceResult(payload))) } else { calls.withLock { $0.append(done) } }
            return { self.ended.withLock { $0 += 1 } }
        }
    }

    final class NoModels: ModelBackend {
        let asked = Mutex<[String]>([])
        func send(_ call: ModelCall, events: @escaping @Sendable (CallID, ModelEvent) -> Void) {
            asked.withLock { $0.append(call.role) }
        }
        func cancel(_ id: CallID) { asked.withLock { $0.append("cancel") } }
        func capabilities(of role: String) -> EndpointCapabilities { EndpointCapabilities() }
    }

    final class Events: Sendable {
        let list = Mutex<[String]>([])
        func take(_ id: CallID, _ event: ModelEvent) {
            let word =
                switch event {
                case .completed(_, let completion): "\(id.value) \(completion.text) \(completion.finish)"
                case .failed(let failure): "\(id.value) failed \(failure.message)"
                case .cancelled: "\(id.value) cancelled"
                case .delta, .reasoning: "\(id.value) piece"
                }
            list.withLock { $0.append(word) }
        }
        var all: [String] { list.withLock { $0 } }
    }

    func call(_ id: UInt64, role: String, _ payload: String = #"{"a":1}"#) -> ModelCall {
        ModelCall(
            id: CallID(id), role: role,
            request: CompletionRequest(
                messages: [ChatMessage(role: .user, content: payload)], sampling: SamplingParameters()),
            seeds: [7], stream: false)
    }

    @Test func `calls of services go to them, everything else to the models`() {
        let (models, events) = (NoModels(), Events())
        let router = ServiceRouter(models: models, services: ["service:echo": Echo(answersAtOnce: true)])
        router.send(call(1, role: "service:echo"), events: events.take)
        router.send(call(2, role: "main"), events: events.take)
        router.cancel(CallID(2))
        #expect(events.all == [#"1 {"a":1} stop"#])
        #expect(models.asked.withLock { $0 } == ["main", "cancel"])
    }

    @Test func `a cancelled call ends once, whatever still comes of it`() {
        let (echo, events) = (Echo(answersAtOnce: false), Events())
        let router = ServiceRouter(models: NoModels(), services: ["service:echo": echo])
        router.send(call(1, role: "service:echo"), events: events.take)
        router.cancel(CallID(1))
        for done in echo.calls.withLock({ $0 }) { done(.success(ServiceResult(.null))) }
        #expect(events.all == ["1 cancelled"])
        #expect(echo.ended.withLock { $0 } == 1)
    }

    @Test func `what a service says of its own failure is a result that is told apart`() {
        let (echo, events) = (Echo(answersAtOnce: false), Events())
        let router = ServiceRouter(models: NoModels(), services: ["service:echo": echo])
        for id in 1...2 { router.send(call(UInt64(id), role: "service:echo"), events: events.take) }
        let calls = echo.calls.withLock { $0 }
        calls[1](.success(ServiceResult(.object([.init("error", .string("no"))]), isError: true)))
        calls[0](.failure(ModelFailure(kind: .server, message: "gone")))
        #expect(events.all == [#"2 {"error":"no"} other"#, "1 failed gone"])
    }
}
