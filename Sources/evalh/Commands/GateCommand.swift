internal import ArgumentParser
internal import Foundation
internal import Journal
internal import Measurement
internal import Reporting
internal import Runs

struct GateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Judge a run by its suite's gates and against a baseline: pass, fail or inconclusive.",
        discussion: """
            Against a baseline an arm passes if it is at most the margin worse, with its whole 95 % interval, and \
            fails if it is more than that
            worse with its whole interval, also by Holm's rule over all arms. In between it is inconclusive. The run's \
            reports are written again;
            junit.xml gets a case for each arm.

            EXAMPLES
              evalh gate reports/gsm/latest --write-baseline gsm.baseline.json     keep this run as the baseline
              evalh gate reports/gsm/latest --baseline gsm.baseline.json
              evalh gate reports/gsm/latest --baseline gsm.baseline.json --margin 0.01 --arms sc8,ac
              evalh gate reports/gsm/latest --baseline gsm.baseline.json --metric tokens --margin 50

            EXIT CODES
              0 pass   1 fail   2 usage, or sessions failed by the suite   3 inconclusive   4 incomplete run
              6 sessions failed by the provider   7 by a plugin
              A failed gate wins over everything else.
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var runPath: String

    @Option(help: ArgumentHelp("A baseline written by --write-baseline.", valueName: "file"))
    var baseline: String?

    @Option(
        help: "How much worse an arm may be than the baseline, in the metric's units; 0.02 for accuracy if not given.")
    var margin: Double?

    @Option(help: ArgumentHelp("One of \(ComparedMetric.names)."))
    var metric = ComparedMetric.accuracy

    @Option(
        help: ArgumentHelp(
            "Only these arms against the baseline, joined by commas: id, id@level or id@value.", valueName: "a,b"))
    var arms: String?

    @Option(help: ArgumentHelp("Write the run as a baseline; not if it fails or is incomplete.", valueName: "file"))
    var writeBaseline: String?

    @Flag(help: "Compare although the data sets differ: the items whose ids are the same.")
    var acceptDrift = false

    @Flag(help: "Print the verdict and all gates as JSON to standard output.")
    var json = false

    func validate() throws {
        try ComparedInput.check(margin: margin)
        guard metric == .accuracy || margin != nil || baseline == nil else {
            throw ValidationError("--metric \(metric.rawValue) needs a --margin in its units")
        }
    }

    private var chosenArms: [String] { arms.map { $0.split(separator: ",").map(String.init) } ?? [] }

    func run() throws {
        let folder = try RunFolder.open(runPath)
        let journal = try Journal(reading: folder.journal)
        let (record, description) = try RunRecord.load(from: journal)
        guard !description.gates.isEmpty || baseline != nil || writeBaseline != nil else {
            throw CommandFailure(
                .usage,
                "there is nothing to judge by: the suite has no gates\n"
                    + "keep a run as the baseline, evalh gate \(folder.shown) --write-baseline FILE, and name it with "
                    + "--baseline FILE"
            )
        }
        let (run, gate) = try ComparedInput.usage {
            let run = try ComparedRun(journal, description)
            let gate = try baseline.map { path in
                try BaselineGate(
                    run, against: (try Baseline.read(path), path), metric: metric, margin: margin ?? 0.02,
                    arms: chosenArms,
                    acceptsDrift: acceptDrift)
            }
            return (run, gate)
        }
        let reports = RunReport(folder, description, Installation.host)
        var summary = try reports.write(journal, description)
        let outcomes = (gate?.outcomes ?? []).map(\.gate)
        try reports.writeJUnit(summary, baseline: outcomes)
        let report = GateReport(summary, baseline: gate)
        summary.gates += outcomes
        let exit = RunExit(gating: summary)
        show(report, exit)
        for line in ErrorAdvice.causes(summary) { Terminal.standard.line(line) }
        if let writeBaseline { try write(run, to: writeBaseline, exit) }
        next(exit, record, description, folder)
        if json { try JSONOutput.print(report) }
        throw CommandFailure(exit)
    }

    private func show(_ report: GateReport, _ exit: RunExit) {
        let terminal = Terminal.standard
        for warning in report.warnings { terminal.warning(warning) }
        if report.isEmpty {
            terminal.line("no gates: the suite has none, and no baseline was given")
        } else {
            for line in report.lines { terminal.line(line) }
            terminal.line()
        }
        terminal.verdict(report.verdict.rawValue, exit == .pass ? "nothing speaks against this run" : exit.reason)
    }

    private func write(_ run: ComparedRun, to path: String, _ exit: RunExit) throws {
        guard [.pass, .inconclusive].contains(exit) else {
            Terminal.standard.warning("\(path) is not written: \(exit.reason)")
            return
        }
        try ComparedInput.usage { try Baseline.write(run, arms: chosenArms, to: path) }
        Terminal.standard.line("baseline \(path)")
    }

    /// The exact command that goes on from here.
    private func next(_ exit: RunExit, _ record: RunRecord, _ description: RunDescription, _ folder: RunFolder) {
        let terminal = Terminal.standard
        switch exit {
        case .incomplete, .providerFailure: terminal.line("next     evalh resume \(ShellText.quoted(folder.shown))")
        case .inconclusive:
            let repeats = "repeats=\(2 * max(1, description.repeats))"
            terminal.line(
                "next     evalh run \(ShellText.quoted(record.suiteFile))\(record.overrides.text) --set \(repeats)")
        case .gateFailed:
            if let baseline {
                terminal.line(
                    "next     evalh compare \(ShellText.quoted(folder.shown)) \(ShellText.quoted(baseline)) --metric "
                        + "\(metric.rawValue) --flips 50"
                )
            } else {
                terminal.line("next     open \(folder.shown)/report.html")
            }
        default: terminal.line("report   \(folder.shown)/report.html")
        }
    }
}

extension RunRecord.Overrides {
    /// As options to type again, each with a space before it.
    fileprivate var text: String {
        var options = settings.map { ("--set", $0) } + models.map { ("--model", $0) }
        if let arms { options.append(("--arms", arms)) }
        if let limit { options.append(("--limit", String(limit))) }
        return options.map { " \($0.0) \(ShellText.quoted($0.1))" }.joined()
    }
}

/// Words for a shell.
enum ShellText {
    /// In single quotes, unless it needs none.
    static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-", "=", ",", ":", "@", "+": true
                default: false
                }
            }
        return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
