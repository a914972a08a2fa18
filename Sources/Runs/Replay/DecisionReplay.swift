internal import Completions
internal import Engine
internal import Foundation
internal import JSON
internal import Journal
internal import PluginHost
internal import SuiteModel

/// A new build of a plugin on what a run recorded: which of its sessions come out otherwise, and by which decision.
package struct DecisionReplay {
    private let journal: Journal
    private let opened: OpenedSuite
    private let plan: RunPlan
    private let sessions: RecordedSession
    private let prompts: (JournalItem) throws -> [ChatMessage]
    /// What plays in the place of an arm's strategy; `nil`: the arm is left out.
    private let strategies: [(any StrategyFactory)?]
    /// Defaults of the new build that the run's parameters lack, by arm.
    private let defaults: [JSONValue]
    private let grader: any AnswerGrader

    /// - Parameters:
    ///   - file: the new build.
    ///   - arm: this arm alone; `nil`: all that the build has to do with.
    /// - Throws: `CommandFailure`, and what reading the run throws.
    package init(_ runPath: String, file: String, arm: String?, _ host: RunHost) throws {
        let library: PluginLibrary
        do { library = try PluginLibrary(opening: file) } catch {
            throw CommandFailure(error.reason == .unreadable ? .usage : .pluginFault, "\(error)")
        }
        let folder = try RunFolder.open(runPath)
        journal = try Journal(reading: folder.journal)
        let (record, _) = try RunRecord.load(from: journal)
        guard record.pool == nil else {
            throw CommandFailure(
                .usage,
                "\(runPath) was itself played from a pool and has no completions of its own\n"
                    + "evalh replay POOL SUITE plays another build on the pool")
        }
        opened = try Self.open(record, file: file, host)
        let capabilities = Dictionary(
            uniqueKeysWithValues: opened.suite.models.map {
                ($0.role, EndpointCapabilities(multipleChoices: record.multipleChoices[$0.role]))
            })
        plan = try PlanBuilder.build(
            opened, itemCount: try journal.itemCount(), capabilities: capabilities, fingerprints: record.fingerprints,
            concurrency: 1)
        prompts = try ItemStore.prompts(opened.suite, host.datasets, host)
        // Of its own, for the other is held while sessions are read.
        sessions = try RecordedSession(plan: plan, journal: try Journal(reading: folder.journal))
        let spec = opened.suite.grader
        let own = opened.suite.judge == nil ? try Self.grader(library, spec.use, spec.parametersJSON) : nil
        let hasGrader = own != nil
        grader = own ?? opened.grader
        if let arm, !plan.arms.contains(where: { $0.id == arm }) {
            let ids = plan.arms.map(\.id).joined(separator: ", ")
            throw CommandFailure(.usage, "the run has no arm \(arm); it has: \(ids)")
        }
        let arms = opened.suite.arms
        strategies = zip(plan.arms, arms).map { planned, spec -> (any StrategyFactory)? in
            guard arm == nil || planned.id == arm else { return nil }
            return library.strategy(spec.strategy) ?? (hasGrader ? planned.strategy : nil)
        }
        defaults = arms.map { arm in
            let info = library.plugins.first { $0.kind == .strategy && $0.id == arm.strategy }
            return Self.defaults(info?.parametersSchema)
        }
        guard strategies.contains(where: { $0 != nil }) else {
            let offered = library.plugins.map { "\($0.kind.rawValue) \($0.id)" }.joined(separator: ", ")
            throw CommandFailure(
                .usage, "\(file) offers nothing that the run's arms use\nit offers: \(offered)")
        }
    }

    /// The suite as the run had it. A run whose own build is gone is opened with the new one in its place.
    private static func open(_ record: RunRecord, file: String, _ host: RunHost) throws -> OpenedSuite {
        var quiet = host
        quiet.say = { _ in }
        if let opened = try? record.opened(quiet) { return opened }
        var with = host
        let path = host.environment["EVALH_PLUGIN_PATH"].map { ":" + $0 } ?? ""
        with.environment["EVALH_PLUGIN_PATH"] = file + path
        return try record.opened(with)
    }

    /// The new build's grader of that id; `nil`: it offers none.
    private static func grader(_ library: PluginLibrary, _ id: String, _ parameters: String) throws -> PluginGrader? {
        do { return try library.grader(id, parametersJSON: parameters) } catch {
            throw CommandFailure(.pluginFault, "\(error)")
        }
    }

    private static func defaults(_ schema: String?) -> JSONValue {
        let properties = schema.flatMap { try? JSONValue(parsing: $0) }?["properties"]?.members ?? []
        return .object(
            properties.compactMap { property in
                property.value["default"].map { JSONValue.Member(property.key, $0) }
            })
    }

    /// The run's parameters, with what the new build has beside them.
    private func parameters(_ key: SessionKey) -> String {
        guard let level = plan.arms[key.arm].levels.first(where: { $0.index == key.level }) else { return "{}" }
        let own = (try? JSONValue(parsing: level.parametersJSON))?.members ?? []
        let more = (defaults[key.arm].members ?? []).filter { member in !own.contains { $0.key == member.key } }
        return more.isEmpty ? level.parametersJSON : JSONValue.object(own + more).canonicalText
    }

    /// Does the sessions again.
    /// - Parameters:
    ///   - limit: at most so many sessions.
    ///   - observer: told of each session that changed.
    package func run(limit: Int?, _ observer: (DecisionChange) -> Void) throws -> DecisionSummary {
        var summary = DecisionSummary()
        var messages: (item: Int, text: [ChatMessage])?
        try journal.forEachSession { session, item in
            guard summary.sessions < limit ?? .max, strategies.indices.contains(session.key.arm),
                let strategy = strategies[session.key.arm]
            else { return }
            // A session that failed has nothing to compare with.
            guard session.error == nil else {
                summary.leftOut += 1
                return
            }
            if messages?.item != item.ordinal { messages = (item.ordinal, try prompts(item)) }
            let again = sessions.again(
                session.key, by: strategy, parametersJSON: parameters(session.key), item: item,
                messages: messages?.text ?? [], grader: grader)
            let change = DecisionChange(session, again, item: item, row: row(session.key))
            summary.count(session, again, change)
            if let change { observer(change) }
        }
        return summary
    }

    private func row(_ key: SessionKey) -> String {
        let arm = plan.arms[key.arm]
        let label = arm.levels.first { $0.index == key.level }?.label ?? ""
        return label.isEmpty ? arm.id : "\(arm.id)@\(label)"
    }
}
