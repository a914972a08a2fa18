internal import ArgumentParser
internal import Foundation
internal import ModelClients
internal import ModelTransport
internal import Runs
internal import SuiteModel

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "The models of a suite, and what their endpoints can do.",
        subcommands: [ModelsListCommand.self, ModelsProbeCommand.self])
}

struct ModelsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "A suite's models as they would be used. No network.",
        discussion: """
            EXAMPLES
              evalh models list suites/gsm8k.yaml
            """)

    @OptionGroup var options: SuiteOptions

    func run() throws {
        let opened = try OpenedSuite.open(options.suite, options.overrides, Installation.host)
        for model in opened.suite.models {
            let place = model.unixSocket ?? model.baseURL ?? model.command.joined(separator: " ")
            let key = model.apiKeyEnv.map { "  key: $\($0)" } ?? ""
            print("\(model.role)  \(model.provider.rawValue)  \(model.model)  \(place)\(key)")
        }
    }
}

struct ModelsProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Measure what an endpoint can do, with about a dozen tiny requests.",
        discussion: """
            Streaming, log-probabilities, n, seed, prefix continuation, stop texts, cancelling. The result is kept in \
            evalh's cache and used by
            later runs: several choices are asked for in one request only where a probe has seen that they come back.

            EXAMPLES
              evalh models probe suites/gsm8k.yaml
              evalh models probe suites/gsm.yaml --model main=http://127.0.0.1:8080/v1 --json
            """)

    @OptionGroup var options: SuiteOptions

    @Flag(help: "Print the reports as JSON to standard output.")
    var json = false

    func run() throws {
        let opened = try OpenedSuite.open(options.suite, options.overrides, Installation.host)
        guard let loop = CurlLoop() else { throw CommandFailure(.providerFailure, "libcurl cannot be set up") }
        defer { loop.shutdown() }
        var servers: [ManagedServer] = []
        defer {
            for server in servers {
                server.stop()
                EmbeddedServer.clean(server)
            }
        }
        var reports: [ProbeReport] = []
        for model in opened.suite.models {
            if model.provider == .command {
                Terminal.standard.line("\(model.role)  a program: there is nothing to probe")
                continue
            }
            let url = try OpenedEndpoints.address(
                of: model, folder: NSTemporaryDirectory(), &servers, Installation.host)
            let configuration = OpenedEndpoints.configure(model, url, Installation.host)
            do {
                let report = try Blocking.wait {
                    try await EndpointProbe.run(configuration, loop: loop, budget: SharedRetryBudget(seconds: 60))
                }
                CapabilityCache().store(report, for: configuration)
                reports.append(report)
                if !json { print("\(model.role)\n\(report.render())") }
            } catch {
                throw CommandFailure(.providerFailure, "model '\(model.role)': \(error)")
            }
        }
        if json { try JSONOutput.print(reports) }
    }
}
