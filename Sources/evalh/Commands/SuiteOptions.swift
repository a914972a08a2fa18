internal import ArgumentParser
internal import Completions
internal import SuiteModel

/// The options that change a suite, the same for every command that reads one.
struct SuiteOptions: ParsableArguments {
    @Argument(help: "The suite's file. Looked for in the current folder, then among the installed suites.")
    var suite: String

    @Option(
        name: .customLong("model"),
        help: ArgumentHelp("Another model for a role: a URL, or key=value pairs.", valueName: "role=spec"))
    var models: [String] = []

    @Option(
        name: .customLong("set"), help: ArgumentHelp("Another value for a key of the suite.", valueName: "path=value"))
    var settings: [String] = []

    @Option(help: ArgumentHelp("Only these arms, joined by commas.", valueName: "a,b"))
    var arms: String?

    @Option(help: "Only the first N items.")
    var limit: Int?

    @Option(help: ArgumentHelp("How far plugins are kept from the run.", valueName: "none|process|sandbox"))
    var isolation: String?

    @Flag(help: "Keep the lines that strategies write for their authors, in samples.jsonl (`log: {sessions: yes}`).")
    var logSessions = false

    var overrides: SuiteOverrides {
        SuiteOverrides(
            settings: settings + IsolationOption.settings(isolation) + (logSessions ? ["log.sessions=true"] : []),
            models: models, arms: arms, limit: limit)
    }

    func validate() throws {
        try IsolationOption.check(isolation)
        if let limit, limit < 1 { throw ValidationError("--limit must be 1 or more") }
    }
}

/// `--isolation`, which is the suite's key of that name.
enum IsolationOption {
    static func settings(_ isolation: String?) -> [String] { isolation.map { ["isolation=\($0)"] } ?? [] }

    static func check(_ isolation: String?) throws {
        let words = Isolation.allCases.map(\.rawValue)
        guard let isolation, !words.contains(isolation) else { return }
        throw ValidationError("--isolation takes \(words.joined(separator: ", ")); got \(isolation)")
    }
}
