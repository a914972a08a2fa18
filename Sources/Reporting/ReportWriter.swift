internal import Foundation
package import Journal

/// Writes all of a run's reports from its journal, in one pass over the sessions.
package enum ReportWriter {
    /// - Returns: the summary that was written.
    /// - Parameters:
    ///   - metrics: beside the built-in ones.
    ///   - allocated: reads an allocator's own numbers from its record.
    ///   - files: only these of the reports' names; `nil`: all.
    package static func write(
        journal: Journal, description: RunDescription, metrics: [any RunMetric] = [],
        allocated: (AllocationRecord) throws -> [MetricOutput] = { _ in [] }, to folder: String, files: Set<String>? = nil
    ) throws -> RunSummary {
        let allocation = try journal.allocation()
        var builder = SummaryBuilder(description, metrics: metrics, allocation: allocation)
        func isWanted(_ name: String) -> Bool { files?.contains(name) ?? true }
        let samples = isWanted("samples.jsonl") ? try FileOutput(folder + "/samples.jsonl") : nil
        var line = JSONLineWriter()
        var examples = ExampleCollector()
        try journal.forEachSession { record, item in
            guard description.arms.indices.contains(record.key.arm) else { return }
            let arm = description.arms[record.key.arm]
            let level = arm.levels.first { $0.index == record.key.level }
            builder.add(record)
            examples.add(record, item, arm)
            if let samples {
                try SampleLine(record: record, item: item, arm: arm, level: level).write(to: &line)
                try samples.write(line.bytes)
            }
        }
        try samples?.finish()
        let summary = builder.finish(paid: try journal.paidTotals(), allocated: try allocation.map(allocated) ?? [])
        let pretty = JSONEncoder()
        pretty.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        if isWanted("summary.json") { try put(pretty.encode(summary) + Data("\n".utf8), folder + "/summary.json") }
        if isWanted("summary.md") { try put(Data(MarkdownReport.render(summary).utf8), folder + "/summary.md") }
        if isWanted("junit.xml") { try put(Data(JUnitReport.render(summary).utf8), folder + "/junit.xml") }
        if isWanted("report.html") { try put(Data(HTMLReport.render(summary, examples: examples.examples).utf8), folder + "/report.html") }
        return summary
    }

    /// Writes `junit.xml` again, with a case for each comparison with a baseline.
    package static func writeJUnit(_ summary: RunSummary, baseline: [RunSummary.GateOutcome], to folder: String) throws {
        try put(Data(JUnitReport.render(summary, baseline: baseline).utf8), folder + "/junit.xml")
    }

    private static func put(_ data: Data, _ path: String) throws {
        let output = try FileOutput(path)
        try output.write(data)
        try output.finish()
    }
}

/// Picks sessions for the page: errors, strict and lenient grades that differ, cut-off answers, wrong answers; a few of each.
struct ExampleCollector {
    private static let perKind = 15
    private var counts: [String: Int] = [:]
    private(set) var examples: [HTMLReport.Example] = []

    mutating func add(_ record: SessionRecord, _ item: JournalItem, _ arm: RunDescription.Arm) {
        guard let why = reason(record), counts[why, default: 0] < Self.perKind else { return }
        counts[why, default: 0] += 1
        examples.append(
            HTMLReport.Example(
                item: item.id, arm: RunSummary.Arm.title(arm.id, isOracle: arm.isOracle),
                why: why + (record.extracted.map { ": read as " + SafeText.short($0, 60) } ?? ""),
                input: item.input, target: item.target, answer: record.error.map { "\($0.kind): \($0.message)" } ?? record.answer ?? ""))
    }

    private func reason(_ record: SessionRecord) -> String? {
        if record.error != nil { return "error" }
        guard let score = record.score else { return nil }
        if let strict = record.strictScore, strict != score { return "strict and lenient differ" }
        if record.finish == .length { return "cut off" }
        return score < 1 ? "wrong" : nil
    }
}
