package import Journal
package import Reporting

extension RunExit {
    /// The one place that says which code a session's error leads to.
    package init(_ kind: SessionError.Kind) {
        self =
            switch kind {
            case .strategy, .plugin, .grader: .pluginFault
            case .prompt: .usage
            case .poolMiss, .unknown: .incomplete
            case .model(let kind):
                switch kind {
                // Asking the same again gets the same refusal: the suite asks for what this model does not do.
                case .badRequest, .contextExceeded, .unsupported: .usage
                case .connection, .timeout, .server, .malformed, .rateLimited, .quota, .authentication:
                    .providerFailure
                }
            }
    }

    /// Codes of sessions' errors: what nobody can mend by trying again comes first.
    private static let causes: [RunExit] = [.pluginFault, .usage, .providerFailure, .incomplete]

    /// The code of a finished run: a failed gate decides, then the errors of sessions, then gates that cannot tell.
    package init(judging summary: RunSummary) {
        let verdicts = summary.gates.map(\.verdict)
        var causes = Set(summary.arms.flatMap { $0.errorKinds.keys.map(RunExit.init) })
        if !summary.problems.isEmpty || summary.arms.contains(where: { $0.leftOut?.fault == true }) {
            causes.insert(.pluginFault)
        }
        if verdicts.contains("fail") {
            self = .gateFailed
        } else if let cause = Self.causes.first(where: causes.contains) {
            self = cause
        } else if verdicts.contains("inconclusive") {
            self = .inconclusive
        } else {
            self = summary.status == .complete ? .pass : .incomplete
        }
    }

    /// The code of a run that is judged after its end: as when it ended, but undecided gates of an incomplete run call
    /// for its rest.
    package init(gating summary: RunSummary) {
        let code = RunExit(judging: summary)
        self = code == .inconclusive && summary.status == .incomplete ? .incomplete : code
    }
}
