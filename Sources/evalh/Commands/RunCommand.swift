internal import ArgumentParser
internal import Runs

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a suite and write its report.",
        discussion: """
            Every completion is on disk before it is used: after a crash or Ctrl-C, `evalh resume` goes on and pays
            nothing twice. The suite may come from a pipe; its relative paths then start from the current folder.

            EXAMPLES
              evalh run suites/gsm.yaml
              evalh run suites/gsm8k.yaml --model main=http://127.0.0.1:8080/v1 --limit 100
              evalh run suites/gsm.yaml --arms greedy,sc5 --set sampling.max_tokens=256
              evalh run suites/gsm.yaml --json | jq .arms
              evalh run <(generate-suite)
            """)

    @OptionGroup var options: SuiteOptions

    @Option(help: "Where runs' folders go.")
    var out = "reports"

    @Option(help: "At most this many requests at once, an endpoint.")
    var maxConnections: Int?

    @Option(help: ArgumentHelp("Only part i of n of the items.", valueName: "i/n"))
    var shard: String?

    @Flag(help: "Print summary.json to standard output.")
    var json = false

    func run() throws {
        let new = NewRun(
            suite: options.suite, overrides: options.overrides, root: out, shard: try Shard.parse(shard),
            maxConnections: maxConnections)
        try RunOutput.carryOut(try PreparedRun(new, Installation.host), json: json)
    }
}

/// `--shard i/n`, 1-based for people.
enum Shard {
    static func parse(_ text: String?) throws -> (index: Int, count: Int) {
        guard let text else { return (0, 1) }
        let parts = text.split(separator: "/").compactMap { Int($0) }
        guard parts.count == 2, parts[1] >= 1, (1...parts[1]).contains(parts[0]) else {
            throw CommandFailure(.usage, "--shard takes i/n with 1 ≤ i ≤ n, such as 2/8; got \(text)")
        }
        return (parts[0] - 1, parts[1])
    }
}
