internal import Completions
internal import Engine
internal import SuiteModel

/// What answers a run's requests: models that were reached, or a pool that stands in for them.
struct ReachedModels {
    let capabilities: [String: EndpointCapabilities]
    /// What keeps the samples of different models apart, by role.
    let fingerprints: [String: String]
    /// Requests that all endpoints together take at once.
    let concurrency: Int
    /// `nil`: no model is asked.
    let endpoints: OpenedEndpoints?
    private let opened: OpenedServices?
    /// In the suite's order.
    let services: [RunService]

    /// Reaches the suite's services as well, which may need its models.
    init(_ endpoints: OpenedEndpoints, _ suite: OpenedSuite, _ host: RunHost) throws {
        let services = try OpenedServices.open(suite, endpoints, host)
        capabilities = endpoints.capabilities
        fingerprints = endpoints.fingerprints.merging(services.fingerprints) { model, _ in model }
        concurrency = endpoints.concurrency
        self.endpoints = endpoints
        self.services = services.planned
        opened = services
    }

    /// What the engine asks; `nil`: nobody.
    var backend: (any ModelBackend)? { endpoints.map { opened?.router($0.router) ?? $0.router } }

    /// Lets go of services and models. Again: nothing.
    func close() {
        opened?.close()
        endpoints?.close()
    }

    init(_ pool: ReplayPool, _ suite: Suite) {
        capabilities = Dictionary(uniqueKeysWithValues: suite.models.map { ($0.role, pool.capabilities) })
        let models = suite.models.map { ($0.role, pool.fingerprint($0.role) ?? "unrecorded/\($0.model)") }
        services = suite.services.map { RunService($0) }
        fingerprints = Dictionary(
            uniqueKeysWithValues: models + services.map { ($0.role, "pool:\(pool.digest.prefix(16))/\($0.name)") })
        concurrency = 1
        endpoints = nil
        opened = nil
    }
}
