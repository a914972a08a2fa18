internal import Completions
internal import JSON
internal import Reporting

/// One log: what came of an arm at a level. Samples are written as they come; summaries and reductions, of which there
/// is one each for all samples, grow in spools.
///
/// A row without all its sessions becomes a log as Inspect leaves one when it is stopped: without header, read as
/// `started`.
final class InspectLog {
    /// Summaries in one file of the log's own journal.
    private static let summariesPerFile = 256

    private let header: InspectHeader
    private let path: String
    private let zip: ZipWriter
    private let summaries: MemberSpool
    private let reductions: InspectReductions
    private var pending: [[UInt8]] = []
    private var journalFiles = 0
    private var samples = 0
    private var failed = 0
    private var strictlyScored = 0
    private var scored = 0

    init(_ run: ExportedRun, _ row: RunRow, _ folder: String) throws {
        header = InspectHeader(run: run, row: row)
        path = "\(folder)/\(header.fileName)"
        zip = try ZipWriter(path)
        summaries = try MemberSpool(beside: path + ".summaries")
        reductions = InspectReductions(try MemberSpool(beside: path + ".reductions"))
        try zip.add("_journal/start.json", header.start)
    }

    func add(_ session: ExportedSession) throws {
        let sample = InspectSample(session, header.run)
        try zip.add(sample.memberName, sample.json)
        let summary = sample.summary
        try summaries.write(Array((samples == 0 ? "[" : ",").utf8) + summary)
        pending.append(summary)
        if pending.count == Self.summariesPerFile { try writePending() }
        samples += 1
        if session.record.error != nil { failed += 1 }
        if session.record.strictScore != nil { strictlyScored += 1 }
        guard let score = session.record.score else { return }
        scored += 1
        try reductions.add(score, session.item)
    }

    func end(_ summary: RunSummary) throws -> String {
        if !pending.isEmpty { try writePending() }
        if header.run.isComplete(header.row, summary) {
            try summaries.write(Array((samples == 0 ? "[]" : "]").utf8))
            try zip.add("summaries.json", summaries)
            try zip.add("reductions.json", reductions.end())
            let counts = InspectHeader.Counts(
                samples: samples, failed: failed, scored: scored, strictlyScored: strictlyScored)
            try zip.add("header.json", header.finished(summary.arms[header.row.index], counts))
        }
        try zip.finish()
        return path
    }

    private func writePending() throws {
        var json = JSONWriter()
        json.array { for summary in pending { $0.add(json: summary) } }
        journalFiles += 1
        try zip.add("_journal/summaries/\(journalFiles).json", json.bytes)
        pending.removeAll(keepingCapacity: true)
    }
}

/// The means of an item's scores over its epochs, as they come item by item.
final class InspectReductions {
    private let spool: MemberSpool
    private var item: ExportedItem?
    private var sum = 0.0
    private var count = 0
    private var isFirst = true

    init(_ spool: MemberSpool) { self.spool = spool }

    func add(_ score: Double, _ item: ExportedItem) throws {
        if self.item !== item { try flush() }
        self.item = item
        sum += score
        count += 1
    }

    /// The whole member.
    func end() throws -> MemberSpool {
        try flush()
        try spool.write(Array((isFirst ? "[]" : "]}]").utf8))
        return spool
    }

    private func flush() throws {
        guard let item, count > 0 else { return }
        var json = JSONWriter()
        json.object {
            $0.field("value", sum / Double(count))
            $0.field("sample_id", item.sampleID)
        }
        let head = isFirst ? "[{\"scorer\":\"\(InspectSample.scorer)\",\"reducer\":\"mean\",\"samples\":[" : ","
        try spool.write(Array(head.utf8) + json.bytes)
        isFirst = false
        (sum, count) = (0, 0)
    }
}
