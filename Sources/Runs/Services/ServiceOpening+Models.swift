internal import Completions
internal import ModelClients
internal import Services
internal import SuiteModel

/// Services that a model of the suite does: `score` and `embed`. What it cannot do is found out here, before anything
/// is paid but a tiny request where the endpoint was never measured.
extension ServiceOpening {
    func score(_ spec: ServiceSpec) throws -> any HostService {
        let (endpoint, fingerprint) = try endpoint(of: spec)
        let capability = try asking(spec) { () throws(ModelFailure) in
            try await ScoreService.capability(of: endpoint)
        }
        return ScoreService(endpoint, capability, model: fingerprint)
    }

    func embed(_ spec: ServiceSpec) throws -> any HostService {
        let (endpoint, fingerprint) = try endpoint(of: spec)
        let settings = EmbedSettings(spec)
        let dimensions = try asking(spec) { () throws(ModelFailure) in
            try await EmbedService.dimensions(of: endpoint, settings)
        }
        return EmbedService(endpoint, settings, dimensions: dimensions, model: fingerprint)
    }

    /// The server of the service's model, and the model's fingerprint.
    private func endpoint(of spec: ServiceSpec) throws -> (ModelEndpoint, String) {
        let role = spec.role ?? ""
        guard let endpoint = endpoints.router.endpoints[role] as? ModelEndpoint else {
            throw refusal(
                spec, "the model '\(role)' is a program, which is asked for samples only",
                hint: "name a model that a server serves")
        }
        return (endpoint, endpoints.fingerprints[role] ?? "")
    }

    /// What the endpoint cannot do is a mistake of the suite; everything else is the provider's.
    private func asking<Answer: Sendable>(
        _ spec: ServiceSpec, _ ask: @escaping @Sendable () async throws(ModelFailure) -> Answer
    ) throws -> Answer {
        do {
            return try Blocking.wait { try await ask() }
        } catch let failure as ModelFailure {
            guard failure.kind == .unsupported else {
                throw CommandFailure(
                    .providerFailure, "service '\(spec.name)', model '\(spec.role ?? "")': \(failure.message)")
            }
            throw refusal(spec, "the model '\(spec.role ?? "")' cannot do it: \(failure.message)")
        }
    }
}

extension EmbedSettings {
    init(_ spec: ServiceSpec) {
        self.init(
            dimensions: spec.dimensions, shortening: Shortening(rawValue: spec.shorten.rawValue) ?? .prefix,
            interface: EmbeddingOptions.Interface(rawValue: spec.interface.rawValue) ?? .openai,
            encoding: EmbeddingOptions.Encoding(rawValue: spec.encoding.rawValue) ?? .float, batch: spec.batch)
    }
}
