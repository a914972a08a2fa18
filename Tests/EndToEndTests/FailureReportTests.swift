import Foundation
import Testing

/// What people are told of failed sessions, of results by a field and of rows that repeat a question.
@Suite(.serialized) struct FailureReportTests {
    @Test func `a run that is refused for one reason stops after fifty requests, says why, and can be gone on with`()
        throws
    {
        let refusing = try MockServer("--fault", "400:1:9999")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(400)
        try place.writeSuite(refusing, arms: "[greedy, {id: sc, strategy: self-consistency, with: {samples: 3}}]")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 2, "\(result.errors)")
        #expect(result.errors.contains("the first 50 requests were refused for one reason"))
        #expect(result.errors.contains("mock: no such thing"))
        #expect(result.errors.contains("evalh resume reports/suite/"))
        let summary = try place.json("reports/suite/latest/summary.json")
        #expect(summary["status"] as? String == "incomplete")
        let paid = try #require(summary["paid"] as? [String: Any])
        // Those that were under way at the stop: what they cost is not known, and is booked.
        #expect((paid["requests"] as? Int).map { $0 <= 8 } == true && paid["completion_tokens"] as? Int == 0)
        let failures = try #require(summary["failures"] as? [String: Any])
        let cause = try #require((failures["causes"] as? [[String: Any]])?.first)
        #expect(cause["kind"] as? String == "bad_request")
        #expect((cause["message"] as? String)?.contains("mock: no such thing") == true)
        #expect((failures["sessions"] as? Int).map { (1...60).contains($0) } == true)
        for file in ["summary.md", "junit.xml", "report.html"] {
            let text = try place.text("reports/suite/latest/\(file)")
            #expect(text.contains("mock: no such thing") && text.contains("Mend what the suite sends"), "\(file)")
        }
        let willing = try MockServer()
        let back = try place.evalh(
            "resume", "reports/suite/latest", "--model", "main=\(willing.url)/v1", "--accept-drift")
        #expect(back.status == 0, "\(back.errors)")
        let whole = try place.json("reports/suite/latest/summary.json")
        #expect(whole["status"] as? String == "complete" && whole["failures"] == nil)
        let arms = try #require(whole["arms"] as? [[String: Any]])
        #expect(arms.map { $0["sessions"] as? Int } == [400, 400])
    }

    @Test func `a run of fewer than fifty sessions is refused to its end`() throws {
        let server = try MockServer("--fault", "400:1:9999")
        let place = try Workplace()
        defer { place.remove() }
        try place.writeItems(49)
        try place.writeSuite(server, arms: "[greedy]")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 2, "\(result.errors)")
        #expect(!result.errors.contains("the first 50 requests"))
        #expect(result.errors.contains("why sessions failed") && result.errors.contains("49 × bad_request"))
        #expect(try place.json("reports/suite/latest/summary.json")["status"] as? String == "failed")
    }

    @Test func `results by a field are shown where they are asked for, before the run or after it`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        let lines = (0..<12).map { item in
            "{\"question\":\"What is \(item) + 1?\",\"answer\":\"\(item + 1)\",\"meta\":{\"level\":\(item % 3)}"
                + (item < 10 ? ",\"subject\":\"sub<\(item % 2)>\"" : "") + "}"
        }
        try place.write(lines.joined(separator: "\n") + "\n", to: "items.jsonl")
        try place.writeSuite(server, arms: "[greedy]", extra: "report: {by: subject}")
        let result = try place.evalh("run", "suite.yaml")
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("sub<0>") && result.errors.contains("(none)"))
        #expect(try place.text("reports/suite/latest/summary.md").contains("## By subject"))
        let later = try place.evalh("report", "reports/suite/latest", "--by", "meta.level", "--json")
        #expect(later.status == 0, "\(later.errors)")
        let summary = try #require(
            JSONSerialization.jsonObject(with: Data(later.output.utf8)) as? [String: Any])
        let by = try #require((summary["by"] as? [[String: Any]])?.first)
        #expect(by["field"] as? String == "meta.level")
        let values = try #require(by["values"] as? [[String: Any]])
        #expect(values.map { $0["value"] as? String } == ["0", "1", "2"])
        #expect(values.map { $0["items"] as? Int } == [4, 4, 4])
        #expect(try place.text("reports/suite/latest/report.html").contains("Results by meta.level"))
    }

    @Test func `a hundred equal rows are one question, with a warning that names repeats`() throws {
        let server = try MockServer()
        let place = try Workplace()
        defer { place.remove() }
        let row = "{\"question\":\"What is 2 + 2?\",\"answer\":\"4\"}\n"
        try place.write(String(repeating: row, count: 100), to: "items.jsonl")
        try place.writeSuite(server, arms: "[greedy]")
        for command in ["validate", "plan", "run"] {
            let result = try place.evalh(command, "suite.yaml")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("100 rows of the data set ask one question"), "\(command)")
            #expect(result.errors.contains("repeats: N"), "\(command)")
        }
        let summary = try place.json("reports/suite/latest/summary.json")
        let arm = try #require((summary["arms"] as? [[String: Any]])?.first)
        let accuracy = try #require((arm["metrics"] as? [String: [String: Any]])?["accuracy"])
        #expect(arm["items"] as? Int == 100 && accuracy["n"] as? Int == 1)
        let low = try #require(accuracy["ci_low"] as? Double)
        let high = try #require(accuracy["ci_high"] as? Double)
        // Wilson's interval for one of one, or none of one, is 0.79 wide.
        #expect(high - low > 0.79)
    }
}
