internal import Completions
internal import Services
internal import SuiteModel

/// Makes services of what the suite says of them: one function a kind.
struct ServiceOpening {
    let opened: OpenedSuite
    let endpoints: OpenedEndpoints
    let host: RunHost

    /// - Parameter others: that were opened before it, by name.
    func open(_ spec: ServiceSpec, others: [String: any HostService]) throws -> any HostService {
        switch spec.kind {
        case .retrieve: return try guarded(spec) { try retrieve(spec, others) }
        case .execute: return try guarded(spec) { try execute(spec) }
        case .tool: return try guarded(spec) { try ToolService(program(spec), about: spec.about) }
        case .mcp:
            return try guarded(spec) {
                try MCPService(program(spec), tools: spec.tools, clientVersion: host.version)
            }
        case .judge: return try guarded(spec) { try judge(spec) }
        case .plugin: return try guarded(spec) { try plugin(spec) }
        case .score: return try score(spec)
        case .embed: return try embed(spec)
        }
    }

    /// Ends the command, with the place in the suite.
    func refusal(_ spec: ServiceSpec, _ message: String, hint: String? = nil) -> CommandFailure {
        let diagnostic = Diagnostic(at: spec.position, "service `\(spec.name)`: \(message)", hint: hint)
        host.say(.located(DiagnosticRenderer(sources: opened.sources).render([diagnostic])))
        return CommandFailure(.usage, "1 mistake in the suite; nothing was sent")
    }
}
