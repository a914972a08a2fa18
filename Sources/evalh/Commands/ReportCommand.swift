internal import ArgumentParser
internal import Exports
internal import Foundation
internal import Journal
internal import Reporting
internal import Runs

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a run's reports again from its journal, or the run in the formats of other tools.",
        discussion: """
            Without --format: summary.json, samples.jsonl, summary.md, junit.xml and report.html, into the run's \
            folder, also while the run
            goes on.

            FORMATS
              html     report.html
              md       summary.md
              json     summary.json and samples.jsonl
              junit    junit.xml
              csv      sessions.csv and arms.csv
              eval     inspect/*.eval, logs of Inspect, one an arm and level
              lm-eval  <model>/results_*.json and <model>/samples_*.jsonl, as lm-eval writes them

            EXAMPLES
              evalh report reports/gsm/latest
              evalh report reports/gsm/latest --format eval,csv --out exports
              evalh report reports/math/latest --by subject,level
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var runPath: String

    @Option(help: ArgumentHelp("What to write, separated by commas: \(ReportFormat.legal).", valueName: "formats"))
    var format: String?

    @Option(help: ArgumentHelp("Where to write, if not into the run's folder.", valueName: "dir"))
    var out: String?

    @Option(
        help: ArgumentHelp(
            "Fields of the items by whose values results are shown, too, separated by commas; instead of the suite's.",
            valueName: "fields"))
    var by: String?

    @Flag(help: "Print summary.json to standard output.")
    var json = false

    func run() throws {
        let formats = try format.map(ReportFormat.parse) ?? ReportFormat.reports
        let folder = try RunFolder.open(runPath)
        folder.noteForCrashes()
        let target = try target(folder)
        let journal = try Journal(reading: folder.journal)
        var (_, description) = try RunRecord.load(from: journal)
        if let by { description.fields = by.split(separator: ",").map(String.init) }
        let report = RunReport(folder, description, Installation.host)
        let files = Set(formats.flatMap(\.reportFiles))
        if !files.isEmpty || json {
            let summary = try report.write(journal, description, to: target, files: files)
            ResultTable.print(summary, folder: out ?? folder.shown, to: Terminal.standard)
            if json { try JSONOutput.print(summary) }
        }
        let exports = Set(formats.compactMap { ExportFormat(rawValue: $0.rawValue) })
        guard !exports.isEmpty else { return }
        for path in try report.export(exports, journal, description, to: target) { Terminal.standard.line(path) }
    }

    private func target(_ folder: RunFolder) throws -> String {
        guard let out else { return folder.path }
        do {
            try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure(.usage, "\(out) cannot be made: \((error as NSError).localizedDescription)")
        }
        return out
    }
}

/// What `--format` may name.
enum ReportFormat: String, CaseIterable {
    case html, md, json, junit, csv, eval
    case lmEval = "lm-eval"

    static let legal = allCases.map(\.rawValue).joined(separator: ", ")
    /// What is written without being asked for.
    static let reports = Set(allCases.filter { !$0.reportFiles.isEmpty })

    static func parse(_ text: String) throws -> Set<ReportFormat> {
        Set(
            try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
                let name = name.trimmingCharacters(in: .whitespaces)
                guard let format = ReportFormat(rawValue: name) else {
                    throw CommandFailure(.usage, "--format: there is no format '\(name)'; the formats are \(legal)")
                }
                return format
            })
    }

    /// Files of `ReportWriter`; empty: it is an export.
    var reportFiles: [String] {
        switch self {
        case .html: ["report.html"]
        case .md: ["summary.md"]
        case .json: ["summary.json", "samples.jsonl"]
        case .junit: ["junit.xml"]
        case .csv, .eval, .lmEval: []
        }
    }
}
