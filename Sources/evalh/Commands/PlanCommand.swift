internal import ArgumentParser
internal import Completions
internal import Engine
internal import EvalhStatistics
internal import Foundation
internal import Reporting
internal import Runs
internal import SuiteModel

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "What a suite would ask and cost, and the smallest effect it can detect. No network.",
        discussion: """
            Samples are shared between arms that ask the same question, so a run usually pays less than the sum of its \
            arms.

            EXAMPLES
              evalh plan suites/gsm8k.yaml --limit 200
            """)

    @OptionGroup var options: SuiteOptions

    @Flag(help: "Print the plan as JSON to standard output.")
    var json = false

    struct Row: Encodable {
        var arm: String
        var level: String
        var sessions: Int
        var completionsMin: Int?
        var completionsMax: Int?
        var tokensMax: Int?
        var usdMax: Double?
    }

    struct Output: Encodable {
        var suite: String
        var items: Int
        var sessions: Int
        var rows: [Row]
        var promptTokensMean: Double
        var smallestEffect: Double?
    }

    func run() throws {
        let opened = try OpenedSuite.open(options.suite, options.overrides, Installation.host)
        let suite = opened.suite
        let cache = Installation.host.datasets
        let (items, promptTokens, repeated) = try prompts(suite, cache)
        if let warning = repeated.warning { Terminal.standard.warning(warning) }
        var rows: [Row] = []
        for arm in suite.arms {
            let plugin = try opened.plugins.strategy(arm.strategy, arm.isolation)
            let levels =
                arm.levels.isEmpty ? [("", arm.parametersJSON)] : arm.levels.map { ($0.label, $0.parametersJSON) }
            for (label, parameters) in levels {
                let sessions = items * suite.repeats
                let estimate = plugin.estimate(parametersJSON: parameters)
                var row = Row(arm: arm.id, level: label, sessions: sessions)
                row.completionsMin = estimate.map { $0.completionsMin * sessions }
                row.completionsMax = estimate.flatMap { $0.completionsMax < 0 ? nil : $0.completionsMax * sessions }
                if let estimate, estimate.completionsMax >= 0 {
                    let usage = TokenUsage(
                        promptTokens: Int(Double(sessions) * estimate.promptPasses * promptTokens),
                        completionTokens: sessions * estimate.completionsMax * arm.sampling.maxTokens)
                    row.tokensMax = usage.totalTokens
                    row.usdMax = suite.model(arm.role)?.price?.cost(of: usage)
                }
                rows.append(row)
            }
        }
        // Half right and a tenth flipping is what suites like this show; the true share is known after the run.
        let questions = items - repeated.copies
        let effect = questions > 1 ? Power.smallestPairedEffect(items: questions, discordantShare: 0.2) : nil
        let output = Output(
            suite: suite.name, items: items, sessions: rows.reduce(0) { $0 + $1.sessions }, rows: rows,
            promptTokensMean: promptTokens,
            smallestEffect: effect)
        if json { try JSONOutput.print(output) } else { show(output, suite) }
    }

    /// The number of items, the mean prompt length in tokens, taken as a quarter of the bytes, and which items ask the
    /// same.
    private func prompts(_ suite: Suite, _ cache: DatasetCache) throws -> (Int, Double, RepeatedQuestions) {
        let renderer: PromptRenderer
        do {
            renderer = try PromptRenderer(suite, cache: cache)
        } catch {
            throw ItemStore.bad(error, Installation.host)
        }
        var bytes = 0
        var items = 0
        var finder = QuestionFinder()
        do {
            let reader = try DatasetReader(suite.dataset, cache: cache)
            try reader.forEach { item in
                items += 1
                let messages = try renderer.render(item)
                finder.add(item.ordinal, messages)
                bytes += messages.reduce(0) { $0 + $1.content.utf8.count + 16 }
            }
        } catch let failure as DatasetFailure {
            throw ItemStore.bad(failure, Installation.host)
        }
        return (items, items == 0 ? 0 : Double(bytes) / Double(items) / 4, finder.repeated)
    }

    private func show(_ output: Output, _ suite: Suite) {
        let terminal = Terminal.standard
        terminal.line(
            "\(output.suite): \(output.items) items, \(output.sessions) sessions, prompts of about "
                + "\(Int(output.promptTokensMean)) tokens"
        )
        for row in output.rows {
            let label = row.level.isEmpty ? row.arm : "\(row.arm) \(row.level)"
            var text =
                "  \(label.padding(toLength: max(28, label.count), withPad: " ", startingAt: 0)) \(row.sessions) "
                + "sessions"
            if let most = row.completionsMax {
                text +=
                    row.completionsMin == most
                    ? ", \(most) completions" : ", \(row.completionsMin ?? 0) to \(most) completions"
            }
            if let tokens = row.tokensMax { text += ", at most \(tokens) tokens" }
            if let usd = row.usdMax { text += ", at most \(Numbers.usd(usd))" }
            terminal.line(text)
        }
        if let judge = suite.judge {
            terminal.line(
                "judging asks up to \(output.sessions * judge.requestsPerAnswer) requests more of `\(judge.role)`, "
                    + "apart from the arms' costs")
        }
        if let allocator = suite.allocator {
            terminal.line(
                "the allocator \(allocator.use) decides how many of them run, and may ask for more repeats than "
                    + "`repeats`"
            )
        }
        if let effect = output.smallestEffect {
            terminal.line(
                String(
                    format:
                        "smallest paired difference seen with 80 %% power at 5 %%: %.1f points (if a fifth of the "
                        + "items flip)",
                    effect * 100))
        }
        if let tokens = suite.budget.tokens { terminal.line("budget: \(tokens) tokens") }
        if let usd = suite.budget.usd { terminal.line("budget: \(Numbers.usd(usd))") }
    }
}
