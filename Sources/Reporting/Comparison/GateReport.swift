package import Measurement

/// `evalh gate`'s result, schema `evalh.gate/1`: the suite's own gates and how the run stands to a baseline. Keys are
/// only ever added.
package struct GateReport: Sendable {
    package static let schemaID = "evalh.gate/1"

    /// A gate's answer, and where it comes from.
    struct Entry: Encodable, Sendable {
        enum Kind: String, Encodable, Sendable { case suite, baseline }

        var kind: Kind
        var gate: RunSummary.GateOutcome
        var comparison: PairedComparison?

        enum CodingKeys: String, CodingKey { case kind, text, verdict, detail, comparison }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(kind, forKey: .kind)
            try container.encode(gate.text, forKey: .text)
            try container.encode(gate.verdict, forKey: .verdict)
            try container.encode(gate.detail, forKey: .detail)
            try container.encode(comparison.map { ComparisonJSON($0, listed: 20) }, forKey: .comparison)
        }
    }

    private let suite: String
    private let runID: String
    private let status: RunSummary.Status
    /// All sessions are there, and none failed.
    private let isWhole: Bool
    private let baseline: BaselineGate?
    private let entries: [Entry]
    /// What a difference may also come from.
    package let warnings: [String]

    package init(_ summary: RunSummary, baseline: BaselineGate?) {
        suite = summary.suite
        runID = summary.runID
        status = summary.status
        isWhole = summary.status == .complete && summary.arms.allSatisfy { $0.errors == 0 }
        self.baseline = baseline
        let names = OracleNames(summary.arms)
        func named(_ gate: RunSummary.GateOutcome) -> RunSummary.GateOutcome {
            .init(text: names.gate(gate.text), verdict: gate.verdict, detail: names.gate(gate.detail))
        }
        entries =
            summary.gates.map { Entry(kind: .suite, gate: named($0)) }
            + (baseline?.outcomes ?? []).map { Entry(kind: .baseline, gate: named($0.gate), comparison: $0.comparison) }
        warnings = baseline?.warnings ?? []
    }

    /// A failed gate wins over an undecided one, that over those that pass. A run that is incomplete or has failed
    /// sessions cannot pass: what it lacks may be what is hard.
    package var verdict: Verdict {
        let verdicts = Set(entries.map(\.gate.verdict))
        if verdicts.contains(Verdict.fail.rawValue) { return .fail }
        return verdicts.contains(Verdict.inconclusive.rawValue) || !isWhole ? .inconclusive : .pass
    }

    /// There is nothing to judge by.
    package var isEmpty: Bool { entries.isEmpty }

    /// A table of verdicts for a terminal, safe to print; the numbers follow, a line a gate.
    package var lines: [String] {
        let rows = entries.map { [$0.gate.verdict, $0.kind.rawValue, $0.gate.text].map(ComparisonText.oneLine) }
        return TextTable.lines(["verdict", "from", "gate"], rows) + [""]
            + entries.map { ComparisonText.oneLine("\($0.gate.verdict)  \($0.gate.text): \($0.gate.detail)") }
    }
}

extension GateReport: Encodable {
    enum CodingKeys: String, CodingKey {
        case schema, suite, status, verdict, gates, warnings, baseline, metric, margin
        case runID = "run_id"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.schemaID, forKey: .schema)
        try container.encode(suite, forKey: .suite)
        try container.encode(runID, forKey: .runID)
        try container.encode(status, forKey: .status)
        try container.encode(verdict, forKey: .verdict)
        try container.encode(entries, forKey: .gates)
        try container.encode(warnings, forKey: .warnings)
        try container.encode(baseline?.baseline, forKey: .baseline)
        try container.encode(baseline?.metric, forKey: .metric)
        try container.encode(baseline?.margin, forKey: .margin)
    }
}
