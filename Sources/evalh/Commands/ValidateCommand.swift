internal import ArgumentParser
internal import Foundation
internal import Journal
internal import Runs
internal import SuiteModel

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check suites: every mistake at once, with its place.",
        discussion: """
            Reads the data set, renders the first items' prompts, and grades the expected answers of all as models \
            write them: plain, boxed, behind "The answer is" and behind ####. One form must score 1; how many do \
            not is told, with the first lines. Takes the first step of each arm, so that a role which a strategy \
            needs and the suite lacks is told. Sends nothing.

            EXAMPLES
              evalh validate suites/*.yaml
            """)

    @Argument(help: "The suites' files.")
    var suites: [String]

    func run() throws {
        var failed = 0
        for path in suites {
            do {
                try validate(path)
            } catch let failure as CommandFailure {
                failed += 1
                Terminal.standard.error("\(path): \(failure.message)")
            }
        }
        if failed > 0 {
            throw CommandFailure(.usage, suites.count > 1 ? "\(failed) of \(suites.count) suites have mistakes" : "")
        }
    }

    private func validate(_ path: String) throws {
        let opened = try OpenedSuite.open(path, SuiteOverrides(), Installation.host)
        if case .url = opened.suite.dataset.location, let digest = opened.suite.dataset.sha256,
            !FileManager.default.fileExists(atPath: Installation.host.datasets.folder + "/" + digest)
        {
            Terminal.standard.warning(
                "\(path): its data set is not in the cache, so only the suite's own text was checked")
            return Terminal.standard.verdict("pass", "\(path): \(opened.suite.arms.count) arms")
        }
        do { try opened.checkGrader() } catch let failure as CommandFailure {
            Terminal.standard.warning("\(path): \(failure.message)")
        }
        let golds = GoldCheck(opened.grader)
        let report = SuiteValidator(cache: Installation.host.datasets).validate(opened.suite) { item in
            golds.score(
                JournalItem(
                    ordinal: item.ordinal, id: item.id, input: item.input, target: item.target,
                    fieldsJSON: item.fieldsJSON))
        }
        if !report.diagnostics.isEmpty {
            Terminal.standard.write(
                DiagnosticRenderer(sources: opened.sources + report.sources).render(report.diagnostics) + "\n")
        }
        guard !report.hasErrors else { throw CommandFailure(.usage, "has mistakes") }
        if case .pool = opened.suite.dataset.location {
        } else {
            try opened.rehearse(Installation.host.datasets, Installation.host)
        }
        let sessions =
            report.items * opened.suite.repeats * opened.suite.arms.reduce(0) { $0 + max(1, $1.levels.count) }
        Terminal.standard.verdict(
            "pass", "\(path): \(report.items) items, \(opened.suite.arms.count) arms, \(sessions) sessions")
    }
}
