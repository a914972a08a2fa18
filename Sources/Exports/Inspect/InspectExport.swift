internal import Reporting

/// Writes Inspect's logs, one an arm and level, into one folder. Made to what Inspect 0.3.285 reads: log format 2,
/// deflated members.
final class InspectExport: RowExport {
    private let run: ExportedRun
    private let folder: String
    private var logs: [Int: InspectLog] = [:]

    init(_ run: ExportedRun, _ folder: String) {
        self.run = run
        self.folder = folder
    }

    func begin(_ rows: Range<Int>) throws {
        for row in rows { logs[row] = try InspectLog(run, run.rows[row], folder) }
    }

    func add(_ session: ExportedSession) throws { try logs[session.row.index]?.add(session) }

    func end(_ summary: RunSummary) throws -> [String] {
        defer { logs.removeAll() }
        return try logs.sorted { $0.key < $1.key }.map { try $0.value.end(summary) }
    }
}
