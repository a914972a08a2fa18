import Completions
import Journal
import Testing

/// What a journal remembers of earlier looks must never hide what was written since.
struct LookAheadTests {
    private static let key = RequestKey(fingerprint: "m", request: JournalTests.request)
    private static let sample = SampleIndex(repeatIndex: 0, index: 0)

    @Test func `a completion that was looked for in vain is found once it is written`() throws {
        let journal = try JournalTests.make()
        let reader = try Journal(reading: journal.path)
        #expect(try journal.completion(Self.key, Self.sample) == nil)
        #expect(try reader.completion(Self.key, Self.sample) == nil)
        var batch = JournalBatch()
        batch.completions = [JournalTests.record(0)]
        try journal.write(batch)
        #expect(try journal.completion(Self.key, Self.sample) != nil)
        #expect(try reader.completion(Self.key, Self.sample) != nil)
        #expect(try Journal(resuming: journal.path).completion(Self.key, Self.sample) != nil)
    }

    @Test func `the finished sessions of an item are known as soon as they are written`() throws {
        let journal = try JournalTests.make()
        try Self.fill(journal, items: 3)
        let reader = try Journal(reading: journal.path)
        let first = SessionKey(item: 0, arm: 0, level: -1, repeatIndex: 0)
        let last = SessionKey(item: 2, arm: 0, level: -1, repeatIndex: 0)
        for look in [journal, reader] { #expect(try look.finishedKeys(item: 2).isEmpty) }
        try Self.finish(first, in: journal)
        for look in [journal, reader] {
            #expect(try look.finishedKeys(item: 0) == [first])
            #expect(try look.finishedKeys(item: 2).isEmpty)
        }
        try Self.finish(last, in: journal)
        for look in [journal, reader, try Journal(resuming: journal.path)] {
            #expect(try look.finishedKeys(item: 2) == [last])
        }
    }

    @Test func `items are found in any order, and none beyond the last`() throws {
        let journal = try JournalTests.make()
        #expect(try journal.item(0) == nil)
        try Self.fill(journal, items: 100)
        for ordinal in [0, 1, 40, 99, 31, 32, 5] { #expect(try journal.item(ordinal)?.id == "item-\(ordinal)") }
        for ordinal in [-1, 100] { #expect(try journal.item(ordinal) == nil) }
    }

    private static func fill(_ journal: Journal, items: Int) throws {
        var next = 0
        try journal.storeItems {
            defer { next += 1 }
            guard next < items else { return nil }
            return JournalItem(ordinal: next, id: "item-\(next)", input: "How many?", target: "29", fieldsJSON: "{}")
        }
    }

    private static func finish(_ key: SessionKey, in journal: Journal) throws {
        var batch = JournalBatch()
        batch.sessions = [
            SessionRecord(
                key: key, answer: "29", extracted: nil, stage: "none", score: 0, strictScore: 0, finish: .stop,
                stopReason: "complete", confidence: nil, error: nil, measure: SessionMeasure(criticalPathSeconds: 1),
                draws: [], log: SessionLog())
        ]
        try journal.write(batch)
    }
}
