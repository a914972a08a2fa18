internal import ArgumentParser
internal import Journal
internal import PluginHost
internal import Reporting
internal import SuiteModel

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Grade a run's answers again, without asking a model.",
        discussion: """
            EXAMPLES
              evalh score reports/gsm/latest
              evalh score reports/gsm/latest --grader exact
              evalh score reports/gsm/latest --set 'grader={use: numeric, with: {tolerance: 0.01}}'
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var runPath: String

    @Option(help: "Another grader than the suite's.")
    var grader: String?

    @Option(name: .customLong("set"), help: ArgumentHelp("Another value for a key of the suite.", valueName: "path=value"))
    var settings: [String] = []

    func run() throws {
        let folder = try RunFolder.open(runPath)
        let journal = try Journal(resuming: folder.journal)
        let (record, description) = try RunRecord.load(from: journal)
        var all = record.overrides.settings + settings
        if let grader { all.append("grader={use: \(grader)}") }
        let opened = try OpenedSuite.open(
            source: SourceText(name: record.suiteFile, text: record.suiteText),
            SuiteOverrides(settings: all, models: record.overrides.models, arms: record.overrides.arms, limit: record.overrides.limit))
        var changed = 0
        var graded = 0
        try journal.regrade { session, item in
            guard session.error == nil, session.stage != "no_answer", let answer = session.answer else { return nil }
            let grade = try opened.grader.grade(answer: answer, isUnfinished: session.finish == .length, item: item)
            if grade.score != session.score { changed += 1 }
            graded += 1
            return Regrade(extracted: grade.extracted, stage: grade.stage, score: grade.score, strictScore: grade.strictScore)
        }
        Terminal.standard.line("\(graded) sessions graded again, \(changed) scores changed")
        let summary = try RunReport.write(journal, description, to: folder)
        ResultTable.print(summary, folder: folder.shown, to: Terminal.standard)
        throw CommandFailure(RunExit(judging: summary))
    }
}
