import Completions
import Foundation
import JSON
import Journal
import Reporting
import Testing

@testable import Exports

@Suite("Exports")
struct ExportTests {
    private func session(_ ordinal: Int, arm: Int, level: Int) throws -> ExportedSession {
        let key = SessionKey(item: ordinal, arm: arm, level: level, repeatIndex: 1)
        let row = try #require(ExportedRun(ExportFixture.description).row(key))
        return ExportedSession(
            record: ExportFixture.session(key), item: ExportedItem(ExportFixture.item(ordinal)), row: row)
    }

    /// The order of keys matters to people who read logs, and to Inspect's streaming readers.
    @Test func `a graded session is a sample of Inspect, byte by byte`() throws {
        let sample = InspectSample(try session(4, arm: 0, level: -1), ExportedRun(ExportFixture.description))
        #expect(sample.memberName.hasPrefix("samples/line_break__-") && sample.memberName.hasSuffix("_epoch_2.json"))
        let id = sample.memberName.dropFirst(8).dropLast(13)
        let answer = #"tab\there\r\nquote \" comma , back \\"#
        let usage =
            #"{"input_tokens":60,"output_tokens":11,"total_tokens":111,"input_tokens_cache_read":40,"reasoning_tokens":3,"total_cost":null}"#
        let message = #"{"role":"assistant","content":"\#(answer)","source":"generate"}"#
        let draw =
            #"{"uuid":"draw-0","timestamp":"2026-11-24T01:48:47+00:00","working_start":0,"metadata":{"request":"b220fb4dc164d3e3","sample":0,"#
            + #""cancelled_at":null},"event":"model","model":"org/model:8b","role":"main","input":[],"tools":[],"tool_choice":"none","config":{},"#
            + #""output":{"model":"org/model:8b","choices":[{"message":{"role":"assistant","content":"","source":"generate"},"stop_reason":"stop"}],"#
            + #""completion":"","usage":{"input_tokens":100,"output_tokens":10,"total_tokens":110,"input_tokens_cache_read":0,"reasoning_tokens":0,"#
            + #""total_cost":null},"time":1.5},"completed":"2026-11-24T01:48:48.500000+00:00","working_time":1.5}"#
        let grade =
            #"{"uuid":"grade","timestamp":"2026-11-24T01:48:48.250000+00:00","working_start":1.25,"event":"score","score":{"value":0.5,"#
            + #""answer":"\#(answer)"},"target":"4","intermediate":false,"scorer":"grader"}"#
        let expected =
            #"{"id":"\#(id)","epoch":2,"input":"Question 4?","target":"4","messages":[{"role":"user","content":"Question 4?","source":"input"},"#
            + #"\#(message)],"output":{"model":"org/model:8b","choices":[{"message":\#(message),"stop_reason":"stop"}],"completion":"\#(answer)","#
            + #""usage":\#(usage),"time":1.25},"scores":{"grader":{"value":0.5,"answer":"\#(answer)","explanation":"found by last_number"}},"#
            + #""metadata":{"evalh":{"item":"line\nbreak\r\n","finish":"stop","stop_reason":"=complete","extraction_stage":"last_number","#
            + #""confidence":0.75,"requests":1,"cancelled_tokens":2,"usd":null,"critical_path_s":1.25,"ttft_s":0.1,"samples":1,"cut_off_samples":0,"failed_samples":0,"#
            + #""candidates":[{"candidate":"4","weight":1,"evidence":"\u0001x"}],"notes":[["key","value \#u{2028}"]]},"#
            + #""fields":{"number":4,"share":0.25,"tags":[],"text":"é\n\"\#u{2028}","truth":true}},"store":{},"events":[\#(draw),\#(grade)],"#
            + #""model_usage":{"org/model:8b":\#(usage)},"total_time":1.25,"working_time":1.25,"uuid":"20261124-014847-19d7-0-4-1","attachments":{}}"#
        #expect(String(decoding: sample.json, as: UTF8.self) == expected)
    }

