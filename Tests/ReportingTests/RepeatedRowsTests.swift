import Completions
import EvalhStatistics
import Foundation
import Journal
import Testing

@testable import Reporting

@Suite("Rows that repeat a question")
struct RepeatedRowsTests {
    private static func repeated(_ rows: Int, questions: Int) -> RepeatedQuestions {
        var finder = QuestionFinder()
        for row in 0..<rows { finder.add(row, [ChatMessage(role: .user, content: "\(row % questions)")]) }
        return finder.repeated
    }

    @Test func `a hundred equal rows are one item, with the interval of one`() throws {
        let run = MadeUpRun(
            items: 100, gates: ["accuracy(a) >= 0.9", "accuracy(a) >= accuracy(b) - 0.02"],
            repeated: Self.repeated(100, questions: 1), score: { _, _, _ in 1 })
        let summary = run.summary()
        let one = try #require(Wilson.interval(successes: 1, n: 1))
        for name in ["accuracy", "accuracy_all", "accuracy_strict", "accuracy_completed"] {
            let metric = try #require(summary.arms[0].metrics[name])
            #expect(metric.n == 1 && metric.ciLow == one.low && metric.ciHigh == one.high, "\(name)")
        }
        let pair = try #require(summary.comparisons.first)
        let agreeing = Agreement.estimate(0, n: 1, range: -1...1)
        #expect(pair.n == 1 && pair.ciLow == agreeing.ciLow && pair.ciHigh == agreeing.ciHigh)
        #expect(summary.gates.map(\.verdict) == ["inconclusive", "inconclusive"])
        #expect(summary.repeatedRows == .init(rows: 100, questions: 1))
        #expect(MarkdownReport.render(summary).contains("100 rows of the data set ask one question"))
    }

    @Test func `every question in three rows gives the tests of the questions asked once`() throws {
        let scores: (Int, Int, Int) -> Double? = { item, arm, _ in item % 20 < (arm == 0 ? 6 : 13) ? 1 : 0 }
        let once = MadeUpRun(items: 20, score: scores).summary()
        let thrice = MadeUpRun(items: 60, repeated: Self.repeated(60, questions: 20), score: scores).summary()
        let (a, b) = (try #require(once.comparisons.first), try #require(thrice.comparisons.first))
        #expect(b.n == 20 && b.test == "exact McNemar" && a.pValue == b.pValue)
        #expect(b.flips.aOnly == a.flips.aOnly && abs(a.difference - b.difference) < 1e-12)
        #expect(abs((a.ciLow ?? 9) - (b.ciLow ?? 0)) < 1e-12 && abs((a.ciHigh ?? 9) - (b.ciHigh ?? 0)) < 1e-12)
        #expect(thrice.arms[0].items == 60 && thrice.arms[0].metrics["accuracy"]?.n == 20)
    }

    @Test func `a pair's difference is that of the rows' accuracies, its interval that of few questions`() throws {
        // One question in 9 rows that only b gets right, and one alone that only a does.
        var repeated = RepeatedQuestions()
        for row in 1..<9 { repeated.note(row, asksAsDoes: 0) }
        let summary = MadeUpRun(
            repeated: repeated, score: { item, arm, _ in (item == 9) == (arm == 0) ? 1 : 0 }
        ).summary()
        let pair = try #require(summary.comparisons.first)
        #expect(abs(pair.difference - 0.8) < 1e-12 && pair.n == 2)
        // Ratio estimator by hand: residuals ±1.8 over 10 rows, n/(n − 1) = 2, t with one degree of freedom.
        let half = StudentT.quantile(0.975, degreesOfFreedom: 1) * (2 * 2 * 1.8 * 1.8).squareRoot() / 10
        #expect(abs((pair.ciHigh ?? 0) - (0.8 + half)) < 1e-9)
    }

    @Test func `runs are compared question by question`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-rows-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let run = MadeUpRun(
            items: 6, repeated: Self.repeated(6, questions: 2), score: { item, arm, _ in item == 0 || arm == 1 ? 1 : 0 }
        )
        let journal = try Journal(creating: folder.appendingPathComponent("journal.sqlite").path)
        var next = 0
        try journal.storeItems {
            guard next < run.items else { return nil }
            defer { next += 1 }
            return JournalItem(ordinal: next, id: "i\(next)", input: "q", target: "t", fieldsJSON: "{}")
        }
        var batch = JournalBatch()
        batch.sessions = (0..<run.items).flatMap(run.sessions)
        try journal.write(batch)
        let table = try ComparedRun(journal, run.description).table
        #expect(table.ids == ["i0", "i1"])
        #expect(table.rows[0].cells.map { $0?.sessions } == [3, 3])
        #expect(table.rows[0].cells.map { $0?.scoreSum } == [1, 0])
        #expect(table.rows[1].cells[0]?.value(.accuracy) == 1)
        #expect(table.rows[1].cells[0]?.value(.mean(.criticalPath)) == 1)
    }

    @Test func `it is kept with the run, and runs from before know of none`() throws {
        let description = MadeUpRun(items: 4, repeated: Self.repeated(4, questions: 2), score: { _, _, _ in 1 })
            .description
        let data = try JSONEncoder().encode(description)
        #expect(try JSONDecoder().decode(RunDescription.self, from: data).repeated == description.repeated)
        let old = String(decoding: data, as: UTF8.self).replacing(/"repeated":\{[^}]*\},?/, with: "")
            .replacing(",}", with: "}")
        #expect(try JSONDecoder().decode(RunDescription.self, from: Data(old.utf8)).repeated.isEmpty)
    }

    @Test func `prompts are the same where all messages are`() {
        var finder = QuestionFinder()
        finder.add(0, [ChatMessage(role: .system, content: "a"), ChatMessage(role: .user, content: "b")])
        finder.add(1, [ChatMessage(role: .user, content: "b")])
        finder.add(2, [ChatMessage(role: .system, content: "a"), ChatMessage(role: .user, content: "b")])
        finder.add(3, [ChatMessage(role: .user, content: "ab")])
        #expect(finder.repeated.copies == 1 && finder.repeated.question(of: 2) == 0 && finder.repeated.isShared(0))
        #expect(!finder.repeated.isShared(1) && finder.repeated.question(of: 0) == 0 && finder.repeated.isShared(2))
    }
}
