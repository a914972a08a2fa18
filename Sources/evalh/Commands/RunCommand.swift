internal import ArgumentParser
internal import Engine
internal import Foundation
internal import JSON
internal import Journal
internal import ModelTransport
internal import PluginHost
internal import Reporting
internal import Runs
internal import SuiteModel

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a suite and write its report.",
        discussion: """
            Every completion is on disk before it is used: after a crash or Ctrl-C, `evalh resume` goes on and pays nothing twice.

            EXAMPLES
              evalh run suites/gsm.yaml
              evalh run suites/gsm8k.yaml --model main=http://127.0.0.1:8080/v1 --limit 100
              evalh run suites/gsm.yaml --arms greedy,sc5 --set sampling.max_tokens=256
              evalh run suites/gsm.yaml --json | jq .arms
            """)

    @OptionGroup var options: SuiteOptions

    @Option(help: "Where runs' folders go.")
    var out = "reports"

    @Option(help: "At most this many requests at once, an endpoint.")
    var maxConnections: Int?

    @Option(help: ArgumentHelp("Only part i of n of the items.", valueName: "i/n"))
    var shard: String?

    @Flag(help: "Print summary.json to standard output.")
    var json = false

    func run() throws {
        let part = try Shard.parse(shard)
        let watchdog = PluginWatchdog.make()
        let opened = try OpenedSuite.open(options.suite, options.overrides, watchdog: watchdog)
        let suite = opened.suite
        try OpenedEndpoints.check(suite)
        guard let loop = CurlLoop() else { throw CommandFailure(.providerFailure, "libcurl cannot be set up") }
        let folder = try RunFolder.create(suite: suite.name, root: out)
        let journal = try Journal(creating: folder.journal)
        let cache = ItemStore.cache(loop)
        _ = try ItemStore.prompts(suite, cache)
        let digest = try ItemStore.fill(journal, from: suite.dataset, cache)
        var description = RunDescription(opened, folder, digest, fingerprints: [:], part)
        try RunReport.check(description)
        var record = RunRecord(
            suiteFile: suite.file, suiteText: try SuiteText.read(suite.file),
            overrides: .init(
                settings: options.settings, models: options.models, arms: options.arms, limit: options.limit),
            fingerprints: [:], multipleChoices: [:], plugins: opened.pluginVersions, tool: Evalh.version,
            shard: [part.index, part.count])
        // Before any model is reached: a provider that is down leaves a run that can be resumed.
        try record.store(in: journal, description)
        let endpoints = try RunStart.open(folder, journal, description) {
            try OpenedEndpoints.open(suite, loop: loop, folder: folder.path, maxConnections: maxConnections)
        }
        defer { endpoints.close() }
        try record.begin(with: endpoints, &description, in: journal)
        try LockFile.write(opened, record, digest, to: folder)
        let job = RunJob(
            opened: opened, folder: folder, journal: journal, endpoints: endpoints, description: description,
            shard: part)
        let (exit, summary) = try job.run()
        if json { try JSONOutput.print(summary) }
        endpoints.close()
        throw CommandFailure(exit)
    }
}

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with a run after a kill, an interruption or a reached budget.",
        discussion: """
            Finished sessions stay; completions that were paid are drawn from the journal. Sessions that failed are tried again.

            EXAMPLES
              evalh resume reports/gsm/latest
              evalh resume reports/gsm/latest --set budget.tokens=5_000_000
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var runPath: String

    @Option(
        name: .customLong("set"), help: ArgumentHelp("Another budget or connection setting.", valueName: "path=value"))
    var settings: [String] = []

    @Option(name: .customLong("model"), help: ArgumentHelp("Where a role's model is now.", valueName: "role=spec"))
    var models: [String] = []

    @Option(help: "At most this many requests at once, an endpoint.")
    var maxConnections: Int?

    @Flag(help: "Go on although models or plugins have changed.")
    var acceptDrift = false

    @Flag(help: "Print summary.json to standard output.")
    var json = false

    func run() throws {
        let folder = try RunFolder.open(runPath)
        let journal = try Journal(resuming: folder.journal)
        var (record, description) = try RunRecord.load(from: journal)
        let overrides = SuiteOverrides(
            settings: record.overrides.settings + settings, models: record.overrides.models + models,
            arms: record.overrides.arms,
            limit: record.overrides.limit)
        let opened = try OpenedSuite.open(
            source: SourceText(name: record.suiteFile, text: record.suiteText), overrides,
            watchdog: PluginWatchdog.make())
        try OpenedEndpoints.check(opened.suite)
        guard let loop = CurlLoop() else { throw CommandFailure(.providerFailure, "libcurl cannot be set up") }
        let endpoints = try RunStart.open(folder, journal, description) {
            try OpenedEndpoints.open(
                opened.suite, loop: loop, folder: folder.path, maxConnections: maxConnections,
                multipleChoices: record.multipleChoices)
        }
        defer { endpoints.close() }
        if record.fingerprints.isEmpty { try record.begin(with: endpoints, &description, in: journal) }
        let drift = record.drift(fingerprints: endpoints.fingerprints, plugins: opened.pluginVersions)
        if !drift.isEmpty, !acceptDrift {
            throw CommandFailure(
                .usage,
                "this is not what the run began with:\n  " + drift.joined(separator: "\n  ")
                    + "\n--accept-drift goes on all the same")
        }
        let forgotten = try journal.forgetErrors()
        if forgotten > 0 { Terminal.standard.line("trying \(forgotten) failed sessions again") }
        let shard = record.shard.count == 2 ? (index: record.shard[0], count: record.shard[1]) : (index: 0, count: 1)
        let job = RunJob(
            opened: opened, folder: folder, journal: journal, endpoints: endpoints, description: description,
            shard: shard)
        let (exit, summary) = try job.run()
        if json { try JSONOutput.print(summary) }
        endpoints.close()
        throw CommandFailure(exit)
    }
}

/// `--shard i/n`, 1-based for people.
enum Shard {
    static func parse(_ text: String?) throws -> (index: Int, count: Int) {
        guard let text else { return (0, 1) }
        let parts = text.split(separator: "/").compactMap { Int($0) }
        guard parts.count == 2, parts[1] >= 1, (1...parts[1]).contains(parts[0]) else {
            throw CommandFailure(.usage, "--shard takes i/n with 1 ≤ i ≤ n, such as 2/8; got \(text)")
        }
        return (parts[0] - 1, parts[1])
    }
}

/// Ends the run when a plugin's step does not come back: its thread cannot be taken out of foreign code.
enum PluginWatchdog {
    static func make() -> StepWatchdog {
        StepWatchdog { overrun in
            Terminal.standard.error(
                "plugin \(overrun.plugin) has been in one step for \(Int(overrun.seconds)) s on item \(overrun.item); the run ends here\n"
                    + "what was finished is kept; go on with `evalh resume` without that arm, or with a mended plugin")
            Foundation._exit(RunExit.pluginFault.rawValue)
        }
    }
}

enum SuiteText {
    static func read(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.usage, "\(path) cannot be read")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

enum JSONOutput {
    static func print(_ value: some Encodable) throws {
        let text = try JSONValue(encoding: value).sorted.indentedText(colon: " : ") + "\n"
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
