import Foundation
import Measurement
import Testing

@testable import Reporting

@Suite("Comparisons of runs as people and programs see them")
struct ComparisonReportTests {
    private static let hostile = "<b>|*`]]>&\u{1B}[31m\nsecond"

    private func fixture(margin: Double? = 0.02) throws -> ComparisonReport {
        let old = try ComparisonFixture.run(ComparisonFixture.description(id: "old", items: 90))
        let new = try ComparisonFixture.run(
            ComparisonFixture.description(id: "new", items: 90, provenance: ["plugin.greedy": "1.1"]),
            greedy: { item, _ in item == 7 ? 0 : item == 9 || item == 12 || item % 3 != 0 ? 1 : 0 })
        var builder = ComparisonBuilder()
        builder.margin = margin
        builder.listed = 5
        return try builder.compare((new, "reports/sums/new"), (old, "sums.baseline.json"))
    }

    @Test func `the JSON is the golden file`() throws {
        let text = try ComparisonFixture.json(fixture())
        #expect(text == (try ComparisonFixture.golden(text, "comparison.json")))
    }

    @Test func `the Markdown is the golden file`() throws {
        let text = ComparisonText.markdown(try fixture())
        #expect(text == (try ComparisonFixture.golden(text, "comparison.md")))
    }

    @Test func `the terminal shows each row once, the warning and the flipped items`() throws {
        let lines = ComparisonText.terminal(try fixture(margin: nil))
        #expect(lines.contains("warning: plugin.greedy: A has 1.1, B has 1.0"))
        #expect(
            lines.contains("greedy, right in A only:") && lines.contains("  item-009") && lines.contains("  item-007"))
        #expect(lines.filter { $0.hasPrefix("sc@samples=") }.count == 2)
        #expect(!lines.joined().contains("verdict"))
    }

    @Test func `names and ids of other people stay text`() throws {
        let description = ComparisonFixture.description(id: Self.hostile, items: 6)
        let run = try ComparisonFixture.run(description, ids: { "\($0)" + Self.hostile })
        var builder = ComparisonBuilder()
        builder.listed = 20
        let report = try builder.compare((run, Self.hostile), arm: "sc@4", (run, Self.hostile), arm: "greedy")
        #expect(report.comparisons.first?.aOnly.isEmpty == false)
        for line in ComparisonText.terminal(report) {
            #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
        }
        let markdown = ComparisonText.markdown(report)
        #expect(!markdown.contains("<b>") && !markdown.contains("\u{1B}") && markdown.contains("&lt;b&gt;\\|\\*\\`"))
    }

    @Test func `runs on different data are refused until the drift is accepted`() throws {
        let one = try ComparisonFixture.run(ComparisonFixture.description(items: 6))
        let other = try ComparisonFixture.run(ComparisonFixture.description(digest: "d2", items: 9))
        var builder = ComparisonBuilder()
        let problem = #expect(throws: ComparisonProblem.self) { try builder.compare((one, "a"), (other, "b")) }
        #expect(problem?.description.contains("--accept-drift") == true)
        builder.acceptsDrift = true
        let report = try builder.compare((one, "a"), (other, "b"))
        #expect(
            report.comparisons.allSatisfy {
                $0.difference.n == 6 && $0.onlyInB == ["item-006", "item-007", "item-008"]
            })
        #expect(report.warnings.first?.contains("the data sets differ") == true)
    }

    @Test func `what cannot be compared is said with what to do`() throws {
        let run = try ComparisonFixture.run(ComparisonFixture.description(items: 6), usd: nil)
        var builder = ComparisonBuilder()
        builder.metric = .mean(.usd)
        #expect(throws: ComparisonProblem.self) { try builder.compare((run, "a"), (run, "b")) }
        var stranger = run
        stranger.table.rows = [ItemRow(arm: "x", level: "", strategy: "s", model: "m", cells: run.table.rows[0].cells)]
        builder.metric = .accuracy
        let problem = #expect(throws: ComparisonProblem.self) { try builder.compare((run, "a"), (stranger, "b")) }
        #expect(problem?.description.contains("B has x") == true)
        stranger.table.rows[0].isOracle = true
        #expect(
            try builder.compare((run, "a"), arm: "greedy", (stranger, "b"), arm: "x").warnings.contains {
                $0.hasPrefix("x is an oracle")
            })
    }
}

@Suite("What a comparison takes from a journal")
struct ComparedRunTests {
    @Test func `repeats of an item are one cell, and failed sessions are none`() throws {
        let run = try ComparisonFixture.run(
            ComparisonFixture.description(items: 4, repeats: 3),
            greedy: { item, repeatIndex in
                item == 1 ? nil : item == 2 && repeatIndex == 0 ? nil : repeatIndex == 1 ? 1 : 0
            })
        #expect(run.table.rows.map(\.name) == ["greedy", "sc@samples=2", "sc@samples=4"])
        let cells = run.table.rows[0].cells
        #expect(cells[1] == nil)
        #expect(cells.map { $0?.sessions } == [3, nil, 2, 3] && cells.map { $0?.scoreSum } == [1, nil, 1, 1])
        #expect(cells[3]?[.tokens] == 23 && cells[3]?[.totalTokens] == 33 && cells[3]?[.criticalPath] == 0.5)
        #expect(abs((cells[3]?[.usd] ?? 0) - 20 * 0.000_012_345) < 1e-12)
        #expect(run.created == "2026-01-02T03:04:05Z" && run.dataset.sha256 == "d1")
    }

    @Test func `other versions are told apart, other runs of the same are not`() throws {
        let one = try ComparisonFixture.run(ComparisonFixture.description(items: 2))
        var other = one
        other.runID = "else"
        other.provenance["started"] = "2027"
        #expect(one.drift(from: other).isEmpty)
        other.provenance["grader"] = "exact"
        other.provenance["model.judge"] = "big"
        other.table.rows[0].strategy = "best-of-n"
        #expect(
            one.drift(from: other) == [
                "grader: A has numeric, B has exact", "model.judge: A has none, B has big",
                "strategy of greedy: A has greedy, B has best-of-n",
            ])
    }
}
