internal import Foundation
package import Journal

/// Writes all of a run's reports from its journal, in one pass over the sessions.
package enum ReportWriter {
    /// - Returns: the summary that was written.
    package static func write(journal: Journal, description: RunDescription, to folder: String) throws -> RunSummary {
        var builder = SummaryBuilder(description)
        let samples = try FileOutput(folder + "/samples.jsonl")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let page = try PageWriter(folder + "/report.html", description, sessions: try journal.sessionCount())
        try journal.forEachSession { record, item in
            guard description.arms.indices.contains(record.key.arm) else { return }
            let arm = description.arms[record.key.arm]
            let level = arm.levels.first { $0.index == record.key.level }
            builder.add(record)
            try page.add(record, item)
            try samples.write(encoder.encode(SampleLine(record: record, item: item, arm: arm, level: level)))
            try samples.write("\n")
        }
        try samples.finish()
        let summary = builder.finish(paid: try journal.paidTotals())
        let pretty = JSONEncoder()
        pretty.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        try put(pretty.encode(summary) + Data("\n".utf8), folder + "/summary.json")
        try put(Data(MarkdownReport.render(summary).utf8), folder + "/summary.md")
        try put(Data(JUnitReport.render(summary).utf8), folder + "/junit.xml")
        try page.finish(summary)
        return summary
    }

    private static func put(_ data: Data, _ path: String) throws {
        let output = try FileOutput(path)
        try output.write(data)
        try output.finish()
    }
}
