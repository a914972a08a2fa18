import Completions
import Foundation
import GRDB
import Testing

@testable import Journal

/// Journals of every format so far, each written by the code of its time (`Fixtures/README.md`).
struct JournalFormatTests {
    private static func fixture(_ format: Int) -> URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/format-\(format).sqlite")
    }

    private func copy(_ format: Int) throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "evalh-format-\(format)-\(UUID().uuidString).sqlite"
        ).path
        try FileManager.default.copyItem(at: Self.fixture(format), to: URL(fileURLWithPath: path))
        return path
    }

    private func sessions(_ journal: Journal) throws -> [SessionRecord] {
        var sessions: [SessionRecord] = []
        try journal.forEachSession { record, item in
            #expect(item.ordinal == record.key.item)
            sessions.append(record)
        }
        return sessions
    }

    @Test(arguments: 1...JournalFormat.newest)
    func `a journal of each format is read and its file stays as it is`(format: Int) throws {
        let path = try copy(format)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let journal = try Journal(reading: path)
        let sessions = try sessions(journal)
        #expect(try journal.itemCount() == 4 && sessions.count == journal.sessionCount())
        #expect(sessions.map(\.measure.samples) == sessions.map(\.draws.count))
        #expect(
            sessions.map(\.measure.cutOffSamples) == sessions.map { $0.draws.count { $0.finish == .length } })
        #expect(sessions.contains { $0.measure.samples == 2 && $0.measure.cutOffSamples == 1 })
        #expect(sessions.allSatisfy { ($0.measure.eflops != nil) == (format == 3 || format > 4) })
        #expect(sessions.allSatisfy { ($0.measure.usage.work != nil) == (format > 3) })
        #expect(sessions.allSatisfy { ($0.measure.toldEflops != nil) == (format > 4) })
        #expect(sessions.contains { $0.measure.failedSamples > 0 } == (format > 6))
        #expect(sessions.allSatisfy { $0.measure.toldEflops ?? 0 <= $0.measure.eflops ?? 0 })
        #expect(sessions.allSatisfy { ($0.reasoning != nil) == (format > 5 && $0.answer != nil) })
        #expect(sessions.contains { $0.judgement?.second == .wrong } == (format > 7))
        #expect(
            sessions.contains { $0.measure.serviceCalls == 2 && $0.measure.numbers == ["depth": 2.5] } == (format > 8))
        let paid = try journal.paidTotals()
        #expect(paid.completions >= 6 && paid.usage.completionTokens > 100)
        #expect(try journal.meta("description")?.contains("self-consistency") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test(arguments: 1...JournalFormat.newest)
    func `a journal of each format is gone on with and says then what it said before`(format: Int) throws {
        let path = try copy(format)
        let read = try Journal(reading: path)
        let before = try sessions(read)
        let results = try Self.results(read)
        let journal = try Journal(resuming: path)
        #expect(try sessions(journal) == before && Self.results(journal) == results)
        #expect(try journal.access { try Int.fetchOne($0, sql: "PRAGMA user_version") } == JournalFormat.newest)
        var further = JournalBatch()
        var record = try #require(before.last)
        record.key.item = 3
        record.measure.usage.work = ModelWork(tokens: 4, depth: 2, compute: 3)
        record.measure.eflops = 17
        record.measure.toldEflops = 11
        record.reasoning = "Is it 7?"
        record.measure.failedSamples = 2
        record.judgement = Judgement(noVerdict: .orders, label: .tie, usage: TokenUsage(requests: 3), usd: 0.25)
        further.sessions = [record]
        further.completions = [JournalTests.record(0)]
        try journal.write(further)
        let again = try Journal(resuming: path)
        #expect(try sessions(again) == before + [record])
        #expect(
            try again.completion(
                RequestKey(fingerprint: "m", request: JournalTests.request), SampleIndex(repeatIndex: 0, index: 0))
                == JournalTests.record(0).completion)
    }

    private static func results(_ journal: Journal) throws -> [SessionMeasure] {
        var results: [SessionMeasure] = []
        try journal.forEachResult { results.append($0.measure) }
        return results
    }

    @Test(arguments: [1, JournalFormat.newest])
    func `tables have the columns that the code names, whatever format a journal began with`(format: Int) throws {
        for journal in [try Journal(resuming: copy(format)), try JournalTests.make()] {
            func columns(_ table: String) throws -> Set<String> {
                try journal.access { try Set($0.columns(in: table).map(\.name)) }
            }
            #expect(try columns("sessions") == Set(SessionColumn.allCases.map(\.name)))
            #expect(try columns("completions") == Set(CompletionColumn.allCases.map(\.name)))
            #expect(try columns("items") == Set(ItemColumn.allCases.map(\.name)))
        }
    }

    @Test func `a journal of a newer format is refused with what to do, and so is a file without one`() throws {
        let journal = try JournalTests.make()
        try journal.access { try $0.execute(sql: "PRAGMA user_version = \(JournalFormat.newest + 1)") }
        for open in [Journal.init(reading:), Journal.init(resuming:)] as [(String) throws -> Journal] {
            let error = #expect(throws: JournalError.self) { try open(journal.path) }
            #expect(error?.message.contains("has format \(JournalFormat.newest + 1)") == true)
            #expect(error?.message.contains("use the evalh that wrote it, or a newer one") == true)
        }
        try journal.access { try $0.execute(sql: "PRAGMA user_version = 0") }
        let error = #expect(throws: JournalError.self) { try Journal(resuming: journal.path) }
        #expect(error?.message.contains("no journal") == true)
    }
}
