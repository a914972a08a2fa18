internal import Completions
package import Exports
internal import Files
internal import Foundation
internal import JSON
package import Journal
internal import PluginHost
package import Reporting
internal import SuiteModel

/// A run's reports, with the metrics that its suite names.
package struct RunReport {
    private let run: RunFolder
    private let plugins: SuitePlugins
    private let host: RunHost

    /// - Parameters:
    ///   - run: the folder whose journal it is.
    ///   - plugins: where the suite's metrics are.
    init(_ run: RunFolder, _ plugins: SuitePlugins, _ host: RunHost) {
        self.run = run
        self.plugins = plugins
        self.host = host
    }

    package init(_ run: RunFolder, _ description: RunDescription, _ host: RunHost) {
        // What was isolated in the run is so again, and nothing else.
        self.init(run, SuitePlugins(host.catalog(plugins: description.plugins), asked: .inProcess, host), host)
    }

    /// - Parameters:
    ///   - folder: where the reports go; `nil`: into the run's.
    ///   - files: only these of the reports' names; `nil`: all.
    ///   - isLive: for a page that is served, and asks how the run goes.
    package func write(
        _ journal: Journal, _ description: RunDescription, to folder: String? = nil, files: Set<String>? = nil,
        isLive: Bool = false
    ) throws -> RunSummary {
        let summary = try written {
            try ReportWriter.write(
                journal: journal, description: description, metrics: usable(description),
                // Absolute: a plugin may go elsewhere.
                allocated: outputs(of:), to: URL(fileURLWithPath: folder ?? run.path).path, files: files,
                isLive: isLive)
        }
        for problem in summary.problems { host.say(.warning(problem)) }
        return summary
    }

    /// `junit.xml` once more, with a case for each comparison with a baseline.
    package func writeJUnit(_ summary: RunSummary, baseline: [RunSummary.GateOutcome]) throws {
        try written { try ReportWriter.writeJUnit(summary, baseline: baseline, to: run.path) }
    }

    /// In the formats of other tools.
    /// - Returns: the files' paths.
    package func export(
        _ formats: Set<ExportFormat>, _ journal: Journal, _ description: RunDescription, to folder: String
    ) throws -> [String] {
        try written {
            try RunExport.write(
                formats, journal: journal, description: description, metrics: usable(description),
                allocated: outputs(of:), to: folder)
        }
    }

    /// What a report that finds no room says: nothing is lost with it.
    private func written<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let failure as FileFailure {
            throw CommandFailure(
                .incomplete,
                "\(failure)\nthe report is missing, the run is not: all that was paid is kept in "
                    + "\(run.shown)/journal.sqlite\n"
                    + "free some space, or name another folder with --out DIR, then: evalh report \(run.shown)")
        }
    }

    private func usable(_ description: RunDescription) -> [any RunMetric] {
        let (metrics, problems) = open(description)
        for problem in problems { host.say(.warning("\(problem.text)\nthe report goes without it")) }
        return metrics
    }

    /// Ends the command if a metric refuses its parameters or breaks down: said before anything is paid for.
    func check(_ description: RunDescription) throws {
        let problems = open(description).problems
        guard !problems.isEmpty else { return }
        throw CommandFailure(
            problems.contains(where: \.isBreakdown) ? .pluginFault : .usage,
            problems.map(\.text).joined(separator: "\n"))
    }

    /// Why a metric cannot be used.
    private struct Problem {
        var text: String
        /// It is the plugin's own fault, not that of its parameters.
        var isBreakdown: Bool
    }

    private func open(_ description: RunDescription) -> (metrics: [any RunMetric], problems: [Problem]) {
        var metrics: [any RunMetric] = []
        var problems: [Problem] = []
        // A grader that is gone leaves equal texts equal answers, as in runs from before it was recorded.
        let grader =
            description.metrics.isEmpty
            ? nil
            : description.grader.flatMap {
                try? plugins.grader($0.id, parametersJSON: $0.parametersJSON, $0.isolation ?? .inProcess)
            }
        let history = CrashHistory(run)
        for use in description.metrics {
            if let reason = history.reason(against: use.id) {
                metrics.append(SilencedMetric(id: use.id, reason: reason))
                continue
            }
            do {
                let plugin = try plugins.metric(
                    use.id, parametersJSON: use.parametersJSON, seed: description.seed, use.isolation ?? .inProcess)
                metrics.append(MetricAdapter(plugin: plugin, use, grader: grader))
            } catch {
                let isBreakdown = (error as? PluginFault)?.isBreakdown == true
                problems.append(Problem(text: "metric \(use.title): \(error)", isBreakdown: isBreakdown))
            }
        }
        return (metrics, problems)
    }

    /// What an allocator gave, without what it may not give.
    private func outputs(of record: AllocationRecord) throws -> [MetricOutput] {
        let info = plugins.catalog.info(.allocator, record.allocator)
        return try MetricValue.parse(record.valuesJSON).filter { value in
            let isDeclared = info?.outputs.contains { MetricNames.matches(value.name, $0) } ?? true
            guard isDeclared, !HostNumbers.contains(value.name) else {
                host.say(
                    .warning(
                        "the allocator \(record.allocator) gave `\(value.name)`, which "
                            + (isDeclared
                                ? "is a number of evalh's own" : "is not among the outputs that its descriptor names")
                            + "; it is left out"))
                return false
            }
            return true
        }.map(MetricOutput.init)
    }
}

