internal import Completions
internal import Foundation

extension CommandConfiguration {
    /// The completion that a run stands for.
    /// - Throws: what went wrong, with the command, the instance and the end of standard error.
    func completion(of outcome: CommandRun.Outcome, _ question: CommandQuestion, seed: UInt64) throws(ModelFailure)
        -> Completion
    {
        do throws(CommandFault) {
            guard outcome.ending == .ended(status: 0) else { throw fault(outcome.ending) }
            let answer = try CommandAnswer(output: outcome.output)
            if let unit, let printed = answer.unit, printed != unit {
                throw CommandFault("counts its cost in '\(CleanText.clean(printed))', the suite says '\(unit)'")
            }
            return Completion(
                text: answer.text, finish: .stop,
                usage: TokenUsage(requests: 1, completionTokens: try answer.tokens(costPerToken)),
                seconds: outcome.seconds)
        } catch {
            throw failure(error, outcome, question, seed: seed)
        }
    }

    private func fault(_ ending: CommandRun.Ending) -> CommandFault {
        switch ending {
        case .ended(let status):
            CommandFault("ended with \(SupervisedProcess.describe(status: status)) (limits: \(limits))")
        case .timedOut: CommandFault("did not end within its `timeout` of \(seconds) s and was ended")
        case .tooMuchOutput:
            CommandFault(
                "wrote more than \(CommandLimits.output) bytes to standard output and was ended: print one line of JSON"
            )
        case .cancelled: CommandFault("was cancelled")
        case .notStarted(let why): CommandFault("did not start: \(why)")
        }
    }

    private var seconds: String { Int(exactly: timeout).map(String.init) ?? String(timeout) }

    private var limits: String { "\(seconds) s" + (memory.map { ", \($0) bytes of memory" } ?? "") }

    private func failure(
        _ fault: CommandFault, _ outcome: CommandRun.Outcome, _ question: CommandQuestion, seed: UInt64
    ) -> ModelFailure {
        let kind: ModelFailure.Kind =
            switch outcome.ending {
            case .timedOut: .timeout
            case .ended(status: 0), .tooMuchOutput: .malformed
            case .ended, .cancelled, .notStarted: .server
            }
        var instance = CleanText.clean(String(question.instance.prefix(160)))
        if instance.utf8.count < question.instance.utf8.count { instance += "…" }
        var message =
            "`\(CleanText.clean(shown)) --budget \(question.budget) --seed \(seed & UInt64(Int64.max))` on instance "
            + "`\(instance)` "
            + fault.text
        let errors = CleanText.clean(String(decoding: outcome.errors, as: UTF8.self), limit: CommandLimits.errors)
        if !errors.isEmpty { message += "; standard error ends with: \(errors)" }
        return ModelFailure(kind: kind, message: message, isRetryable: kind == .timeout)
    }
}
