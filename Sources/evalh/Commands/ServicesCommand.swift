internal import ArgumentParser
internal import Foundation
internal import JSON
internal import Reporting
internal import Runs
internal import SuiteModel

struct ServicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "services", abstract: "What strategies of a suite may call beside models.",
        subcommands: [ServicesListCommand.self, ServicesProbeCommand.self])
}

struct ServicesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "A suite's services as they would be opened. Starts nothing, no network.",
        discussion: """
            EXAMPLES
              evalh services list suites/strategies/services.yaml
              evalh services list suites/strategies/services.yaml --json
            """)

    @OptionGroup var options: SuiteOptions

    @Flag(help: "Print them as JSON to standard output.")
    var json = false

    func run() throws {
        let opened = try OpenedSuite.open(options.suite, options.overrides, Installation.host)
        if json {
            let members = opened.suite.services.map { JSONValue.Member($0.name, $0.resolved) }
            return try JSONOutput.print(JSONValue.object(members))
        }
        if opened.suite.services.isEmpty { Terminal.standard.line("the suite has no services") }
        for service in opened.suite.services {
            let place = service.use ?? service.role ?? service.corpus?.path ?? ModelSpec.shown(service.command)
            print(SafeText.terminal("\(service.name)  \(service.kind.rawValue)  \(place)"))
        }
    }
}

struct ServicesProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe", abstract: "Open each service of a suite and call it once with something tiny.",
        discussion: """
            Indexes are made and kept, servers started, models asked a few tokens. What a tool, a server's tool or a \
            plugin takes is not known here: they are opened, and called where --call gives a payload.

            Exit code 0: all work; 2: one cannot be opened; 6: a call failed.

            EXAMPLES
              evalh services probe suites/strategies/services.yaml
              evalh services probe suite.yaml --call 'calc={"terms": [1, 2]}'
            """)

    @OptionGroup var options: SuiteOptions

    @Option(
        name: .customLong("call"),
        help: ArgumentHelp("What to call a service with, a JSON object.", valueName: "service=payload"))
    var calls: [String] = []

    @Flag(help: "Print the reports as JSON to standard output.")
    var json = false

    func run() throws {
        let opened = try OpenedSuite.open(options.suite, options.overrides, Installation.host)
        let payloads = try payloads(opened.suite)
        var reports: [ServiceReport] = []
        try ServiceProbe.run(opened, payloads: payloads, Installation.host) { report in
            reports.append(report)
            if !json { print(SafeText.terminal(Self.line(report))) }
            if let reason = report.reason { Terminal.standard.line("\(report.name): \(reason)") }
        }
        if json { try JSONOutput.print(reports) }
        func names(_ status: ServiceReport.Status) -> String {
            reports.filter { $0.status == status }.map(\.name).joined(separator: ", ")
        }
        if !names(.refused).isEmpty {
            throw CommandFailure(.usage, "these services cannot be used as the suite has them: \(names(.refused))")
        }
        if !names(.failed).isEmpty { throw CommandFailure(.providerFailure, "these calls failed: \(names(.failed))") }
    }

    private func payloads(_ suite: Suite) throws -> [String: JSONValue] {
        var payloads: [String: JSONValue] = [:]
        for call in calls {
            let parts = call.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, suite.services.contains(where: { $0.name == parts[0] }) else {
                let names = suite.services.map(\.name).joined(separator: ", ")
                throw CommandFailure(.usage, "--call wants SERVICE=PAYLOAD; the suite's services are: \(names)")
            }
            do {
                payloads[parts[0]] = try JSONValue(parsing: parts[1])
            } catch {
                throw CommandFailure(.usage, "--call \(parts[0]): the payload is no JSON: \(error)")
            }
        }
        return payloads
    }

    private static func line(_ report: ServiceReport) -> String {
        func shown(_ seconds: Double?) -> String? { seconds.map { "\(($0 * 1000).rounded() / 1000) s" } }
        let times = [
            shown(report.openSeconds).map { "opened in \($0)" }, shown(report.callSeconds).map { "called in \($0)" },
        ]
        var parts = ["\(report.name)  \(report.kind)  \(report.status.rawValue)"] + times.compactMap(\.self)
        if let tokens = report.usage?.totalTokens, tokens > 0 { parts.append("\(tokens) tokens") }
        if report.status == .opened { parts.append("not called: --call \(report.name)='{…}' does") }
        return parts.joined(separator: "  ")
    }
}
