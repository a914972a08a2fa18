internal import ArgumentParser
internal import Completions
internal import Engine
internal import Journal
internal import PluginHost
internal import Reporting
internal import Runs
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

    @Option(help: "Another grader than the run's.")
    var grader: String?

    @Option(
        name: .customLong("set"), help: ArgumentHelp("Another value for a key of the grader.", valueName: "path=value"))
    var settings: [String] = []

    func validate() throws {
        for setting in settings {
            let path = setting.prefix { $0 != "=" }
            guard path == "grader" || path.hasPrefix("grader.") else {
                throw ValidationError(
                    "--set \(path): score changes the grader alone; what else a run was made with stays")
            }
        }
    }

    func run() throws {
        let folder = try RunFolder.open(runPath)
        folder.noteForCrashes()
        let journal = try Journal(resuming: folder.journal)
        var (record, description) = try RunRecord.load(from: journal)
        record.overrides.settings += settings + (grader.map { ["grader={use: \($0)}"] } ?? [])
        let opened = try record.opened(Installation.host)
        try opened.checkGrader()
        opened.keepVerdicts(in: folder)
        note(opened, in: &record, &description)
        // Of its own, for the other is held while sessions are graded.
        let recorded = try Journal(reading: folder.journal)
        let fingerprints = record.fingerprints
        var changed = 0
        var graded = 0
        try journal.regrade(meta: record.texts(description)) { sessions in
            let steps = try sessions.map { session, item -> GradingStep? in
                guard session.error == nil, session.stage != "no_answer", let answer = session.answer else {
                    return nil
                }
                // Runs of before thoughts were taken out have them in their answers.
                let split = opened.reasoning(ofArm: session.key.arm).split(answer)
                guard !split.isUnfinished else { return .graded(.ofUnfinishedThought) }
                return try opened.grader.grade(
                    answer: split.answer, isUnfinished: session.finish == .length, item: item)
            }
            let keys = sessions.map(\.session.key)
            let grades: [Grade?]
            do {
                grades = try GradingStep.waited(steps) { place, asked in
                    try Self.answer(asked, keys[place], fingerprints, recorded)
                }
            } catch let miss as RecordedMiss {
                throw CommandFailure(.usage, "\(miss.message)\nnothing was changed")
            }
            graded += grades.count { $0 != nil }
            changed += zip(grades, sessions).count { grade, old in
                grade.map { $0.counted.score != old.session.score } ?? false
            }
            return grades
        }
        Terminal.standard.line(
            "\(graded) sessions graded again by \(opened.suite.grader.use), \(changed) scores changed")
        let summary = try RunReport(folder, description, Installation.host).write(journal, description)
        ResultTable.print(summary, folder: folder.shown, to: Terminal.standard)
        throw CommandFailure(RunExit(judging: summary))
    }

    /// What a model said to the grader when the run was made.
    private static func answer(
        _ asked: GradingQuestion.Request, _ key: SessionKey, _ fingerprints: [String: String], _ journal: Journal
    ) throws -> Completion {
        let requestKey = RequestKey(fingerprint: fingerprints[asked.role] ?? asked.role, request: asked.request)
        let sample = SampleIndex(repeatIndex: key.repeatIndex, index: asked.sample)
        if let found = try journal.completion(requestKey, sample) { return found }
        throw RecordedMiss(
            "score asks no model, and the run has not recorded what the judge '\(asked.role)' says of its answers\n"
                + "to have them judged, and pay for nothing else: evalh pool import RUN --out POOL, then "
                + "evalh replay POOL SUITE --fill")
    }

    /// The run is from now on one that `opened`'s grader judged, so that a resumed one goes on with it and a comparison
    /// knows.
    private func note(_ opened: OpenedSuite, in record: inout RunRecord, _ description: inout RunDescription) {
        let grader = opened.suite.grader.use
        // Strategies and allocators stay those that ran, whatever is installed now; what else has a version is a
        // grader.
        let others = Set(opened.suite.arms.map(\.strategy) + [opened.suite.allocator?.use].compactMap { $0 })
        for id in Set(record.plugins.keys).union([grader]).subtracting(others) {
            record.plugins[id] = id == grader ? opened.pluginVersions[id] : nil
            description.provenance["plugin.\(id)"] = record.plugins[id]
        }
        description.take(opened.suite)
    }
}
