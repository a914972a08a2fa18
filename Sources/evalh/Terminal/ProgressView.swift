internal import Engine
internal import EvalhStatistics
internal import Foundation
internal import JSON
internal import Reporting

/// Shows a run under way: a block that is redrawn on a terminal, a line every 30 seconds elsewhere.
final class ProgressView {
    private let terminal: Terminal
    private let budget: BudgetLimits
    private let endpoints: () -> String
    private var drawnLines = 0
    private var lastLine: Double
    private var firstDone: Int?

    /// - Parameter endpoints: how the endpoints are doing: limits and why.
    init(_ terminal: Terminal, budget: BudgetLimits, endpoints: @escaping () -> String) {
        self.terminal = terminal
        self.budget = budget
        self.endpoints = endpoints
        lastLine = 0
    }

    func show(_ progress: RunProgress) {
        if firstDone == nil { firstDone = progress.sessionsDone }
        if terminal.isInteractive {
            clear()
            let lines = [headline(progress)] + rows(progress)
            let width = terminal.width
            terminal.write(lines.map { SafeText.short(SafeText.terminal($0), width - 1) + "\n" }.joined())
            drawnLines = lines.count
        } else if progress.elapsedSeconds - lastLine >= 30 {
            lastLine = progress.elapsedSeconds
            terminal.line(headline(progress) + " | " + rows(progress).joined(separator: "; "))
        }
    }

    /// Takes the block away, before the result is printed.
    func clear() {
        guard drawnLines > 0 else { return }
        terminal.write("\u{1B}[\(drawnLines)F\u{1B}[J")
        drawnLines = 0
    }

    private func headline(_ progress: RunProgress) -> String {
        let done = progress.sessionsDone - (firstDone ?? 0)
        let rate = progress.elapsedSeconds > 0 ? Double(done) / progress.elapsedSeconds : 0
        var parts = ["\(progress.sessionsDone)/\(progress.sessionsTotal) sessions", String(format: "%.1f/s", rate)]
        if rate > 0 { parts.append("left " + duration(Double(progress.sessionsTotal - progress.sessionsDone) / rate)) }
        parts.append("\(progress.samplesInFlight) in flight")
        parts.append(spent(progress))
        parts.append(endpoints())
        return parts.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    private func spent(_ progress: RunProgress) -> String {
        var text = "\(progress.paid.usage.totalTokens) tokens"
        if let limit = budget.tokens {
            text += String(format: " (%.0f%% of budget)", 100 * Double(progress.paid.usage.totalTokens) / Double(limit))
        }
        if progress.paid.usd > 0 { text += ", " + Numbers.usd(progress.paid.usd) }
        if let limit = budget.usd { text += String(format: " of $%.2f", limit) }
        return text
    }

    private func rows(_ progress: RunProgress) -> [String] {
        progress.arms.map { arm in
            let label = arm.levelJSON.isEmpty ? arm.id : "\(arm.id) \(JSONValue(parsingOrNull: arm.levelJSON).label)"
            let graded = arm.sessions - arm.errors
            var text =
                "  \(label.padding(toLength: max(24, label.count), withPad: " ", startingAt: 0)) \(arm.sessions) done"
            if graded > 0 {
                let mean = arm.scoreSum / Double(graded)
                if let interval = Wilson.interval(successes: arm.scoreSum, n: Double(graded)) {
                    text += String(
                        format: "  accuracy %.1f%% [%.1f, %.1f]", mean * 100, interval.low * 100, interval.high * 100)
                }
            }
            if arm.draws > 0, arm.cutOffDraws > 0 {
                text += String(format: "  cut off %.1f%%", 100 * Double(arm.cutOffDraws) / Double(arm.draws))
            }
            if arm.errors > 0 { text += "  errors \(arm.errors)" }
            return text
        }
    }

    private func duration(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        return whole >= 3600
            ? "\(whole / 3600)h\(whole % 3600 / 60)m" : whole >= 60 ? "\(whole / 60)m\(whole % 60)s" : "\(whole)s"
    }
}
