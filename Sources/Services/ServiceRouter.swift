package import Completions
internal import JSON
internal import Synchronization

/// Sends calls of services to them, and everything else to the models: to the engine both are one backend.
package final class ServiceRouter: ModelBackend {
    private let models: any ModelBackend
    /// By role.
    private let services: [String: any HostService]
    private let open = Mutex<[CallID: OpenCall]>([:])

    /// A call under way.
    private struct OpenCall {
        let events: @Sendable (CallID, ModelEvent) -> Void
        /// `nil`: the service was not yet told of the call.
        var end: (@Sendable () -> Void)?
    }

    /// - Parameter services: by the roles under which the engine calls them.
    package init(models: any ModelBackend, services: [String: any HostService]) {
        self.models = models
        self.services = services
    }

    package func capabilities(of role: String) -> EndpointCapabilities { models.capabilities(of: role) }

    package func send(_ call: ModelCall, events: @escaping @Sendable (CallID, ModelEvent) -> Void) {
        guard let service = services[call.role] else { return models.send(call, events: events) }
        guard let payload = call.request.messages.first.flatMap({ try? JSONValue(parsing: $0.content) }) else {
            return events(call.id, .failed(ModelFailure(kind: .badRequest, message: "the payload is no JSON")))
        }
        let start = ContinuousClock.now
        let id = call.id
        open.withLock { $0[id] = OpenCall(events: events) }
        let cancel = service.call(payload, seed: call.seeds.first ?? 0) { [self] result in
            // Whoever takes the call out of the list tells how it ended.
            guard open.withLock({ $0.removeValue(forKey: id) }) != nil else { return }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            switch result {
            case .success(let result): events(id, .completed(choice: 0, result.completion(seconds: seconds)))
            case .failure(let failure): events(id, .failed(failure))
            }
        }
        let isOpen = open.withLock { open in
            open[id]?.end = cancel
            return open[id] != nil
        }
        // It ended meanwhile, perhaps by a cancel that could not reach the service.
        if !isOpen { cancel() }
    }

    package func cancel(_ id: CallID) {
        guard let call = open.withLock({ $0.removeValue(forKey: id) }) else { return models.cancel(id) }
        call.end?()
        call.events(id, .cancelled(partial: [:]))
    }
}

extension ServiceResult {
    /// As the engine records it. What a tool says of its own failure is a result as well, and told apart by its finish.
    package func completion(seconds: Double) -> Completion {
        var usage = usage
        usage.requests = 1
        return Completion(
            text: value.text, finish: isError ? .other : .stop, usage: usage, seconds: seconds)
    }
}
