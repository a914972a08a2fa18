import Foundation
import Journal
import Measurement
import Testing

@testable import Reporting

@Suite("Gates against a baseline")
struct BaselineGateTests {
    private let items = 400

    private func run(lost: Int, id: String = "r1") throws -> ComparedRun {
        // Every second loss is made good elsewhere, as noise would.
        try ComparisonFixture.run(
            ComparisonFixture.description(id: id, items: items),
            greedy: { item, _ in
                item < lost * 3
                    ? (item % 3 == 0 && item % 6 == 0 ? 1 : item % 3 == 1 ? 0 : item % 3 == 0 ? 0 : 1)
                    : item % 3 == 0 ? 0 : 1
            })
    }

    private func gate(_ run: ComparedRun, _ baseline: ComparedRun, margin: Double = 0.05, arms: [String] = []) throws
        -> BaselineGate
    {
        try BaselineGate(run, against: (baseline, "base.json"), metric: .accuracy, margin: margin, arms: arms)
    }

    @Test(arguments: [(4, "pass"), (24, "inconclusive"), (110, "fail")])
    func `the verdict of a row follows what it lost`(_ lost: Int, _ verdict: String) throws {
        let found = try gate(run(lost: lost), run(lost: 0))
        #expect(
            found.outcomes.map(\.gate.text)
                == ["greedy", "sc@samples=2", "sc@samples=4"].map { "accuracy(\($0)) >= baseline - 0.05" })
        #expect(found.outcomes.map(\.gate.verdict) == [verdict, "pass", "pass"], "\(found.outcomes[0].gate.detail)")
    }

    @Test func `a row that is missing in the run cannot pass`() throws {
        var fewer = try run(lost: 0)
        fewer.table.rows.removeLast()
        let found = try gate(fewer, run(lost: 0))
        #expect(found.outcomes.map(\.gate.verdict) == ["pass", "pass", "inconclusive"])
        #expect(found.outcomes[2].gate.detail.contains("the run has no row sc@samples=4"))
        #expect(try gate(fewer, run(lost: 0), arms: ["greedy"]).outcomes.count == 1)
        let more = try gate(run(lost: 0), fewer)
        #expect(more.outcomes.count == 2 && more.warnings == ["not in the baseline, so not compared: sc@samples=4"])
        fewer.table.rows[0].cells = fewer.table.rows[0].cells.map { _ in nil }
        #expect(try gate(fewer, run(lost: 0)).outcomes[0].gate.verdict == "inconclusive")
    }

    private func summary(gates: [RunSummary.GateOutcome], errors: Int = 0, status: RunSummary.Status = .complete) throws
        -> RunSummary
    {
        var summary = try ReportFixture.summary()
        summary.gates = gates
        summary.status = status
        for index in summary.arms.indices { summary.arms[index].errors = errors }
        return summary
    }

    @Test func `the verdict of all is the worst of any`() throws {
        func verdict(_ verdicts: String..., lost: Int?, errors: Int = 0, status: RunSummary.Status = .complete) throws
            -> Verdict
        {
            let gates = verdicts.map { RunSummary.GateOutcome(text: "g", verdict: $0, detail: "d") }
            let whole = try summary(gates: gates, errors: errors, status: status)
            return GateReport(whole, baseline: try lost.map { try gate(run(lost: $0), run(lost: 0)) }).verdict
        }
        #expect(try verdict("pass", lost: 0) == .pass)
        #expect(try verdict("inconclusive", "pass", lost: nil) == .inconclusive)
        #expect(try verdict("pass", lost: 24) == .inconclusive)
        #expect(try verdict("inconclusive", lost: 110) == .fail)
        #expect(try verdict("fail", "inconclusive", lost: 24) == .fail)
        #expect(try verdict(lost: nil) == .pass)
        #expect(try verdict("pass", lost: nil, status: .incomplete) == .inconclusive)
        #expect(try verdict("pass", lost: nil, errors: 1) == .inconclusive)
        #expect(try verdict("fail", lost: nil, errors: 1, status: .incomplete) == .fail)
    }

    @Test func `the JSON holds the verdict, the suite's gates and the baseline's with their numbers`() throws {
        let report = GateReport(
            try summary(gates: [.init(text: "accuracy(peek) >= 0.5", verdict: "pass", detail: "fine")]),
            baseline: try gate(run(lost: 110, id: "new"), run(lost: 0, id: "old")))
        let json = try JSONSerialization.jsonObject(with: Data(ComparisonFixture.json(report).utf8)) as? [String: Any]
        let object = try #require(json)
        #expect(object["schema"] as? String == "evalh.gate/1" && object["verdict"] as? String == "fail")
        let gates = try #require(object["gates"] as? [[String: Any]])
        #expect(gates.map { $0["kind"] as? String } == ["suite", "baseline", "baseline", "baseline"])
        #expect(gates[0]["text"] as? String == "accuracy(peek (oracle)) >= 0.5" && gates[0]["comparison"] is NSNull)
        let comparison = try #require(gates[1]["comparison"] as? [String: Any])
        let margin = try #require(comparison["margin"] as? [String: Any])
        #expect(margin["verdict"] as? String == "fail" && margin["margin"] as? Double == 0.05)
        #expect((object["baseline"] as? [String: Any])?["run_id"] as? String == "old")
        #expect(report.lines.contains { $0.hasPrefix("fail     baseline  accuracy(greedy)") })
    }

    @Test func `junit.xml gets a case for each row: failures fail, undecided ones are skipped`() throws {
        let lost = try gate(run(lost: 110), run(lost: 0))
        let noisy = try gate(run(lost: 24), run(lost: 0))
        let text = JUnitReport.render(
            try summary(gates: []), baseline: lost.outcomes.map(\.gate) + [noisy.outcomes[0].gate])
        #expect(text.contains("failures=\"1\"") && text.contains("skipped=\"1\""))
        #expect(text.ranges(of: "classname=\"gsm-frontier.baseline\"").count == 4)
        #expect(text.contains("name=\"accuracy(greedy) &gt;= baseline - 0.05\"><failure message="))
        #expect(text.contains("<skipped message=\"inconclusive: "))
    }

    @Test func `a cost gate names its bound`() throws {
        let base = try run(lost: 0)
        let found = try BaselineGate(base, against: (base, "b"), metric: .mean(.tokens), margin: 5)
        #expect(
            found.outcomes[0].gate.text == "tokens(greedy) <= baseline + 5" && found.outcomes[0].gate.verdict == "pass")
    }
}
