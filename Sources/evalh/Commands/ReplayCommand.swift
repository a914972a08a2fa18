internal import ArgumentParser
internal import Pools
internal import Runs

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Run a suite's arms on recorded samples, without a model.",
        discussion: """
            The questions are the pool's; of the suite come arms, prompt, sampling, grader, prices and gates. The k-th \
            completion a session asks
            for of its question's prompt is the k-th recorded one; a request that continues a prefix gets what \
            followed that prefix. Time is simulated
            from recorded latencies, or from --first-token-seconds and --tokens-per-second where none were recorded.

            Strict, the default: a request that no sample answers makes its session an error. With --fill it is asked \
            of the suite's models.

            Stopping rules depend on the order of samples: compare them over many with --permutations, which repeats \
            the replay over as many
            shuffles; the intervals are over questions.

            EXAMPLES
              evalh replay pools/date.pool suites/replay.yaml
              evalh replay pools/date.pool suites/replay.yaml --arms sc10,ac --permutations 100
              evalh replay pools/two.pool suites/cascade.yaml --role main=small --role strong=large --recorded-scores
            """)

    @Argument(help: ArgumentHelp("A pool, see `evalh pool import`.", valueName: "pool"))
    var poolPath: String

    @OptionGroup var options: SuiteOptions

    @Option(
        name: .customLong("role"),
        help: ArgumentHelp("Which recorded model a role of the suite draws from.", valueName: "role=model"))
    var roles: [String] = []

    @Flag(help: "Ask the suite's models what the pool lacks.")
    var fill = false

    @Option(help: "Repeat over this many orders of the samples.")
    var permutations: Int?

    @Option(help: "Seed of the order of samples; without it, and without --permutations, as recorded.")
    var orderSeed: UInt64?

    @Option(
        help: ArgumentHelp(
            "What samples are shown as: the recorded text, or the answer its authors parsed.", valueName: "text|answer")
    )
    var show = "text"

    @Flag(help: "Take the scores that came with the recording instead of the suite's grader.")
    var recordedScores = false

    @Option(help: "Latency of a sample's first token where none was recorded.")
    var firstTokenSeconds = 0.2

    @Option(help: "Pace of tokens where no latency was recorded.")
    var tokensPerSecond = 50.0

    @Flag(help: "Charge the prompt with every sample, as of a server that returns one choice a request.")
    var oneChoice = false

    @Option(help: "Threads; as many as there are cores by default.")
    var workers: Int?

    @Option(help: "Where runs' folders go.")
    var out = "reports"

    @Flag(help: "Print summary.json to standard output.")
    var json = false

    func validate() throws {
        if let permutations, permutations < 1 { throw ValidationError("--permutations must be 1 or more") }
        guard PoolText(rawValue: show) != nil else { throw ValidationError("--show takes text or answer") }
        guard tokensPerSecond > 0, firstTokenSeconds >= 0 else { throw ValidationError("latencies must be positive") }
        guard !fill || !recordedScores else {
            throw ValidationError("--fill and --recorded-scores exclude each other: what a model adds has no score")
        }
    }

    /// In the recorded order every repeat would be the same.
    private var repeats: Int? { permutations ?? (fill || orderSeed != nil ? nil : 1) }

    func run() throws {
        let pool = PoolUse(
            path: poolPath, roles: roles, orderSeed: orderSeed ?? (permutations == nil ? nil : 0), show: show,
            firstTokenSeconds: firstTokenSeconds, tokensPerSecond: tokensPerSecond, oneChoice: oneChoice,
            recordedScores: recordedScores, fills: fill)
        let new = NewRun(
            suite: options.suite, overrides: options.overrides, root: out, pool: pool, repeats: repeats,
            workers: workers)
        try RunOutput.carryOut(try PreparedRun(new, Installation.host), json: json)
    }
}
