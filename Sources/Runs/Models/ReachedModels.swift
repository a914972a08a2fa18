internal import Completions
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

    init(_ endpoints: OpenedEndpoints) {
        capabilities = endpoints.capabilities
        fingerprints = endpoints.fingerprints
        concurrency = endpoints.concurrency
        self.endpoints = endpoints
    }

    init(_ pool: ReplayPool, _ suite: Suite) {
        capabilities = Dictionary(uniqueKeysWithValues: suite.models.map { ($0.role, pool.capabilities) })
        fingerprints = Dictionary(
            uniqueKeysWithValues: suite.models.map {
                ($0.role, pool.fingerprint($0.role) ?? "unrecorded/\($0.model)")
            })
        concurrency = 1
        endpoints = nil
    }
}
