internal import ArgumentParser
internal import Runs
internal import SuiteModel

struct LockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Pin the plugins that suites use, by version and content.",
        discussion: """
            Writes evalh.lock beside the suite, to be committed with it: kind, name, version, ABI, file and SHA-256 of \
            each strategy, grader, metric and allocator. Where it is there, `run`, `plan`, `replay` and `validate` \
            refuse a plugin that is not in it or is another one. Plugins that evalh brings along are held to their \
            versions.

            EXAMPLES
              evalh lock suites/mine.yaml
              evalh lock suites/mine.yaml --accept org.example.vote
              evalh lock suites/*.yaml --prune
            """)

    @Argument(help: "The suites' files.")
    var suites: [String]

    @Option(help: ArgumentHelp("A plugin that may be another one than the lock has.", valueName: "id"))
    var accept: [String] = []

    @Flag(help: "Leave out what none of these suites uses.")
    var prune = false

    func run() throws {
        let opened = try suites.map {
            try OpenedSuite.open($0, SuiteOverrides(), Installation.host, isLocked: false)
        }
        let lines = try PluginLock.update(opened, accepted: Set(accept), isAlone: prune)
        for line in lines { Terminal.standard.line(line) }
    }
}
