internal import ArgumentParser
internal import Foundation
internal import JSON
internal import Journal
internal import ReportServer
internal import Reporting
internal import Runs

struct ViewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "view", abstract: "Show a run's report in the browser, live while the run goes on.",
        discussion: """
            Serves the report on this machine only, at an address with a random secret. The page says when there is \
            more to see.
            Ctrl-C ends it; the run is not touched.

            EXAMPLES
              evalh view reports/gsm/latest
              evalh view reports/gsm/latest --port 8088
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var runPath: String

    @Option(help: "The port; 0: any that is free.")
    var port = 0

    func run() throws {
        guard (0...65535).contains(port) else { throw CommandFailure(.usage, "--port takes 0 to 65535") }
        let view = try RunView(RunFolder.open(runPath))
        defer { view.close() }
        let server: LoopbackServer
        do {
            server = try LoopbackServer(port: port) { try view.content($0) }
        } catch {
            throw CommandFailure(.usage, "port \(port) cannot be used: \(error)\nleave out --port for a free one")
        }
        defer { server.stop() }
        Terminal.standard.line("the report is at")
        print(server.address)
        Terminal.standard.line("Ctrl-C ends it")
        let done = DispatchSemaphore(value: 0)
        let signals = InterruptSignals { done.signal() }
        defer { signals.stop() }
        done.wait()
    }
}

/// A run's report as it is now.
final class RunView: @unchecked Sendable {
    // Sendable: `lock` guards what changes.
    /// What the page is told of the run every few seconds.
    private struct Status: Encodable {
        struct Row: Encodable {
            var arm: String
            var level: String
            var sessions: Int
            var errors: Int
            var accuracy: Double?
        }

        var sessions: Int
        /// `nil`: an allocator decides.
        var planned: Int?
        var complete: Bool
        var rows: [Row]
    }

    private let lock = NSLock()
    private let report: RunReport
    private let journal: Journal
    private let scratch: URL
    /// How many sessions the written page has, and when it was written.
    private var written: (sessions: Int, at: Date)?

    init(_ folder: RunFolder) throws {
        journal = try Journal(reading: folder.journal)
        report = RunReport(folder, try RunRecord.load(from: journal).1, Installation.host)
        scratch = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-view-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    func close() { try? FileManager.default.removeItem(at: scratch) }

    func content(_ name: String) throws -> ServedContent? {
        try lock.withLock {
            switch name {
            case "":
                try write()
                return ServedContent(type: "text/html; charset=utf-8", body: try file("report.html"))
            case "status":
                return ServedContent(type: "application/json", body: try JSONEncoder().encode(status()))
            case "summary.json":
                try write()
                return ServedContent(type: "application/json", body: try file("summary.json"))
            default: return nil
            }
        }
    }

    private func file(_ name: String) throws -> Data { try Data(contentsOf: scratch.appendingPathComponent(name)) }

    /// Writes the page anew if there are more sessions than it has, at most every other second.
    private func write() throws {
        let now = Date()
        let count = try journal.sessionCount()
        if let written, written.sessions == count || now.timeIntervalSince(written.at) < 2 { return }
        let (_, description) = try RunRecord.load(from: journal)
        _ = try report.write(journal, description, to: scratch.path, isLive: true)
        written = (count, Date())
    }

    private func status() throws -> Status {
        let (_, description) = try RunRecord.load(from: journal)
        let allocation = try journal.allocation()
        let totals = try journal.scoreTotals()
        let rows = description.arms.enumerated().flatMap { place, arm in
            arm.levels.map { level -> Status.Row in
                let total = totals.first { $0.arm == place && $0.level == level.index }
                let graded = total.map { $0.sessions - $0.errors } ?? 0
                return Status.Row(
                    arm: arm.id, level: JSONValue(parsingOrNull: level.levelJSON).label, sessions: total?.sessions ?? 0,
                    errors: total?.errors ?? 0, accuracy: graded > 0 ? (total?.scoreSum ?? 0) / Double(graded) : nil)
            }
        }
        let sessions = rows.reduce(0) { $0 + $1.sessions }
        let planned =
            allocation == nil ? description.sessionsPlanned : allocation.flatMap { $0.isComplete ? $0.sessions : nil }
        return Status(
            sessions: sessions, planned: planned, complete: planned.map { sessions >= $0 } ?? false, rows: rows)
    }
}
