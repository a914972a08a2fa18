import JSON
import Testing

@testable import SuiteModel

/// Fields that lie within others.
struct FieldPathTests {
    @Test func `dots lead into objects and lists, and a key with dots goes first`() throws {
        let row = try JSONValue(parsing: #"{"answer":{"value":[7,{"text":"x"}]},"a.b":1,"a":{"b":2},"n":null}"#)
        #expect(row.value(at: "answer.value.0")?.int == 7)
        #expect(row.value(at: "answer.value.1.text")?.string == "x")
        #expect(row.value(at: "a.b")?.int == 1)
        #expect(row.value(at: "n") == .null)
        for missing in ["answer.value.2", "answer.values", "answer.value.-1", "n.x", "", "answer."] {
            #expect(row.value(at: missing) == nil)
        }
    }

    private func items(_ rows: String, _ input: String, _ target: String) throws -> [DatasetItem] {
        let folder = try TemporaryFolder()
        let path = try folder.write("data.jsonl", rows)
        let spec = DatasetSpec(
            name: "d", location: .path(path), format: .jsonl, inputField: input, targetField: target)
        let reader = try DatasetReader(spec, cache: DatasetCache(folder: folder.path))
        var items: [DatasetItem] = []
        try reader.forEach { items.append($0) }
        return items
    }

    @Test func `question and target may be nested`() throws {
        let row = #"{"question":{"stem":"Why?"},"answer":{"value":"because","aliases":["so","since"]}}"#
        let item = try #require(items(row, "question.stem", "answer.value").first)
        #expect(item.input == "Why?" && item.target == "because")
        #expect(try items(row, "question.stem", "answer.aliases").first?.target == #"["so","since"]"#)
        #expect(throws: DatasetFailure.self) { try items(row, "question.stem", "answer.none") }
    }

    @Test func `what holds the target is hidden with it`() {
        func hidden(_ target: String) -> [String] {
            DatasetSpec(name: "d", location: .path(""), format: .jsonl, targetField: target).hiddenFields
        }
        #expect(hidden("a.b") == ["a.b", "a"])
        #expect(hidden("a") == ["a"])
    }

    @Test func `few golds that cannot be read are a warning with their lines, many an error`() {
        func told(_ wrong: Int, of count: Int) -> Diagnostic? {
            var golds = GoldAnswers()
            for number in 0..<count {
                let item = DatasetItem(
                    ordinal: number, id: "i\(number)", input: "q", target: "\(number)", fieldsJSON: "{}", fields: .null,
                    line: number + 1)
                golds.add(item, number < wrong ? 0 : 1)
            }
            return golds.diagnostic(UseSpec(use: "numeric"))
        }
        #expect(told(0, of: 100) == nil)
        #expect(told(5, of: 100)?.severity == .warning)
        #expect(told(6, of: 100)?.severity == .error)
        #expect(told(6, of: 100)?.message.contains("6 of 100 items, on the data set's lines 1, 2, 3, 4, 5 …") == true)
        #expect(told(1, of: 1)?.severity == .error)
    }
}
