internal import ArgumentParser
internal import Journal
internal import Reporting

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write a run's reports again from its journal.",
        discussion: """
            Writes summary.json, samples.jsonl, summary.md, junit.xml and report.html into the run's folder, also while the run goes on.

            EXAMPLES
              evalh report reports/gsm/latest
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var runPath: String

    @Flag(help: "Print summary.json to standard output.")
    var json = false

    func run() throws {
        let folder = try RunFolder.open(runPath)
        let journal = try Journal(reading: folder.journal)
        let (_, description) = try RunRecord.load(from: journal)
        let summary = try RunReport.write(journal, description, to: folder)
        ResultTable.print(summary, folder: folder.shown, to: Terminal.standard)
        if json { try JSONOutput.print(summary) }
    }
}
