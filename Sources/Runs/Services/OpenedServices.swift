internal import Completions
internal import Engine
internal import JSON
internal import ModelClients
internal import Services
internal import SuiteModel

/// The suite's services, ready to be called. What cannot be opened ends the command before anything is paid.
final class OpenedServices {
    /// By name.
    private let services: [String: any HostService]
    private let specs: [ServiceSpec]

    private init(_ services: [String: any HostService], _ specs: [ServiceSpec]) {
        self.services = services
        self.specs = specs
    }

    /// - Parameter endpoints: of the models that some of them ask.
    static func open(_ opened: OpenedSuite, _ endpoints: OpenedEndpoints, _ host: RunHost) throws -> OpenedServices {
        var services: [String: any HostService] = [:]
        let opening = ServiceOpening(opened: opened, endpoints: endpoints, host: host)
        do {
            // Those that others are made of come first.
            for spec in opened.suite.services.sorted(by: { $0.kind.isNeededFirst && !$1.kind.isNeededFirst }) {
                services[spec.name] = try opening.open(spec, others: services)
            }
        } catch {
            for service in services.values { service.close() }
            throw error
        }
        return OpenedServices(services, opened.suite.services)
    }

    /// What keeps the calls of different services apart, by role.
    var fingerprints: [String: String] {
        Dictionary(uniqueKeysWithValues: services.map { (RunService.role($0.key), $0.value.fingerprint) })
    }

    /// Models and services as one.
    func router(_ models: any ModelBackend) -> any ModelBackend {
        guard !services.isEmpty else { return models }
        return ServiceRouter(
            models: models,
            services: Dictionary(uniqueKeysWithValues: services.map { (RunService.role($0.key), $0.value) }))
    }

    /// As the plan has them, in the suite's order.
    var planned: [RunService] {
        specs.compactMap { spec in
            services[spec.name].map { service in
                RunService(
                    name: spec.name, kind: spec.kind.rawValue, descriptionJSON: service.description.canonicalText,
                    usdPerCall: spec.usdPerCall, problem: { service.problem(with: $0) },
                    worstCase: { service.worstCase(of: $0) })
            }
        }
    }

    func close() { for service in services.values { service.close() } }
}

extension ServiceSpec.Kind {
    /// Other services may be made of it.
    fileprivate var isNeededFirst: Bool { self == .embed }
}

extension RunService {
    /// A service that is not opened, as replays and rehearsals see it.
    init(_ spec: ServiceSpec) {
        let role = spec.role.map { [JSONValue.Member("role", .string($0))] } ?? []
        self.init(
            name: spec.name, kind: spec.kind.rawValue,
            descriptionJSON: JSONValue.object([.init("kind", .string(spec.kind.rawValue))] + role).text,
            usdPerCall: spec.usdPerCall)
    }
}
