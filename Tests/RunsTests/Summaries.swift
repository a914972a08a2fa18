import Foundation
import Journal

@testable import Reporting

/// Summaries of one arm, as `summary.json` has them.
enum Summaries {
    static func summary(
        errorKinds: [SessionError.Kind: Int] = [:], gates: [String] = [], status: RunSummary.Status = .complete,
        problems: [String] = []
    ) -> RunSummary {
        let errors = errorKinds.values.reduce(0, +)
        let kinds = errorKinds.map { "\"\($0.key.rawValue)\": \($0.value)" }.joined(separator: ", ")
        let usage = """
            {"requests": 10, "prompt_tokens": 10, "cached_prompt_tokens": 0, "completion_tokens": 10,
             "reasoning_tokens": 0, "cancelled_tokens": 0, "usd": null}
            """
        let text = """
            {"schema": "evalh.summary/1", "suite": "s", "run_id": "r", "status": "\(status.rawValue)",
             "dataset": {"name": "d", "sha256": "", "items": 10},
             "arms": [{"id": "a", "strategy": "greedy", "params": {}, "model": "m", "level": null, "items": 10,
               "sessions": 10, "errors": \(errors), "metrics": {}, "truncated_rate": 0, "extraction": {},
               "error_kinds": {\(kinds)}, "usage": \(usage), "latency": {"critical_path_s": null, "ttft_s": null}}],
             "scaling": [], "comparisons": [], "frontier": [], "gates": [], "paid": \(usage), "provenance": {}}
            """
        do {
            var summary = try JSONDecoder().decode(RunSummary.self, from: Data(text.utf8))
            summary.gates = gates.map { RunSummary.GateOutcome(text: "g", verdict: $0, detail: "") }
            summary.problems = problems
            return summary
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
