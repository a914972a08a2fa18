internal import Exports
internal import Foundation
internal import JSON
internal import Journal
internal import PluginHost
internal import Reporting
internal import Runs

/// A run's reports, with the metrics that its suite names.
enum RunReport {
    /// - Parameters:
    ///   - files: only these of the reports' names; `nil`: all.
    ///   - isLive: for a page that is served, and asks how the run goes.
    static func write(
        _ journal: Journal, _ description: RunDescription, to folder: RunFolder, files: Set<String>? = nil,
        isLive: Bool = false
    ) throws -> RunSummary {
        let summary = try ReportWriter.write(
            journal: journal, description: description, metrics: usable(description), allocated: outputs(of:),
            to: folder.path,
            files: files,
            isLive: isLive
        )
        for problem in summary.problems { Terminal.standard.warning(problem) }
        return summary
    }

    /// In the formats of other tools.
    /// - Returns: the files' paths.
    static func export(
        _ formats: Set<ExportFormat>, _ journal: Journal, _ description: RunDescription, to folder: String
    ) throws -> [String] {
        try RunExport.write(
            formats, journal: journal, description: description, metrics: usable(description), allocated: outputs(of:),
            to: folder)
    }

    private static func usable(_ description: RunDescription) -> [any RunMetric] {
        let (metrics, problems) = open(description)
        for problem in problems { Terminal.standard.warning("\(problem)\nthe report goes without it") }
        return metrics
    }

    /// Ends the command if a metric refuses its parameters: said before anything is paid for.
    static func check(_ description: RunDescription) throws {
        let problems = open(description).problems
        guard problems.isEmpty else { throw CommandFailure(.usage, problems.joined(separator: "\n")) }
    }

    private static func open(_ description: RunDescription) -> (metrics: [any RunMetric], problems: [String]) {
        let catalog = HostCatalog.catalog(plugins: description.plugins, watchdog: nil)
        var metrics: [any RunMetric] = []
        var problems: [String] = []
        for use in description.metrics {
            do {
                let plugin = try catalog.metric(use.id, parametersJSON: use.parametersJSON, seed: description.seed)
                metrics.append(MetricAdapter(plugin: plugin, over: use.over))
            } catch {
                problems.append("metric \(use.id): \(error)")
            }
        }
        return (metrics, problems)
    }

    private static func outputs(of record: AllocationRecord) throws -> [MetricOutput] {
        try MetricValue.parse(record.valuesJSON).map(MetricOutput.init)
    }
}

/// A metric plugin that is shown the sessions of one arm, or of all.
private final class MetricAdapter: RunMetric {
    private let plugin: PluginMetric
    private let over: String?

    init(plugin: PluginMetric, over: String?) {
        self.plugin = plugin
        self.over = over
    }

    var id: String { plugin.info.id }

    func add(_ session: SessionRecord, _ row: RunRow) throws {
        guard over == nil || over == row.arm.id else { return }
        try plugin.add(
            MetricRow(
                item: session.key.item, arm: row.arm.id, levelJSON: row.level.levelJSON, levelIndex: row.levelIndex,
                repeatIndex: session.key.repeatIndex, score: session.error == nil ? session.score : nil,
                confidence: session.confidence, finish: session.finish, measure: session.measure,
                answer: session.extracted ?? ""))
    }

    func result() throws -> [MetricOutput] { try plugin.result().map(MetricOutput.init) }
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
