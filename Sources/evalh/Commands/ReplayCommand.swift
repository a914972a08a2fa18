internal import ArgumentParser
internal import Completions
internal import Engine
internal import Foundation
internal import Journal
internal import ModelTransport
internal import PluginHost
internal import Pools
internal import Reporting
internal import Runs
internal import SuiteModel

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Run a suite's arms on recorded samples, without a model.",
        discussion: """
            The questions are the pool's; of the suite come arms, prompt, sampling, grader, prices and gates. The k-th completion a session asks
            for of its question's prompt is the k-th recorded one; a request that continues a prefix gets what followed that prefix. Time is simulated
            from recorded latencies, or from --first-token-seconds and --tokens-per-second where none were recorded.

            Strict, the default: a request that no sample answers makes its session an error. With --fill it is asked of the suite's models.

            Stopping rules depend on the order of samples: compare them over many with --permutations, which repeats the replay over as many
            shuffles; the intervals are over questions.

            EXAMPLES
              evalh replay pools/date.pool suites/replay.yaml
              evalh replay pools/date.pool suites/replay.yaml --arms sc10,ac --permutations 100
              evalh replay pools/two.pool suites/cascade.yaml --role main=small --role strong=large --recorded-scores
            """)

    @Argument(help: ArgumentHelp("A pool, see `evalh pool import`.", valueName: "pool"))
    var poolPath: String

    @OptionGroup var options: SuiteOptions

    @Option(
        name: .customLong("role"),
        help: ArgumentHelp("Which recorded model a role of the suite draws from.", valueName: "role=model"))
    var roles: [String] = []

    @Flag(help: "Ask the suite's models what the pool lacks.")
    var fill = false

    @Option(help: "Repeat over this many orders of the samples.")
    var permutations: Int?

    @Option(help: "Seed of the order of samples; without it, and without --permutations, as recorded.")
    var orderSeed: UInt64?

    @Option(
        help: ArgumentHelp(
            "What samples are shown as: the recorded text, or the answer its authors parsed.", valueName: "text|answer")
    )
    var show = "text"

    @Flag(help: "Take the scores that came with the recording instead of the suite's grader.")
    var recordedScores = false

    @Option(help: "Latency of a sample's first token where none was recorded.")
    var firstTokenSeconds = 0.2

    @Option(help: "Pace of tokens where no latency was recorded.")
    var tokensPerSecond = 50.0

    @Flag(help: "Charge the prompt with every sample, as of a server that returns one choice a request.")
    var oneChoice = false

    @Option(help: "Threads; as many as there are cores by default.")
    var workers: Int?

    @Option(help: "Where runs' folders go.")
    var out = "reports"

    @Flag(help: "Print summary.json to standard output.")
    var json = false

    func validate() throws {
        if let permutations, permutations < 1 { throw ValidationError("--permutations must be 1 or more") }
        guard PoolText(rawValue: show) != nil else { throw ValidationError("--show takes text or answer") }
        guard tokensPerSecond > 0, firstTokenSeconds >= 0 else { throw ValidationError("latencies must be positive") }
    }

    /// In the recorded order every repeat would be the same.
    private var repeats: Int? { permutations ?? (orderSeed == nil ? 1 : nil) }

    func run() throws {
        let seed = orderSeed ?? (permutations == nil ? nil : 0)
        let pool = try ReplayPool.open(
            poolPath, pairs: roles, order: SampleOrder(seed: seed), text: PoolText(rawValue: show) ?? .text,
            timing: SampleTiming(firstTokenSeconds: firstTokenSeconds, tokensPerSecond: tokensPerSecond))
        var overrides = options.overrides
        overrides.limit = nil
        overrides.settings =
            (fill ? ["dataset={pool: \"\(pool.path)\"}"] : pool.overlay(repeats: repeats)) + overrides.settings
        if fill, let permutations { overrides.settings.insert("repeats=\(permutations)", at: 0) }
        let opened = try OpenedSuite.open(options.suite, overrides, watchdog: PluginWatchdog.make())
        let folder = try RunFolder.create(suite: opened.suite.name, root: out)
        let journal = try Journal(creating: folder.journal)
        let digest = try pool.fill(journal, limit: options.limit)
        let (exit, summary) =
            fill ? try filled(opened, pool, folder, journal, digest) : try strict(opened, pool, folder, journal, digest)
        if json { try JSONOutput.print(summary) }
        throw CommandFailure(exit)
    }

    private func record(_ opened: OpenedSuite, _ fingerprints: [String: String], _ overrides: [String]) throws
        -> RunRecord
    {
        RunRecord(
            suiteFile: opened.suite.file, suiteText: try SuiteText.read(opened.suite.file),
            overrides: .init(settings: overrides, models: options.models, arms: options.arms, limit: nil),
            fingerprints: fingerprints,
            multipleChoices: [:], plugins: opened.pluginVersions, tool: Evalh.version, shard: [0, 1])
    }

    private func strict(
        _ opened: OpenedSuite, _ pool: ReplayPool, _ folder: RunFolder, _ journal: Journal, _ digest: DatasetDigest
    ) throws -> (RunExit, RunSummary) {
        var fingerprints: [String: String] = [:]
        var capabilities: [String: EndpointCapabilities] = [:]
        for model in opened.suite.models {
            fingerprints[model.role] = pool.fingerprint(model.role) ?? "unrecorded/\(model.model)"
            capabilities[model.role] = pool.capabilities(isPromptShared: !oneChoice)
        }
        var description = RunDescription(opened, folder, digest, fingerprints: fingerprints, (0, 1))
        describe(&description, pool)
        try RunReport.check(description)
        let record = try record(opened, fingerprints, pool.overlay(repeats: repeats) + options.settings)
        try record.store(in: journal, description)
        try LockFile.write(opened, record, digest, to: folder)
        let plan = try PlanBuilder.build(
            opened, itemCount: digest.count, capabilities: capabilities, fingerprints: fingerprints, concurrency: 1)
        let terminal = Terminal.standard
        let progress = SharedProgress(ProgressView(terminal, budget: plan.budget) { "" })
        let interrupted = InterruptFlag()
        let signals = InterruptSignals(interrupt: interrupted.set)
        defer { signals.stop() }
        let run = ReplayRun(
            plan: plan, journal: journal, workers: workers ?? ProcessInfo.processInfo.activeProcessorCount,
            isInterrupted: { interrupted.isSet }, makeReader: try reader(opened, pool, journal),
            observer: { progress.view.show($0) })
        let end = try run.run()
        progress.view.clear()
        let summary = try RunReport.write(journal, description, to: folder)
        ResultTable.print(summary, folder: folder.shown, to: terminal)
        try journal.close()
        if case .allocatorFault(let message) = end { throw CommandFailure(.pluginFault, message) }
        return (end == .interrupted ? .interrupted : RunExit(judging: summary), summary)
    }

    /// What each worker reads items by.
    private func reader(_ opened: OpenedSuite, _ pool: ReplayPool, _ journal: Journal) throws
        -> @Sendable () throws -> ReplayRun.ItemReader
    {
        let suite = opened.suite
        let spec = opened.suite.grader
        let catalog = opened.catalog
        let takesRecorded = recordedScores
        return {
            let file = try pool.reader()
            let prompts = try ItemStore.prompts(suite, ItemStore.cache(nil))
            let grader = try catalog.grader(spec.use, parametersJSON: spec.parametersJSON)
            return { ordinal in
                guard let item = try journal.item(ordinal) else {
                    throw JournalError(
                        path: journal.path, message: "item \(ordinal) is missing; the journal is damaged")
                }
                let own: any AnswerGrader =
                    takesRecorded ? RecordedGrader(scores: try file.scores(ordinal), grader: grader) : grader
                return ReplayItem(
                    item: item, messages: try prompts(item), grader: own, samples: { try file.deck(ordinal, $0) })
            }
        }
    }

    private func describe(_ description: inout RunDescription, _ pool: ReplayPool) {
        description.datasetName = URL(fileURLWithPath: pool.path).lastPathComponent
        description.provenance["pool_sha256"] = pool.digest
        description.provenance["sample_order"] =
            pool.settings.order.seed.map { "shuffled by seed \($0)" } ?? "as recorded"
        description.provenance["shown_as"] = pool.settings.text.rawValue
        description.provenance["simulated_latency"] =
            "\(firstTokenSeconds) s, then \(tokensPerSecond) tokens/s where none was recorded"
        if recordedScores { description.provenance["grader"] = "recorded scores" }
    }

    /// What the pool lacks is asked of the suite's models, through the same engine as a run.
    private func filled(
        _ opened: OpenedSuite, _ pool: ReplayPool, _ folder: RunFolder, _ journal: Journal, _ digest: DatasetDigest
    ) throws -> (RunExit, RunSummary) {
        guard let loop = CurlLoop() else { throw CommandFailure(.providerFailure, "libcurl cannot be set up") }
        let endpoints = try OpenedEndpoints.open(opened.suite, loop: loop, folder: folder.path, maxConnections: nil)
        defer { endpoints.close() }
        var description = RunDescription(opened, folder, digest, fingerprints: endpoints.fingerprints, (0, 1))
        describe(&description, pool)
        let record = try record(opened, endpoints.fingerprints, ["dataset={pool: \"\(pool.path)\"}"] + options.settings)
        try record.store(in: journal, description)
        try LockFile.write(opened, record, digest, to: folder)
        let job = RunJob(
            opened: opened, folder: folder, journal: journal, endpoints: endpoints, description: description,
            shard: (0, 1),
            recorded: try pool.reader())
        return try job.run()
    }
}

/// The progress of workers.
final class SharedProgress: @unchecked Sendable {
    // Sendable: workers report one at a time.
    let view: ProgressView

    init(_ view: ProgressView) {
        self.view = view
    }
}

/// Set by a signal, read by workers.
final class InterruptFlag: @unchecked Sendable {
    // Sendable: a single word that only ever goes from false to true.
    private let lock = NSLock()
    private var value = false

    func set() { lock.withLock { value = true } }

    var isSet: Bool { lock.withLock { value } }
}
