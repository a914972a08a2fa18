internal import Files
internal import Foundation
internal import JSON
package import Journal

/// Writes a run's reports from its journal, in one pass over the sessions.
package enum ReportWriter {
    /// - Parameters:
    ///   - metrics: beside the built-in ones.
    ///   - allocated: reads an allocator's own numbers from its record.
    ///   - files: only these of the reports' names; `nil`: all.
    ///   - isLive: the page is served, and asks its server how the run goes.
    /// - Returns: the summary that was written.
    /// - Throws: `FileFailure` where a report cannot be written; those before it are in place.
    package static func write(
        journal: Journal, description: RunDescription, metrics: [any RunMetric] = [],
        allocated: (AllocationRecord) throws -> [MetricOutput] = { _ in [] }, to folder: String,
        files: Set<String>? = nil,
        isLive: Bool = false
    ) throws -> RunSummary {
        let allocation = try journal.allocation()
        var builder = SummaryBuilder(description, metrics: metrics, allocation: allocation)
        func isWanted(_ name: String) -> Bool { files?.contains(name) ?? true }
        let samples = isWanted("samples.jsonl") ? try WholeFile(folder + "/samples.jsonl") : nil
        let page =
            isWanted("report.html")
            ? try PageWriter(folder + "/report.html", description, sessions: try journal.sessionCount(), isLive: isLive)
            : nil
        var line = JSONWriter()
        let rows = RunRows(description)
        try journal.forEachSession { record, item in
            guard let row = rows[record.key] else { return }
            builder.add(record, fieldsJSON: item.fieldsJSON)
            try page?.add(record, item)
            if let samples {
                SampleLine(record: record, item: item, row: row).write(to: &line)
                try samples.write(line.bytes)
            }
        }
        try samples?.finish()
        let summary = builder.finish(paid: try journal.paidTotals(), allocated: try allocation.map(allocated) ?? [])
        if isWanted("summary.json") {
            let text = try JSONValue(encoding: summary).sorted.indentedText(colon: " : ") + "\n"
            try put(Data(text.utf8), folder + "/summary.json")
        }
        if isWanted("summary.md") { try put(Data(MarkdownReport.render(summary).utf8), folder + "/summary.md") }
        if isWanted("junit.xml") { try put(Data(JUnitReport.render(summary).utf8), folder + "/junit.xml") }
        try page?.finish(summary)
        return summary
    }

    /// Writes `junit.xml` again, with a case for each comparison with a baseline.
    package static func writeJUnit(_ summary: RunSummary, baseline: [RunSummary.GateOutcome], to folder: String) throws
    {
        try put(Data(JUnitReport.render(summary, baseline: baseline).utf8), folder + "/junit.xml")
    }

    private static func put(_ data: Data, _ path: String) throws {
        try WholeFile.write(data, to: path)
    }
}
