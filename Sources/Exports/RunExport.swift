internal import Foundation
package import Journal
package import Reporting

/// Writes a run in the forms of other tools from its journal, one session at a time.
///
/// Memory does not grow with the number of sessions. Files that hold one arm at one level are written for a few dozen
/// of them in one pass over the journal, so that a run with hundreds of arms does not need hundreds of open files; it
/// needs more passes.
package enum RunExport {
    /// Arms and levels whose files are open at the same time.
    static let rowsPerPass = 32

    /// - Returns: the paths of the files written, in the order of writing. Files of these names are replaced.
    /// - Throws: `FileFailure` where a file cannot be written, `ExportError` where a folder cannot be made,
    ///   `JournalError` where the journal cannot be read.
    @discardableResult
    package static func write(
        _ formats: Set<ExportFormat>, journal: Journal, description: RunDescription, metrics: [any RunMetric] = [],
        allocated: (AllocationRecord) throws -> [MetricOutput] = { _ in [] }, to folder: String,
        rowsPerPass: Int = rowsPerPass
    ) throws -> [String] {
        let run = ExportedRun(description)
        var written: [String] = []
        let table = formats.contains(.csv) ? try SessionTable(try make(folder) + "/sessions.csv") : nil
        let logs = formats.contains(.eval) ? InspectExport(run, try make(folder + "/inspect")) : nil
        let results = formats.contains(.lmEval) ? LMEvalExport(run) { try make(folder + "/" + $0) } : nil
        let perRow = [logs as (any RowExport)?, results].compactMap { $0 }

        let allocation = try journal.allocation()
        var builder = SummaryBuilder(description, metrics: metrics, allocation: allocation)
        var summary: RunSummary?
        for start in stride(from: 0, to: perRow.isEmpty ? 1 : max(1, run.rows.count), by: rowsPerPass) {
            let rows = start..<min(start + rowsPerPass, run.rows.count)
            for export in perRow { try export.begin(rows) }
            var item: ExportedItem?
            try journal.forEachSession { record, journalItem in
                guard let row = run.row(record.key) else { return }
                if item?.item.ordinal != journalItem.ordinal { item = ExportedItem(journalItem) }
                guard let item else { return }
                let session = ExportedSession(record: record, item: item, row: row)
                if summary == nil {
                    builder.add(record, fieldsJSON: journalItem.fieldsJSON)
                    try table?.add(session)
                }
                if rows.contains(row.index) { for export in perRow { try export.add(session) } }
            }
            let result =
                try summary ?? builder.finish(paid: journal.paidTotals(), allocated: allocation.map(allocated) ?? [])
            summary = result
            for export in perRow { written += try export.end(result) }
        }
        if let table, let summary {
            written.append(try table.finish())
            written.append(try ArmTable.write(summary, to: folder + "/arms.csv"))
        }
        if let results, let summary { written += try results.finish(summary) }
        return written
    }

    private static func make(_ folder: String) throws -> String {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw ExportError(
                path: folder, message: "cannot be made: \(error.localizedDescription); use --out DIR for another place")
        }
        return folder
    }
}

/// A form with files of its own for each arm and level.
protocol RowExport: AnyObject {
    /// Opens the files of some rows.
    func begin(_ rows: Range<Int>) throws
    /// Takes a session of these rows; they come item by item.
    func add(_ session: ExportedSession) throws
    /// Completes the files of these rows and gives their paths.
    func end(_ summary: RunSummary) throws -> [String]
}
