internal import Completions
package import Engine
internal import Journal
internal import PluginHost
internal import Reporting

/// A run that is ready to go. All runs are prepared in one order, whether new or resumed, asked of models or of a pool:
/// the suite is read, once; then come folder and journal, the items, the record of how the run was asked for, the
/// models, the lock file. What a run is made of after the record is in its journal, so each later step may fail and be
/// tried again by `evalh resume`.
package final class PreparedRun {
    let begun: BegunRun
    let models: ReachedModels
    let plan: RunPlan
    let description: RunDescription
    let prompts: (JournalItem) throws -> [ChatMessage]
    let interruption = Interruption()
    private let workers: Int?
    private let host: RunHost

    package var folder: RunFolder { begun.folder }
    package var budget: BudgetLimits { plan.budget }
    /// Makes the run stop; safe from any thread.
    package var interrupt: @Sendable () -> Void { interruption.set }
    /// For a progress line: what holds requests back.
    package var endpointStatus: () -> String { { [models] in models.endpoints?.status ?? "" } }

    package convenience init(_ new: NewRun, _ host: RunHost) throws {
        try self.init(
            BegunRun(new, host), maxConnections: new.maxConnections, acceptsDrift: false, workers: new.workers, host)
    }

    package convenience init(resuming old: ResumedRun, _ host: RunHost) throws {
        try self.init(
            BegunRun(old, host), maxConnections: old.maxConnections, acceptsDrift: old.acceptsDrift, workers: nil, host)
        let peerArms = plan.arms.indices.filter { plan.arms[$0].pass == .overPeers }
        let forgotten = try begun.journal.forgetFailures(peerArms: peerArms, keeping: plan.leftOut.sorted())
        if forgotten.errors > 0 { host.say(.line("trying \(forgotten.errors) failed sessions again")) }
        if forgotten.servedInPart > 0 {
            host.say(.line("asking \(forgotten.servedInPart) sessions again that were served in part"))
        }
        if forgotten.overPeers > 0 {
            host.say(.line("\(forgotten.overPeers) sessions that look at these come again after them"))
        }
    }

    private init(_ start: BegunRun, maxConnections: Int?, acceptsDrift: Bool, workers: Int?, _ host: RunHost) throws {
        var begun = start
        models = try Self.reach(begun, maxConnections: maxConnections, host)
        do {
            if begun.record.fingerprints.isEmpty {
                try begun.record.begin(with: models, &begun.description, in: begun.journal)
            }
            if !acceptsDrift { try Self.refuseDrift(begun, models) }
            // A plugin that was mended is what resuming is for: told, and not refused.
            let (versions, hashes) = (begun.opened.pluginVersions, begun.opened.pluginHashes)
            for change in begun.record.changedFiles(plugins: versions, hashes: hashes) { host.say(.warning(change)) }
            let items = try begun.journal.itemCount()
            try LockFile.write(begun.opened, begun.record, begun.description, items: items, to: begun.folder)
            plan = try PlanBuilder.build(
                begun.opened, itemCount: items, capabilities: models.capabilities, fingerprints: models.fingerprints,
                services: models.services, concurrency: models.concurrency, shard: begun.shard,
                leftOut: Set(begun.description.leftOut.map(\.arm)))
            let prompts = try ItemStore.prompts(begun.opened.suite, host.datasets, host)
            // A prompt that cannot be rendered is an error of its sessions.
            let first = try (0..<Rehearsal.items).compactMap { try begun.journal.item($0) }
            try begun.opened.rehearse(plan, first.compactMap { item in (try? prompts(item)).map { (item, $0) } })
            self.prompts = prompts
        } catch {
            models.close()
            throw RunFailure.kept(error, begun.wayOn)
        }
        begun.opened.keepVerdicts(in: begun.folder)
        self.begun = begun
        description = begun.description
        self.workers = workers
        self.host = host
    }

    /// A provider that fails now leaves reports that say so, for CI.
    private static func reach(_ run: BegunRun, maxConnections: Int?, _ host: RunHost) throws -> ReachedModels {
        if let pool = run.pool, run.isOffline { return ReachedModels(pool, run.opened.suite) }
        let loop = try run.loop ?? BegunRun.network()
        var endpoints: OpenedEndpoints?
        do {
            let reached = try OpenedEndpoints.open(
                run.opened.suite, loop: loop, folder: run.folder.path, maxConnections: maxConnections,
                multipleChoices: run.record.multipleChoices, host)
            endpoints = reached
            return try ReachedModels(reached, run.opened, host)
        } catch {
            endpoints?.close()
            loop.shutdown()
            guard let failure = error as? CommandFailure, failure.code == .providerFailure else { throw error }
            _ = try RunReport(run.folder, run.opened.plugins, host).write(run.journal, run.description)
            try run.journal.close()
            throw CommandFailure(
                .providerFailure, "\(failure.message)\nnothing is lost; go on when it is back: \(run.wayOn)")
        }
    }

    private static func refuseDrift(_ run: BegunRun, _ models: ReachedModels) throws {
        var drift = run.record.drift(fingerprints: models.fingerprints, plugins: run.opened.pluginVersions)
        if let pool = run.pool, let digest = run.record.pool?.digest, digest != pool.digest {
            drift.append("pool \(pool.path) was \(digest.prefix(16)), is \(pool.digest.prefix(16))")
        }
        guard drift.isEmpty else {
            throw CommandFailure(
                .usage,
                "this is not what the run began with:\n  " + drift.joined(separator: "\n  ")
                    + "\n--accept-drift goes on all the same")
        }
    }

    /// Carries out what is left of the plan. Whatever ends it, what was finished is in the journal.
    /// - Parameter observer: told how it goes, at most five times a second; from any thread, one at a time.
    package func go(_ observer: @escaping @Sendable (RunProgress) -> Void) throws -> RunEnd {
        do {
            if let pool = begun.pool, begun.isOffline {
                return try replay(pool, workers: workers, host, observer)
            }
            return try ask(observer)
        } catch {
            models.close()
            throw RunFailure.kept(error, begun.wayOn)
        }
    }

    /// Writes the reports and lets go of models and journal.
    package func conclude(_ end: RunEnd) throws -> ConcludedRun {
        defer { models.close() }
        WatchedProcess.restoreFolder()
        let summary: RunSummary
        do {
            summary = try RunReport(folder, begun.opened.plugins, host).write(begun.journal, description)
        } catch {
            try? begun.journal.close()
            throw error
        }
        do { try begun.journal.close() } catch {
            // Nothing is lost: what could not be folded into the journal's file stands in its log beside it.
            host.say(.warning("\(error)\nthe run is whole; keep journal.sqlite-wal beside journal.sqlite until then"))
        }
        return ConcludedRun(end, summary, wayOn: begun.wayOn)
    }
}

/// Errors of a run that has begun.
enum RunFailure {
    /// The error with the way on; what says already how it ends stays as it is.
    static func kept(_ error: any Error, _ wayOn: String) -> CommandFailure {
        if let failure = error as? CommandFailure { return failure }
        return CommandFailure(.incomplete, "\(error)\nwhat was finished is kept; go on with: \(wayOn)")
    }
}
