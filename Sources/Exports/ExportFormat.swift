/// The forms of other tools that a run can be written in.
package enum ExportFormat: String, CaseIterable, Sendable {
    /// `sessions.csv` and `arms.csv`.
    case csv
    /// Inspect's logs, one an arm and level: `inspect/*.eval`.
    case eval
    /// lm-eval's results and samples: `<model>/results_*.json` and `<model>/samples_*.jsonl`.
    case lmEval = "lm-eval"
}
