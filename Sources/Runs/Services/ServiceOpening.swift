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
        case .score, .embed, .retrieve, .execute, .tool, .mcp, .judge, .plugin:
            throw refusal(spec, "services of kind `\(spec.kind.rawValue)` are not in this build")
        }
    }

    /// Ends the command, with the place in the suite.
    func refusal(_ spec: ServiceSpec, _ message: String, hint: String? = nil) -> CommandFailure {
        let diagnostic = Diagnostic(at: spec.position, "service `\(spec.name)`: \(message)", hint: hint)
        host.say(.located(DiagnosticRenderer(sources: opened.sources).render([diagnostic])))
        return CommandFailure(.usage, "1 mistake in the suite; nothing was sent")
    }
}
