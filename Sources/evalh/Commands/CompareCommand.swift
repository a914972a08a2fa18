internal import ArgumentParser
internal import Foundation
internal import Journal
internal import Measurement
internal import Reporting
internal import Runs

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Compare two runs, or two arms of one, item by item.",
        discussion: """
            A and B are runs' folders or baseline files; differences are A − B. Arms of the same id and level are \
            paired. What the numbers mean is
            in docs/comparing.md. The exit code is 0 whatever they say; `evalh gate` judges.

            EXAMPLES
              evalh compare reports/gsm/latest main.baseline.json
              evalh compare reports/gsm/latest reports/gsm/20260101-120000-ab12 --margin 0.02
              evalh compare reports/gsm/latest --between sc8 greedy
              evalh compare reports/gsm/latest --between ac greedy --metric tokens
              evalh compare new.baseline.json old.baseline.json --arm sc8 --arm-b sc16 --flips 50
            """)

    @Argument(help: ArgumentHelp("A run's folder or a baseline file.", valueName: "a"))
    var pathA: String

    @Argument(help: ArgumentHelp("Another one, which A is held against.", valueName: "b"))
    var pathB: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "Compare two arms of run A: id, id@level or id@value. Name the run first.", valueName: "arm arm"))
    var between: [String] = []

    @Option(
        help: ArgumentHelp(
            "An arm of A, to be compared with --arm-b of B; alone: only the arm of this name.", valueName: "arm"))
    var arm: String?

    @Option(name: .customLong("arm-b"), help: ArgumentHelp("An arm of B.", valueName: "arm"))
    var armB: String?

    @Option(help: ArgumentHelp("One of \(ComparedMetric.names)."))
    var metric = ComparedMetric.accuracy

    @Option(help: "How much worse A may be, in the metric's units (0.02: two points); gives a verdict.")
    var margin: Double?

    @Option(help: "List this many flipped items of each kind.")
    var flips = 10

    @Flag(help: "Compare although the data sets differ: the items whose ids are the same.")
    var acceptDrift = false

    @Flag(help: "Print the comparison as JSON to standard output.")
    var json = false

    @Flag(help: "Print the comparison as Markdown to standard output.")
    var markdown = false

    func validate() throws {
        try ComparedInput.check(margin: margin)
        guard flips >= 0 else { throw ValidationError("--flips must be 0 or more") }
        guard between.isEmpty || between.count == 2 else {
            throw ValidationError("--between takes two arms, behind the run: evalh compare RUN --between sc8 greedy")
        }
        guard between.isEmpty != (pathB == nil) else {
            throw ValidationError("name two runs, or one run and --between ARM ARM")
        }
        guard between.isEmpty || (arm == nil && armB == nil) else {
            throw ValidationError("--between and --arm exclude each other")
        }
        guard armB == nil || arm != nil else { throw ValidationError("--arm-b needs --arm, which names the arm of A") }
    }

    func run() throws {
        try ComparedInput.usage {
            var builder = ComparisonBuilder()
            builder.metric = metric
            builder.margin = margin
            builder.acceptsDrift = acceptDrift
            builder.listed = flips
            let a = try ComparedInput.open(pathA)
            let report: ComparisonReport
            if between.count == 2 {
                report = try builder.compare(a, arm: between[0], a, arm: between[1])
            } else {
                let b = try ComparedInput.open(pathB ?? pathA)
                if let arm, let armB {
                    report = try builder.compare(a, arm: arm, b, arm: armB)
                } else {
                    report = try builder.compare(a, b, arms: arm.map { [$0] } ?? [])
                }
            }
            for line in ComparisonText.terminal(report) { Terminal.standard.line(line) }
            if json { try JSONOutput.print(report) }
            if markdown { StandardOutput.write(ComparisonText.markdown(report)) }
        }
    }
}

extension ComparedMetric: ExpressibleByArgument {}

/// Where the sides of a comparison come from.
enum ComparedInput {
    /// - Parameter path: A run's folder, its journal, or a baseline file.
    static func open(_ path: String) throws -> (run: ComparedRun, source: String) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw CommandFailure(
                .usage, "\(path) does not exist\nname a run's folder, such as reports/gsm/latest, or a baseline file")
        }
        if !isFolder.boolValue, (path as NSString).lastPathComponent != "journal.sqlite" {
            return (try Baseline.read(path), path)
        }
        let folder = try RunFolder.open(path)
        let journal = try Journal(reading: folder.journal)
        let (_, description) = try RunRecord.load(from: journal)
        return (try ComparedRun(journal, description), folder.shown)
    }

    static func check(margin: Double?) throws {
        if let margin, !(margin >= 0 && margin.isFinite) { throw ValidationError("--margin must be 0 or more") }
    }

    /// What cannot be compared, as an error of usage.
    static func usage<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.usage, "\(error)")
        }
    }
}
