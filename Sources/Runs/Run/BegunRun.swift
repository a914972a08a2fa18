internal import Foundation
internal import Journal
internal import ModelTransport
internal import Reporting
internal import SuiteModel

/// A run whose journal holds its items and how it was asked for, before any model is reached. Whatever fails from here
/// on leaves a run that `evalh resume` goes on with.
struct BegunRun {
    let opened: OpenedSuite
    let folder: RunFolder
    let journal: Journal
    /// `nil`: models are asked.
    let pool: ReplayPool?
    var record: RunRecord
    var description: RunDescription
    /// `nil`: the network was not needed so far.
    let loop: CurlLoop?

    /// Whether recorded samples are all there is: no model is asked.
    var isOffline: Bool { pool.map { !$0.use.fills } ?? false }
    var shard: (index: Int, count: Int) {
        record.shard.count == 2 ? (record.shard[0], record.shard[1]) : (0, 1)
    }
    /// How a run that failed can be gone on with, for messages.
    var wayOn: String { "evalh resume \(folder.shown)" }

    /// A new run. What fails before it has begun leaves no folder.
    init(_ new: NewRun, _ host: RunHost) throws {
        pool = try new.pool.map { try ReplayPool($0) }
        var overrides = new.overrides
        if let pool {
            // The questions are the pool's, and so is which of them are the first.
            overrides.limit = nil
            overrides.settings = pool.overlay(repeats: new.repeats) + overrides.settings
        }
        opened = try OpenedSuite.open(new.suite, overrides, host)
        if pool?.use.fills != false { try OpenedEndpoints.check(opened.suite) }
        if pool?.use.recordedScores != true { try opened.checkGrader() }
        loop = pool == nil ? try Self.network() : nil
        folder = try RunFolder.create(suite: opened.suite.name, root: new.root)
        do {
            journal = try Journal(creating: folder.journal)
            var cache = host.datasets
            cache.downloader = loop.map { CurlDownloader(loop: $0) }
            let prompts = try ItemStore.prompts(opened.suite, cache, host)
            let digest =
                try pool?.fill(journal, limit: new.overrides.limit)
                ?? ItemStore.fill(journal, from: opened.suite.dataset, cache, host)
            description = RunDescription(
                opened, folder, digest, shard: new.shard, tool: "evalh \(host.version)")
            pool?.describe(&description)
            description.repeated = try ItemStore.repeatedQuestions(journal, prompts)
            if let warning = description.repeated.warning { host.say(.warning(warning)) }
            try RunReport(folder, opened.plugins, host).check(description)
            var use = pool?.use
            use?.digest = pool?.digest
            record = RunRecord(
                suiteFile: opened.suite.file, suiteText: opened.text, suiteDirectory: opened.suite.directory, pool: use,
                overrides: .init(
                    settings: overrides.settings, models: overrides.models, arms: overrides.arms, limit: overrides.limit
                ),
                fingerprints: [:], multipleChoices: [:], plugins: opened.pluginVersions,
                pluginHashes: opened.pluginHashes, tool: host.version,
                shard: [new.shard.index, new.shard.count])
            try record.store(in: journal, description)
            folder.noteForCrashes()
        } catch {
            loop?.shutdown()
            folder.remove()
            if let error = error as? JournalError { throw CommandFailure(.usage, "\(error)\nnothing was sent") }
            throw error
        }
        folder.markLatest()
    }

    /// A run that is gone on with.
    init(_ old: ResumedRun, _ host: RunHost) throws {
        folder = try RunFolder.open(old.path)
        folder.noteForCrashes()
        journal = try Journal(resuming: folder.journal)
        (record, description) = try RunRecord.load(from: journal)
        let history = CrashHistory(folder)
        for line in history.lines { host.say(.warning(line)) }
        try history.refuse(record.plugins.keys)
        pool = try record.pool.map { try ReplayPool($0) }
        opened = try record.opened(with: SuiteOverrides(settings: old.settings, models: old.models), host)
        loop = nil
        if !isOffline { try OpenedEndpoints.check(opened.suite) }
        if pool?.use.recordedScores != true { try opened.checkGrader() }
        description.leftOut = try LeftOutArms.find(old.without, history, opened)
        for arm in description.leftOut { host.say(.warning("going on without arm \(arm.arm): \(arm.reason)")) }
        try record.store(in: journal, description)
    }

    static func network() throws -> CurlLoop {
        guard let loop = CurlLoop() else { throw CommandFailure(.providerFailure, "libcurl cannot be set up") }
        return loop
    }
}
