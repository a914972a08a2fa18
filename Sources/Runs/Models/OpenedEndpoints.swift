internal import Completions
internal import Foundation
package import ModelClients
internal import ModelTransport
package import SuiteModel

/// The suite's models, reachable: local servers started, keys read, abilities and fingerprints known.
package final class OpenedEndpoints {
    let router: ModelRouter
    let capabilities: [String: EndpointCapabilities]
    let fingerprints: [String: String]
    /// Requests that all endpoints together take at once.
    let concurrency: Int
    private let loop: CurlLoop
    private var servers: [ManagedServer]

    private init(
        router: ModelRouter, capabilities: [String: EndpointCapabilities], fingerprints: [String: String],
        concurrency: Int,
        loop: CurlLoop, servers: [ManagedServer]
    ) {
        self.router = router
        self.capabilities = capabilities
        self.fingerprints = fingerprints
        self.concurrency = concurrency
        self.loop = loop
        self.servers = servers
    }

    /// - Parameters:
    ///   - folder: where local servers' logs go.
    ///   - maxConnections: a ceiling over the suite's own; `nil`: none.
    ///   - multipleChoices: what an earlier part of the run went by, by role.
    static func open(
        _ suite: Suite, loop: CurlLoop, folder: String, maxConnections: Int?, multipleChoices: [String: Bool] = [:],
        _ host: RunHost
    ) throws -> OpenedEndpoints {
        let budget = SharedRetryBudget()
        var opened: [OpenedEndpoint] = []
        var servers: [ManagedServer] = []
        do {
            for spec in suite.models {
                if spec.provider == .command {
                    opened.append(try OpenedEndpoint(command: configure(command: spec, maxConnections: maxConnections)))
                    continue
                }
                let baseURL = try address(of: spec, folder: folder, &servers, host)
                var configuration = configure(spec, baseURL, host)
                if let maxConnections {
                    configuration.maxConnections = min(configuration.maxConnections, max(1, maxConnections))
                }
                opened.append(
                    try OpenedEndpoint(
                        configuration, spec, loop: loop, budget: budget, multipleChoices: multipleChoices[spec.role]))
            }
        } catch {
            for server in servers {
                server.stop()
                EmbeddedServer.clean(server)
            }
            if let failure = error as? ModelFailure {
                throw CommandFailure(failure.kind == .badRequest ? .usage : .providerFailure, failure.message)
            }
            throw error
        }
        let capabilities = Dictionary(opened.map { ($0.endpoint.role, $0.endpoint.capabilities) }) { first, _ in first }
        let fingerprints = Dictionary(opened.map { ($0.endpoint.role, $0.fingerprint) }) { first, _ in first }
        let concurrency = opened.reduce(0) { $0 + $1.maxConnections }
        return OpenedEndpoints(
            router: ModelRouter(opened.map(\.endpoint)), capabilities: capabilities, fingerprints: fingerprints,
            concurrency: concurrency,
            loop: loop,
            servers: servers)
    }

    /// Ends local servers. Again: nothing.
    func close() {
        for server in servers {
            server.stop()
            EmbeddedServer.clean(server)
        }
        servers = []
        loop.shutdown()
    }

    /// For the progress line: what holds requests back.
    var status: String {
        router.loads().sorted { $0.key < $1.key }.compactMap { role, load in
            var notes: [String] = []
            if let reason = load.limitReason { notes.append("limit \(load.limit): \(reason)") }
            if load.retries > 0 { notes.append("\(load.retries) retries") }
            return notes.isEmpty ? nil : "\(role): " + notes.joined(separator: ", ")
        }.joined(separator: " · ")
    }

    /// Models that have recorded samples only cannot be asked: said before anything is made.
    static func check(_ suite: Suite) throws {
        guard let spec = suite.models.first(where: { $0.provider == .pool }) else { return }
        throw CommandFailure(
            .usage,
            "model '\(spec.role)' has recorded samples only; draw from them with: evalh replay POOL SUITE\n"
                + "to ask a model instead, name one: --model \(spec.role)=http://127.0.0.1:8080/v1")
    }

    package static func address(
        of spec: ModelSpec, folder: String, _ servers: inout [ManagedServer], _ host: RunHost
    ) throws -> String {
        if spec.provider == .llamaServer, !spec.command.isEmpty {
            let log = URL(fileURLWithPath: folder).appendingPathComponent("server-\(spec.role).log")
            host.say(.line("starting \(spec.command[0]) for model '\(spec.role)' (log: \(log.path))"))
            do {
                let server = try ManagedServer.start(
                    ServerCommand(
                        arguments: spec.command, environment: spec.environment,
                        folder: URL(fileURLWithPath: spec.workingDirectory),
                        log: log,
                        startupTimeout: spec.startupTimeout))
                servers.append(server)
                return server.origin + "/v1"
            } catch {
                throw CommandFailure(.providerFailure, "model '\(spec.role)': \(error)")
            }
        }
        if spec.provider == .reference { return try EmbeddedServer.address(&servers, host) }
        if let socket = spec.unixSocket {
            return "unix:\(socket)" + (spec.baseURL.map { "#" + (URL(string: $0)?.path ?? "/v1") } ?? "")
        }
        guard let url = spec.baseURL else {
            throw CommandFailure(.usage, "model '\(spec.role)': base_url is missing")
        }
        return url
    }

    private static func configure(command spec: ModelSpec, maxConnections: Int?) -> CommandConfiguration {
        var configuration = CommandConfiguration(
            role: spec.role, shown: ModelSpec.shown(spec.command), arguments: spec.command,
            folder: URL(fileURLWithPath: spec.workingDirectory), environment: spec.environment,
            timeout: spec.run.timeout,
            memory: spec.run.memory, maxConnections: spec.connections, unit: spec.run.unit,
            costPerToken: spec.run.costPerToken)
        if let maxConnections {
            configuration.maxConnections = min(configuration.maxConnections, max(1, maxConnections))
        }
        return configuration
    }

    package static func configure(_ spec: ModelSpec, _ baseURL: String, _ host: RunHost) -> EndpointConfiguration {
        let key = spec.apiKeyEnv.flatMap { host.environment[$0] }.flatMap { $0.isEmpty ? nil : Secret($0) }
        if let name = spec.apiKeyEnv, key == nil {
            host.say(
                .warning("model '\(spec.role)': the environment variable \(name) is not set; asking without a key"))
        }
        let provider = EndpointProvider(rawValue: spec.provider.rawValue) ?? .openai
        var configuration = EndpointConfiguration(
            role: spec.role, provider: provider, baseURL: baseURL, model: spec.model, apiKey: key,
            maxConnections: spec.connections ?? (provider.isLlama ? 4 : provider == .reference ? 24 : 16),
            deadlines: EndpointDeadlines(
                connect: spec.deadlines.connect, firstByte: spec.deadlines.firstByte, idle: spec.deadlines.idle,
                total: spec.deadlines.total),
            declared: DeclaredCapabilities(
                stream: spec.capabilities.stream,
                topLogprobs: spec.capabilities.logprobs == false ? -1 : spec.capabilities.topLogprobs,
                prefix: spec.capabilities.prefix,
                multipleChoices: spec.capabilities.multipleChoices, seed: spec.capabilities.seed,
                cancel: spec.capabilities.cancel, sendsReasoningApart: spec.capabilities.sendsReasoningApart),
            inside: spec.provider == .reference ? spec.inside : nil)
        configuration.take(spec.wire, host)
        return configuration
    }
}

