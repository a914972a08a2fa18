import Completions
import Foundation
import JSON
import ModelTransport
import ReferenceModel
import ReferenceServer

@testable import ModelClients
@testable import Services

/// The embedded model's server on a port of its own, and its services as a run has them.
final class ServedModels: @unchecked Sendable {
    static let shared = ServedModels()
    let server: ReferenceServer
    let loop: CurlLoop

    init() {
        do {
            server = try ReferenceServer(ReferenceModel(path: ReferenceModel.installedPath ?? "missing"), at: .port(0))
        } catch {
            fatalError("\(error)")
        }
        guard let loop = CurlLoop() else { fatalError("libcurl cannot be set up") }
        self.loop = loop
    }

    func endpoint(_ provider: EndpointProvider = .reference, template: ChatFrames? = nil) throws -> ModelEndpoint {
        try ModelEndpoint(
            EndpointConfiguration(
                role: "main", provider: provider, baseURL: server.address + "/v1",
                model: provider == .reference ? "default" : "evalh-reference-1", template: template),
            loop: loop, budget: SharedRetryBudget())
    }

    func score(_ provider: EndpointProvider = .reference, template: ChatFrames? = nil) async throws -> ScoreService {
        let endpoint = try endpoint(provider, template: template)
        return ScoreService(endpoint, try await ScoreService.capability(of: endpoint), model: "model")
    }

    func embed(_ settings: EmbedSettings = EmbedSettings()) async throws -> EmbedService {
        let endpoint = try endpoint()
        let dimensions = try await EmbedService.dimensions(of: endpoint, settings)
        return EmbedService(endpoint, settings, dimensions: dimensions, model: "model")
    }
}

extension HostService {
    /// Calls and waits.
    func answer(_ payload: JSONValue) async throws -> ServiceResult {
        try await withCheckedContinuation { continuation in
            _ = call(payload, seed: 0) { continuation.resume(returning: $0) }
        }.get()
    }
}

extension JSONValue {
    init(_ text: String) throws { self = try JSONValue(parsing: text) }
}
