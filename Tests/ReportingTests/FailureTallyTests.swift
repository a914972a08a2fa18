import Completions
import Journal
import Testing

@testable import Reporting

@Suite("Why sessions failed")
struct FailureTallyTests {
    private func failures(_ errors: [(SessionError.Kind, String, row: Int)]) throws -> RunSummary.Failures {
        var tally = FailureTally()
        for (kind, message, row) in errors { tally.add(SessionError(kind: kind, message: message), row: row) }
        return try #require(tally.summary(["a", "b@n=1"]))
    }

    @Test func `messages are counted by kind and text, the commonest first, with what varies left out`() throws {
        let found = try failures([
            (.model(.server), "HTTP 500, request r1", 0), (.model(.rateLimited), "HTTP 429, wait 3s", 1),
            (.model(.rateLimited), "HTTP 429, wait 4s", 0), (.model(.rateLimited), "HTTP 429, wait 5s", 1),
        ])
        #expect(found.sessions == 4 && found.unlisted == 0)
        #expect(found.causes.map(\.message) == ["HTTP 429, wait …", "HTTP 500, request r1"])
        #expect(found.causes.map(\.sessions) == [3, 1])
        #expect(found.causes[0].arms == ["a": 1, "b@n=1": 2])
        #expect(found.causes[0].next.contains("--max-connections"))
        #expect(FailureTally().summary(["a"]) == nil)
    }

    @Test func `a server that never says the same twice fills neither memory nor the summary`() throws {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let words = (0..<5000).map { number in
            String([number / 676, number / 26 % 26, number % 26].map { letters[$0] })
        }
        let found = try failures(words.map { (.model(.server), $0 + String(repeating: " x", count: 4000), 0) })
        #expect(found.causes.count == FailureTally.mostListed)
        #expect(found.sessions == 5000 && found.unlisted == 5000 - FailureTally.mostListed)
        #expect(found.causes.allSatisfy { $0.message.count <= 400 })
    }

    @Test(arguments: [
        SessionError.Kind.strategy, .plugin, .prompt, .grader, .poolMiss, .unknown("x"), .model(.connection),
        .model(.timeout), .model(.server), .model(.malformed), .model(.rateLimited), .model(.quota),
        .model(.badRequest), .model(.contextExceeded), .model(.authentication), .model(.unsupported),
    ])
    func `each kind has a next step in a sentence`(_ kind: SessionError.Kind) {
        #expect(kind.nextStep.hasSuffix(".") && kind.nextStep.count < 120)
    }

    @Test func `a hostile message acts nowhere`() throws {
        var summary = try ReportFixture.summary()
        let hostile = "<script>alert(1)</script>|`x`\u{1B}[31m\u{202E}]]> & **b** \n# head"
        summary.failures = try failures([(.model(.server), hostile, 0)])
        let page = ReportFixture.page(summary)
        #expect(page.contains("&lt;script&gt;alert(") && !page.contains("<script>alert("))
        let markdown = MarkdownReport.render(summary)
        #expect(markdown.contains("&lt;script&gt;") && !markdown.contains("\n# head") && !markdown.contains("**b**"))
        let junit = JUnitReport.render(summary)
        for text in [page, markdown, junit] { #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}")) }
    }
}