/// An endpoint that answered, with what it says of itself.
private struct OpenedEndpoint {
    let endpoint: any CallEndpoint
    let fingerprint: String
    /// Requests it takes at once.
    let maxConnections: Int

    init(command configuration: CommandConfiguration) throws {
        endpoint = try CommandEndpoint(configuration)
        fingerprint = ModelFingerprint(configuration).text
        maxConnections = configuration.maxConnections
    }

    init(
        _ configuration: EndpointConfiguration, _ spec: ModelSpec, loop: CurlLoop, budget: SharedRetryBudget,
        multipleChoices: Bool?
    ) throws {
        let first = try ModelEndpoint(configuration, loop: loop, budget: budget)
        let served = try Blocking.wait { try await first.servedModel() }
        let measured = CapabilityCache().load(configuration, served: served)
        var settled = configuration
        // Several choices a request only where a probe or the suite says that they really come back: how prompts are
        // counted must not change in the middle of a run.
        settled.declared.multipleChoices =
            configuration.provider == .reference
            ? true : spec.capabilities.multipleChoices ?? multipleChoices ?? measured?.multipleChoices ?? false
        maxConnections = settled.maxConnections
        endpoint = try ModelEndpoint(settled, measured: measured, loop: loop, budget: budget)
        let command = ServerCommand(
            arguments: spec.command, folder: URL(fileURLWithPath: spec.workingDirectory),
            log: URL(fileURLWithPath: "/dev/null"))
        fingerprint = try ModelFingerprint(
            settled, served: served, modelFile: spec.command.isEmpty ? nil : command.modelFile
        ).text
    }
}

/// The command line is synchronous; what is not is waited for.
package enum Blocking {
    package static func wait<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) throws -> T {
        let done = DispatchSemaphore(value: 0)
        let box = Box<T>()
        Task.detached {
            do { box.result = .success(try await work()) } catch { box.result = .failure(error) }
            done.signal()
        }
        done.wait()
        guard let result = box.result else { throw CommandFailure(.providerFailure, "no answer") }
        return try result.get()
    }

    /// Sendable: written before the semaphore is signalled, read after.
    private final class Box<T>: @unchecked Sendable {
        var result: Result<T, any Error>?
    }
}
