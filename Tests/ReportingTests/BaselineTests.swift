import Foundation
import Measurement
import Testing

@testable import Reporting

@Suite("Baselines: small files that are committed")
struct BaselineTests {
    private func text(_ run: ComparedRun, arms: [String] = []) throws -> String {
        var text = ""
        try Baseline.forEachLine(run, arms: arms) { text += $0 + "\n" }
        return text
    }

    private func read(_ text: String) throws -> ComparedRun { try Baseline.decode(Data(text.utf8), path: "b.json") }

    @Test func `the file is the golden file, a line an item in the order of ids`() throws {
        let run = try ComparisonFixture.run(ComparisonFixture.description(items: 5), ids: { "item-\(9 - $0)" })
        let found = try text(run)
        #expect(found == (try ComparisonFixture.golden(found, "baseline.json")))
    }

    @Test func `what is written is read back, and written again it is the same`() throws {
        let description = ComparisonFixture.description(items: 40, repeats: 3)
        let run = try ComparisonFixture.run(
            description, ids: { "i\($0)\"\\\u{1F600}\n" }, greedy: { $0 == 3 ? nil : Double(($0 + $1) % 3) / 3 })
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "evalh-baseline-\(UUID().uuidString).json"
        ).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Baseline.write(run, to: path)
        let back = try Baseline.read(path)
        #expect(try text(back) == String(contentsOfFile: path, encoding: .utf8))
        #expect(back.provenance == run.provenance && back.runID == run.runID && back.table.ids.count == 40)
        // Compared with its own baseline a run shows no difference at all.
        let report = try ComparisonBuilder().compare((run, "run"), (back, path))
        #expect(report.comparisons.count == 3 && report.warnings.isEmpty)
        #expect(
            report.comparisons.allSatisfy {
                $0.difference.value == 0 && $0.pValue == 1 && $0.aOnly.isEmpty && $0.onlyInA.isEmpty
            })
    }

    @Test func `another answer to one item changes one line`() throws {
        let description = ComparisonFixture.description(items: 50)
        let before = try text(ComparisonFixture.run(description)).split(separator: "\n")
        let after = try text(
            ComparisonFixture.run(description, greedy: { item, _ in item == 20 || item % 3 == 0 ? 0 : 1 })
        )
        .split(separator: "\n")
        let changed = zip(before, after).filter { $0 != $1 }
        #expect(before.count == after.count && changed.count == 1)
        #expect(changed.first?.1.hasPrefix("[\"item-020\",[1,0,") == true)
    }

    @Test func `an item and arm take less than 100 bytes`() throws {
        let description = ComparisonFixture.description(items: 300, repeats: 3)
        let run = try ComparisonFixture.run(
            description, ids: { "0123456789abcde\($0)" }, greedy: { Double(($0 + $1) % 7) / 7 },
            vote: { Double($0 % 7) / Double(7 * $1) })
        let lines = try text(run).split(separator: "\n").filter { $0.hasPrefix("[\"0") }
        #expect(lines.count == 300 && lines.allSatisfy { $0.utf8.count < 3 * 100 })
    }

    @Test func `only the arms asked for are kept, and items without any of them are left out`() throws {
        let run = try ComparisonFixture.run(
            ComparisonFixture.description(items: 4), greedy: { item, _ in item == 1 ? nil : 1 })
        let back = try read(text(run, arms: ["greedy"]))
        #expect(back.table.rows.map(\.name) == ["greedy"] && back.table.ids == ["item-000", "item-002", "item-003"])
    }

    /// Each change of a good file, and the place that is named.
    @Test(arguments: [
        ("\"evalh.baseline/1\"", "\"evalh.baseline/2\"", "schema: the format is evalh.baseline/2"),
        ("\"items\": [", "\"itms\": [", "the key items is missing"),
        ("[1,0,20,", "[0,0,20,", "items[0][1]: sessions are 1 to"),
        ("[1,0,20,", "[1,1.5,20,", "items[0][1]: a sum of 1 scores is within 0 and 1"),
        ("[1,0,20,", "[1,-0.1,20,", "items[0][1]: a sum of 1 scores"),
        ("[1,0,20,", "[1,0,-20,", "items[0][1]: a cost is 0 or more"),
        ("[1,0,20,", "[1,0,null,", "items[0][1]: a number is missing"),
        ("[1,0,20,", "[1,0,1e999,", "b.json: "),
        ("[1,0,20,", "[1,0,\"20\",", "items[0][1]"),
        ("0.5],[", "0.5,7],[", "items[0][1]: a cell has 6 numbers"),
        ("\"item-001\"", "\"item-000\"", "items[1]: items are in the order of their ids"),
        ("\"item-000\"", "\"\"", "items[0]: an id has 1 to"),
        ("[\"item-000\",", "[\"item-000\",null,", "items[0]: 4 cells for 3 rows"),
        ("samples=4", "samples=2", "rows[2]: the row sc@samples=2 is there twice"),
        ("\"score_sum\"", "\"score_mean\"", "cell: cells hold"),
        ("{\n", "[\n", "b.json: "), ("\"r1\"", "7", "run_id"),
    ])
    func `a file that was tampered with is refused with the place`(_ good: String, _ bad: String, _ place: String)
        throws
    {
        let whole = try text(ComparisonFixture.run(ComparisonFixture.description(items: 3)))
        _ = try read(whole)
        let changed = whole.replacing(good, with: bad, maxReplacements: 1)
        #expect(changed != whole)
        let error = #expect(throws: BaselineError.self) { try read(changed) }
        #expect(error?.description.contains(place) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("evalh gate RUN --write-baseline b.json") == true)
    }

    @Test func `no file, what is none, an empty one and one of anything are refused`() {
        for path in ["/nowhere/at/all.json", "/tmp", "/dev/zero"] {
            #expect(throws: BaselineError.self) { try Baseline.read(path) }
        }
        for text in ["", "null", "{}", "[[[[", String(repeating: "[", count: 100_000)] {
            #expect(throws: BaselineError.self) { try read(text) }
        }
    }
}
