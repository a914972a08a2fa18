internal import Foundation
internal import ModelClients
internal import PluginHost
internal import Sandbox
internal import Services
internal import SuiteModel

/// Services that do their work on this machine, and the judge.
extension ServiceOpening {
    /// What a service has against being opened, with its place.
    func guarded(_ spec: ServiceSpec, _ open: () throws -> any HostService) throws -> any HostService {
        do {
            return try open()
        } catch let refused as ServiceRefusal {
            throw refusal(spec, refused.description, hint: hint(spec))
        } catch let fault as PluginLoadError {
            throw refusal(spec, "\(fault)")
        }
    }

    private func hint(_ spec: ServiceSpec) -> String? {
        switch spec.kind {
        case .execute: "`evalh doctor` shows what the sandbox needs"
        case .tool, .mcp: "try it: \(ModelSpec.shown(spec.command))"
        case .score, .embed, .retrieve, .judge, .plugin: nil
        }
    }

    private func workers(_ spec: ServiceSpec) -> Int {
        spec.workers ?? (spec.kind == .mcp ? 1 : ProcessInfo.processInfo.activeProcessorCount)
    }

    func retrieve(_ spec: ServiceSpec, _ others: [String: any HostService]) throws -> any HostService {
        guard let corpus = spec.corpus else { throw ServiceRefusal("`corpus` is missing") }
        let settings = RetrieveSettings(
            name: spec.name,
            corpus: DatasetSpec(
                name: URL(fileURLWithPath: corpus.path).lastPathComponent, location: .path(corpus.path),
                sha256: corpus.sha256, format: corpus.format, inputField: corpus.textField, needsTarget: false,
                idField: corpus.idField, limit: corpus.limit, position: spec.position),
            method: spec.method == .vectors ? .vectors : .bm25, k1: spec.k1, b: spec.b,
            metric: spec.metric == .dot ? .dot : .cosine,
            lists: spec.index == .exact ? .none : spec.lists.map { .count($0) } ?? .bySize, probes: spec.probes,
            seed: opened.suite.seed, limit: spec.hits, connections: workers(spec))
        return try RetrieveService(
            settings, embedder: spec.embedder.flatMap { others[$0] }, datasets: host.datasets,
            folder: RetrieveService.defaultFolder(environment: host.environment),
            progress: { [say = host.say] in say(.line($0)) })
    }

    func execute(_ spec: ServiceSpec) throws -> any HostService {
        var settings = ExecuteSettings(name: spec.name, language: spec.language, connections: workers(spec))
        if !spec.command.isEmpty { settings.command = spec.command }
        settings.file = spec.file
        settings.template = spec.template
        if let timeout = spec.timeout {
            settings.limits.cpuSeconds = timeout
            // A busy machine changes nothing.
            settings.limits.wallSeconds = 5 * timeout + 10
        }
        settings.limits.memoryBytes = spec.memory ?? settings.limits.memoryBytes
        settings.limits.outputBytes = spec.output ?? settings.limits.outputBytes
        return try ExecuteService(settings, environment: host.environment)
    }

    func program(_ spec: ServiceSpec) throws -> ProgramSettings {
        var secrets: [String: Secret] = [:]
        for name in spec.secrets {
            guard let value = host.environment[name], !value.isEmpty else {
                throw ServiceRefusal("the environment variable \(name), which `secrets` names, is not set")
            }
            secrets[name] = Secret(value)
        }
        var settings = ProgramSettings(
            name: spec.name, command: spec.command, folder: URL(fileURLWithPath: spec.workingDirectory),
            environment: spec.environment, secrets: secrets, connections: workers(spec))
        settings.timeout = spec.timeout ?? settings.timeout
        settings.startTimeout = max(settings.startTimeout, settings.timeout)
        settings.memory = spec.memory.map { UInt64($0) }
        settings.outputBytes = spec.output ?? settings.outputBytes
        return settings
    }

    func judge(_ spec: ServiceSpec) throws -> any HostService {
        guard let role = spec.role else { throw ServiceRefusal("there is no model that judges") }
        var judge = JudgeSpec(parametersJSON: "{}")
        judge.role = role
        judge.form = spec.verdict
        judge.repeats = spec.repeats
        if let template = spec.template { judge.template = .own(template) }
        judge.maxTokens = spec.maxTokens ?? (spec.verdict == .probability ? 4 : judge.maxTokens)
        return try JudgeService(
            judge, modelFingerprint: endpoints.fingerprints[role] ?? "", backend: endpoints.router)
    }

    func plugin(_ spec: ServiceSpec) throws -> any HostService {
        let plugin = try opened.catalog.service(spec.use ?? "", parametersJSON: spec.parametersJSON)
        return try PluginService(name: spec.name, plugin, connections: workers(spec))
    }
}