/// A metric whose plugin is not asked any more: its failure stands in the report.
private final class SilencedMetric: RunMetric {
    let id: String
    private let reason: String

    init(id: String, reason: String) {
        self.id = id
        self.reason = reason
    }

    func add(_ session: SessionRecord, _ row: RunRow, fieldsJSON: String) {}

    func result() throws -> [MetricOutput] { throw PluginFault(plugin: id, message: reason) }
}

/// A metric plugin that is shown the sessions of one arm, or of all.
private final class MetricAdapter: RunMetric {
    private let plugin: any MetricPlugin
    private let use: RunDescription.MetricUse
    private let names: MetricNames
    private let grader: (any GraderPlugin)?
    /// Of the item whose rows come now: rows of an item come in one sequence.
    private var classes = (item: -1, answers: AnswerClasses())

    init(plugin: any MetricPlugin, _ use: RunDescription.MetricUse, grader: (any GraderPlugin)?) {
        self.plugin = plugin
        self.use = use
        names = MetricNames(id: plugin.info.id, outputs: plugin.info.outputs, label: use.name)
        self.grader = grader
    }

    var id: String { use.title }

    func add(_ session: SessionRecord, _ row: RunRow, fieldsJSON: String) throws {
        guard use.over == nil || use.over == row.arm.id else { return }
        try plugin.add(
            MetricRow(
                item: session.key.item, arm: row.arm.id, levelJSON: row.level.levelJSON, levelIndex: row.levelIndex,
                repeatIndex: session.key.repeatIndex, score: session.error == nil ? session.score : nil,
                confidence: session.confidence, finish: session.finish, measure: session.measure,
                answer: try answer(session), stopReason: session.stopReason, fieldsJSON: fieldsJSON))
    }

    /// The answer as its class is named.
    private func answer(_ session: SessionRecord) throws -> String {
        guard let answer = session.extracted else { return "" }
        guard let grader else { return answer }
        if classes.item != session.key.item { classes = (session.key.item, AnswerClasses()) }
        return try classes.answers.first(of: answer, areSame: grader.areSame)
    }

    /// Its numbers under the names they have in this run.
    func result() throws -> [MetricOutput] {
        try plugin.result().map { value in
            guard names.declares(value.name) else {
                throw PluginFault(
                    plugin: plugin.info.id,
                    message: "gave `\(value.name)`, which is not among the outputs that its descriptor names")
            }
            var output = MetricOutput(value)
            output.name = names.shown(value.name)
            return output
        }
    }
}

extension RunDescription.MetricUse {
    /// For messages: "calibration", or "strict (calibration)".
    fileprivate var title: String { name.map { "\($0) (\(id))" } ?? id }
}

extension MetricOutput {
    fileprivate init(_ value: MetricValue) {
        self.init(
            name: value.name, arm: value.arm, levelIndex: value.levelIndex,
            value: value.value.isFinite ? value.value : nil,
            ciLow: value.ciLow, ciHigh: value.ciHigh, stderr: value.standardError, n: value.n ?? 0,
            method: value.method,
            detail: value.detailJSON.isEmpty ? .null : JSONValue(parsingOrNull: value.detailJSON))
    }
}
