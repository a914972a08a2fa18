internal import ArgumentParser
internal import Runs

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a run or replay after a kill, an interruption or a reached budget.",
        discussion: """
            Finished sessions stay; completions that were paid are drawn from the journal. Sessions that failed are
            tried again.

            EXAMPLES
              evalh resume reports/gsm/latest
              evalh resume reports/gsm/latest --set budget.tokens=5_000_000
              evalh resume reports/gsm/latest --without crashing-arm
            """)

    @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
    var runPath: String

    @Option(
        name: .customLong("set"), help: ArgumentHelp("Another budget or connection setting.", valueName: "path=value"))
    var settings: [String] = []

    @Option(name: .customLong("model"), help: ArgumentHelp("Where a role's model is now.", valueName: "role=spec"))
    var models: [String] = []

    @Option(help: "At most this many requests at once, an endpoint.")
    var maxConnections: Int?

    @Option(help: ArgumentHelp("How far plugins are kept from the run.", valueName: "none|process|sandbox"))
    var isolation: String?
    @Option(
        help: ArgumentHelp(
            "Go on without an arm's unfinished sessions, because its plugin crashes say; may be given several times.",
            valueName: "arm"))
    var without: [String] = []

    @Flag(help: "Go on although models, plugins or the pool have changed.")
    var acceptDrift = false

    @Flag(help: "Print summary.json to standard output.")
    var json = false

    func validate() throws { try IsolationOption.check(isolation) }

    func run() throws {
        let old = ResumedRun(
            path: runPath, settings: settings + IsolationOption.settings(isolation), models: models,
            maxConnections: maxConnections, acceptsDrift: acceptDrift, without: without)
        try RunOutput.carryOut(try PreparedRun(resuming: old, Installation.host), json: json)
    }
}
