package import Completions

/// The engine's backend: leads each call to the endpoint of its role.
package final class ModelRouter: ModelBackend {
    package let endpoints: [String: any CallEndpoint]

    package init(_ endpoints: [any CallEndpoint]) {
        self.endpoints = Dictionary(endpoints.map { ($0.role, $0) }) { first, _ in first }
    }

    package func send(_ call: ModelCall, events: @escaping @Sendable (CallID, ModelEvent) -> Void) {
        guard let endpoint = endpoints[call.role] else {
            let known = endpoints.keys.sorted().joined(separator: ", ")
            let message = "no model has the role '\(CleanText.clean(call.role))'; there are: \(known)"
            return events(call.id, .failed(ModelFailure(kind: .badRequest, message: message)))
        }
        endpoint.send(call, events: events)
    }

    package func cancel(_ id: CallID) {
        // Each endpoint knows its own calls; there are few endpoints.
        for endpoint in endpoints.values { endpoint.cancel(id) }
    }

    package func capabilities(of role: String) -> EndpointCapabilities {
        endpoints[role]?.capabilities
            ?? EndpointCapabilities(stream: false, topLogprobs: nil, prefix: false, multipleChoices: false)
    }

    /// The load of every role's endpoint, for the progress line.
    package func loads() -> [String: EndpointLoad] {
        endpoints.mapValues(\.load)
    }
}
