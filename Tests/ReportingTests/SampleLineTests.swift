import Completions
import Foundation
import JSON
import Journal
import Testing

@testable import Reporting

@Suite("samples.jsonl")
struct SampleLineTests {
    private func line(_ change: (inout SessionRecord) -> Void = { _ in }, level: String = "{\"n\":2}") throws -> (
        text: String, object: [String: Any]
    ) {
        var record = SessionRecord(
            key: .init(item: 0, arm: 0, level: 0, repeatIndex: 1), answer: "a", extracted: "42", stage: "boxed",
            score: 1, strictScore: 0.5,
            finish: .stop, stopReason: "agreed", confidence: 0.25, error: nil,
            measure: SessionMeasure(
                usage: TokenUsage(requests: 2, promptTokens: 5, cachedPromptTokens: 1, completionTokens: 10),
                usd: 0.001, criticalPathSeconds: 1.5, samples: 1),
            draws: [
                SessionDraw(
                    request: "ab", model: "main", sample: 0, finish: .stop, promptTokens: 5, completionTokens: 10,
                    seconds: 1,
                    cancelledAt: nil,
                    askedAt: 0)
            ], log: SessionLog(candidates: [.init(candidate: "42", weight: 2, evidence: "")], notes: [["k", "v"]]))
        change(&record)
        var writer = JSONWriter()
        SampleLine(
            record: record, item: JournalItem(ordinal: 0, id: "i\"1", input: "?", target: "42", fieldsJSON: "{}"),
            row: RunRow(
                index: 0, arm: .init(id: "sc", strategy: "s", model: "m", levels: []),
                level: .init(index: 0, parametersJSON: "{}", levelJSON: level))
        ).write(to: &writer)
        let object = try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: Any]
        return (String(decoding: writer.bytes, as: UTF8.self), try #require(object))
    }

    @Test("a line has a session's numbers, its requests and what it put on record")
    func content() throws {
        let (text, object) = try line()
        #expect(text.hasSuffix("}\n") && text.filter { $0 == "\n" }.count == 1)
        #expect(
            object["item"] as? String == "i\"1" && object["repeat"] as? Int == 1
                && object["score_strict"] as? Double == 0.5)
        #expect((object["level"] as? [String: Any])?["n"] as? Int == 2)
        #expect(object["reasoning"] is NSNull)
        #expect(try self.line { $0.reasoning = "41? no" }.object["reasoning"] as? String == "41? no")
        #expect((object["usage"] as? [String: Any])?["cached_prompt_tokens"] as? Int == 1)
        #expect((object["usage"] as? [String: Any])?["usd"] as? Double == 0.001)
        #expect((object["requests"] as? [[String: Any]])?.first?["completion_tokens"] as? Int == 10)
        #expect((object["candidates"] as? [[String: Any]])?.first?["weight"] as? Double == 2)
        #expect(object["ttft_s"] is NSNull && object["error"] is NSNull && object["eflops"] is NSNull)
    }

    @Test("an error has its kind and no score; an arm without levels has none")
    func errors() throws {
        let (_, object) = try line(
            {
                $0.error = SessionError(kind: .model(.timeout), message: "after\n5 s")
                $0.score = nil
                $0.draws = []
                $0.log = SessionLog()
            }, level: "")
        #expect((object["error"] as? [String: Any])?["message"] as? String == "after\n5 s")
        #expect(object["score"] is NSNull && object["extraction_stage"] is NSNull && object["level"] is NSNull)
        #expect((object["requests"] as? [Any])?.isEmpty == true && object["candidates"] == nil)
    }

    @Test(
        "whatever a model says is read back as it was",
        arguments: [
            "\u{0}\u{1}\u{1F}\u{7F}", "\"\\\"\\n\r\n\t\u{8}\u{C}", "</script>\u{2028}\u{202E}", "日本 🦊 e\u{301}",
            String(repeating: "x\n", count: 100_000), "",
        ])
    func texts(text: String) throws {
        let (_, object) = try line { $0.answer = text }
        #expect((object["answer"] as? String).map { Array($0.utf8) } == Array(text.utf8))
    }

    @Test("numbers are as exact as they were", arguments: [0.1, 1e-7, 1.0 / 3, 123_456_789.125, 1e300, 3, -0.5])
    func numbers(value: Double) throws {
        let (_, object) = try line { $0.measure.criticalPathSeconds = value }
        #expect(object["critical_path_s"] as? Double == value)
    }
}
