import EvalhStatistics
import JSON
import Testing

@testable import Reporting

@Suite("Results by a field of the items")
struct FieldTallyTests {
    private static let hostile = "<b>|x|`</b>\\u001b[31m"

    /// Subject by item: algebra (0 to 5), a hostile one (6, 7), none (8, 9). Arm b fails on 7.
    private var run: MadeUpRun {
        MadeUpRun(
            fields: ["subject", "meta.level"],
            score: { item, arm, _ in arm == 1 && item == 7 ? nil : item % 2 == 0 ? 1 : 0 },
            fieldsJSON: { item in
                let subject = item < 6 ? "\"algebra\"" : item < 8 ? "\"\(Self.hostile)\"" : "null"
                return "{\"subject\": \(subject), \"meta\": {\"level\": \(item % 2 == 0 ? 10 : 9)}}"
            })
    }

    @Test func `each value has its items, its arms' accuracy with interval, and its failed sessions`() throws {
        let results = run.summary().fields
        #expect(results.map(\.field) == ["subject", "meta.level"])
        let subjects = results[0].values
        #expect(subjects.map(\.items) == [2, 6, 2])
        #expect(subjects.map(\.value) == ["<b>|x|`</b>\u{1B}[31m", "algebra", nil])
        #expect(subjects.last?.shown == "(none)")
        let algebra = subjects[1].arms[0]
        let wilson = try #require(Wilson.interval(successes: 3, n: 6))
        #expect(algebra.arm == "a" && algebra.items == 6 && algebra.errors == 0)
        #expect(algebra.accuracy?.value == 0.5 && algebra.accuracy?.ciLow == wilson.low)
        let failed = subjects[0].arms[1]
        #expect(failed.errors == 1 && failed.accuracy?.value == 1 && failed.accuracyAll?.value == 0.5)
        // Numbers by size; dots lead into nested fields.
        #expect(results[1].values.map(\.value) == ["9", "10"])
    }

    @Test(arguments: [
        ("a", #"{"a": "x\n y"}"#, "x y"), ("a.b", #"{"a": {"b": 2.50}}"#, "2.50"), ("a.b", #"{"a.b": true}"#, "true"),
        ("a", #"{"a": ["p", "q"]}"#, "p, q"), ("a", #"{"b": 1}"#, nil), ("a.b.c", #"{"a": {"b": 1}}"#, nil),
        ("a", #"{"a": null}"#, nil),
    ])
    func `a field's value is a line of text`(_ field: String, _ json: String, _ value: String?) throws {
        let found = FieldTally.value(field, in: try JSONValue(parsing: json))
        #expect(found == value || found == value.map { $0.replacing("2.50", with: "2.5") })
    }

    @Test func `many values and long ones are bounded, and the rest is counted`() throws {
        var many = run
        many.items = 1500
        many.fields = ["id"]
        many.fieldsJSON = { "{\"id\": \"\($0)\(String(repeating: "y", count: 5000))\"}" }
        let summary = many.summary()
        let results = try #require(summary.fields.first)
        #expect(results.values.count == 200 && results.unlisted == 1300)
        #expect(results.values.allSatisfy { ($0.value ?? "").count <= 80 })
        let table = FieldTable(results, summary.arms, mostValues: 20, mostRows: 60)
        #expect(table.rows.count == 40 && table.unlisted == 1480 && table.note?.hasPrefix("1480 items") == true)
    }

    @Test func `reports show a table for each field, and hostile values act nowhere`() throws {
        let summary = run.summary()
        let markdown = MarkdownReport.render(summary)
        #expect(markdown.contains("## By subject") && markdown.contains("| algebra | a | 6 | 50.0%"))
        #expect(markdown.contains("## By meta.level") && !markdown.contains("<b>"))
        let page = ReportFixture.page(summary)
        #expect(page.contains("Results by subject") && page.contains("&lt;b&gt;|x|"))
        #expect(!page.contains("<b>|x|") && !page.contains("\u{1B}"))
        let json = try JSONValue(encoding: summary)
        #expect(json["by"]?.elements?.first?["values"]?.elements?.last?["value"] == .null)
    }
}
