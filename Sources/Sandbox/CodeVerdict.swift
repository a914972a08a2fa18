internal import Foundation

/// What became of a program and its tests.
package struct CodeVerdict: Codable, Hashable, Sendable {
    package enum Stage: String, Codable, Sendable {
        case passed
        /// An assertion did not hold.
        case failed
        /// Anything else that ended it, such as a mistake of syntax.
        case error
        case timeout
        case memory
        /// It wrote more than it may.
        case output
        /// It ended without an error before its tests did.
        case endedEarly = "ended_early"
        /// A signal ended it.
        case crashed
    }

    package var stage: Stage
    /// For people: bounded and without control characters.
    package var detail: String

    /// - Parameter mark: what it was to write to descriptor 3; `nil`: its exit code decides.
    package init(_ outcome: SandboxOutcome, mark: String?, limits: SandboxLimits) {
        let last = Self.lastLine(outcome.output)
        detail = Self.shown(last)
        switch outcome.end {
        case .exited(0):
            let isThrough = mark.map { outcome.mark.contains($0) } ?? true
            stage = isThrough ? .passed : .endedEarly
            detail = isThrough ? "" : "the program ended before its tests did"
        case .exited(let code):
            stage = last.hasPrefix("AssertionError") ? .failed : last.hasPrefix("MemoryError") ? .memory : .error
            if detail.isEmpty { detail = "exit code \(code)" }
        case .outOfCPUTime:
            stage = .timeout
            detail = "more than \(limits.cpuSeconds) s of processor time"
        case .outOfWallTime:
            stage = .timeout
            detail = "more than \(limits.wallSeconds) s"
        case .tooMuchOutput:
            stage = .output
            detail = "more than \(limits.outputBytes) bytes of output"
        case .killed(let signal):
            stage = outcome.cpuSeconds >= limits.cpuSeconds ? .timeout : signal == SIGKILL ? .memory : .crashed
            detail = "ended by signal \(signal)"
        }
    }

    private static func lastLine(_ output: String) -> Substring {
        output.split(whereSeparator: \.isNewline).last { $0.contains { !$0.isWhitespace } } ?? ""
    }

    /// Foreign text as people may see it.
    private static func shown(_ text: Substring) -> String {
        String(
            text.unicodeScalars.prefix(300).map { scalar -> Character in
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                    "\u{FFFD}"
                default: Character(scalar)
                }
            })
    }
}