    @Test func `what a model thought is its message's reasoning, also where it came to no answer`() throws {
        var thoughtful = try session(4, arm: 0, level: -1)
        thoughtful.record.reasoning = "7?\nno"
        for answer in ["18", nil] {
            thoughtful.record.answer = answer
            let sample = InspectSample(thoughtful, ExportedRun(ExportFixture.description))
            let fields = try #require(JSONSerialization.jsonObject(with: Data(sample.json)) as? [String: Any])
            let message = try #require((fields["messages"] as? [[String: Any]])?.last)
            let parts = try #require(message["content"] as? [[String: String]])
            #expect(
                parts == [["type": "reasoning", "reasoning": "7?\nno"], ["type": "text", "text": answer ?? ""]])
            #expect((fields["output"] as? [String: Any])?["completion"] as? String == answer ?? "")
        }
    }

    @Test func `a failed session has an error and no score`() throws {
        let sample = InspectSample(try session(0, arm: 2, level: -1), ExportedRun(ExportFixture.description))
        for json in [sample.json, sample.summary] {
            let fields = try #require(JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
            #expect(fields["scores"] == nil)
            #expect(fields["error"] != nil)
        }
    }

    @Test func `summaries stay small however long the texts are`() throws {
        let sample = InspectSample(try session(0, arm: 1, level: 0), ExportedRun(ExportFixture.description))
        #expect(sample.json.count > 3_000_000)
        #expect(sample.summary.count < 6000)
    }

    @Test("ids become names of members that no reader can be led astray by", arguments: ExportFixture.ids)
    func ids(id: String) {
        let safe = InspectID.safe(id)
        #expect(!safe.contains("/") && !safe.contains("\\") && safe.utf8.count <= 420)
        #expect(!safe.unicodeScalars.contains { $0.value < 32 })
        #expect(InspectID.safe(safe) == safe || safe.utf8.count > 200)
        if ["plain:0123", "..", "-5", "quo\"te, comma", " padded "].contains(id) { #expect(safe == id) }
        #expect(ExportFixture.ids.filter { InspectID.safe($0) == safe } == [id])
    }

    @Test(
        "models' folders follow lm-eval's rule and stay where they are",
        arguments: [
            ("org/model", "org__model"), ("a<>:b?c", "a__b__c"), ("x[[1]]", "x__1__"), ("..", "__.."), (".", "__."),
            ("", "__"),
            ("../..", "..__.."), ("plain-7b", "plain-7b"),
        ])
    func modelFolders(model: String, folder: String) {
        #expect(LMEvalExport.sanitized(model: model) == folder)
    }

    /// The hash of Python's text: `sha256(json.dumps(doc, indent=2, ensure_ascii=False))`.
    @Test func `documents are written as Python writes them`() throws {
        let text = #"{"a":[],"b":{},"c":[1,2.5,{"x":null}],"d":"é\n\"\u0001","e":1e-07,"f":1e22,"g":12345678901}"#
        let script =
            "import json,sys;sys.stdout.buffer.write(json.dumps("
            + "json.loads(sys.argv[1]),indent=2,ensure_ascii=False).encode())"
        let python = try ExportFixture.run(["python3", "-c", script, text])
        #expect(PythonJSON.indented(JSONValue(parsingOrNull: text)) == python.output)
    }

    @Test func `a number that no double holds stays in the document, and leaves the other fields in it`() throws {
        let fields = #"{"big":1e400,"id":9007199254740993,"share":5.0,"text":"x"}"#
        let item = ExportedItem(JournalItem(ordinal: 0, id: "a", input: "?", target: "4", fieldsJSON: fields))
        #expect(item.document.text == fields)
        #expect(
            PythonJSON.indented(item.document).contains(
                "\n  \"big\": 1e400,\n  \"id\": 9007199254740993,\n  \"share\": 5.0,"))
    }

    @Test func `exports of the same run are the same bytes, in however many passes they were made`() throws {
        let folder = try ExportFixture.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let journal = try ExportFixture.journal(in: folder)
        var files: [[String: Data]] = []
        for rowsPerPass in [1, 32] {
            let paths = try RunExport.write(
                Set(ExportFormat.allCases), journal: journal, description: ExportFixture.description,
                to: "\(folder)/\(rowsPerPass)",
                rowsPerPass: rowsPerPass)
            #expect(paths.count == 4 + 4 + 2 + 2)
            files.append(
                Dictionary(
                    uniqueKeysWithValues: try paths.map {
                        (
                            String($0.dropFirst("\(folder)/\(rowsPerPass)".count)),
                            try Data(contentsOf: URL(fileURLWithPath: $0))
                        )
                    }))
        }
        #expect(files[0] == files[1])
    }

    @Test func `a folder that cannot be made is named`() throws {
        let folder = try ExportFixture.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let journal = try ExportFixture.journal(in: folder)
        let error = #expect(throws: ExportError.self) {
            try RunExport.write(
                [.eval], journal: journal, description: ExportFixture.description, to: folder + "/journal.sqlite")
        }
        #expect(error?.description.contains("journal.sqlite") == true)
    }
}
