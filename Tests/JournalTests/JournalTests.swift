import Completions
import Foundation
import Journal
import Testing

struct JournalTests {
    static func make() throws -> Journal {
        try Journal(
            creating: FileManager.default.temporaryDirectory.appendingPathComponent(
                "evalh-journal-\(UUID().uuidString).sqlite"
            ).path)
    }

    static let request = CompletionRequest(
        messages: [ChatMessage(role: .user, content: "How many?")], sampling: SamplingParameters(temperature: 0.8))

    static func record(
        _ index: Int, text: String = "29", reasoning: String? = nil, isPartial: Bool = false, sharesPrompt: Bool = false
    ) -> CompletionRecord {
        CompletionRecord(
            key: RequestKey(fingerprint: "m", request: request), request: request, fingerprint: "m",
            sample: SampleIndex(repeatIndex: 0, index: index), seed: .max,
            completion: Completion(
                text: text, reasoning: reasoning, finish: .stop,
                usage: TokenUsage(requests: 1, promptTokens: 10, completionTokens: 3),
                sharesPrompt: sharesPrompt,
                seconds: 1.5,
                tokens: [
                    TokenLogprob(token: "29", logprob: -0.5, alternatives: [TokenAlternative(token: "30", logprob: -2)])
                ],
                chunks: [
                    CompletionChunk(
                        endOffset: 2, endToken: 1, endReasoning: reasoning?.utf8.count, seconds: 0.5)
                ]),
            usd: 0.5, isPartial: isPartial)
    }

    @Test func `a completion comes back as it was recorded, also after reopening`() throws {
        let journal = try Self.make()
        var batch = JournalBatch()
        batch.completions = [Self.record(0)]
        try journal.write(batch)
        let key = RequestKey(fingerprint: "m", request: Self.request)
        let sample = SampleIndex(repeatIndex: 0, index: 0)
        #expect(try journal.completion(key, sample) == Self.record(0).completion)
        #expect(try Journal(reading: journal.path).completion(key, sample) == Self.record(0).completion)
        #expect(try journal.completion(key, SampleIndex(repeatIndex: 1, index: 0)) == nil)
        #expect(try journal.completion(RequestKey(fingerprint: "other", request: Self.request), sample) == nil)
    }

    @Test func `thinking that came apart comes back with its pieces, from an older journal too`() throws {
        let journal = try Self.make()
        var batch = JournalBatch()
        batch.completions = [Self.record(0, reasoning: "30? no"), Self.record(1)]
        try journal.write(batch)
        let key = RequestKey(fingerprint: "m", request: Self.request)
        for index in 0...1 {
            let found = try Journal(reading: journal.path).completion(key, SampleIndex(repeatIndex: 0, index: index))
            #expect(found == batch.completions[index].completion)
        }
    }

    @Test func `a partial completion is paid for but answers no one`() throws {
        let journal = try Self.make()
        var batch = JournalBatch()
        batch.completions = [Self.record(0, isPartial: true)]
        try journal.write(batch)
        let key = RequestKey(fingerprint: "m", request: Self.request)
        #expect(try journal.completion(key, SampleIndex(repeatIndex: 0, index: 0)) == nil)
        #expect(try journal.paidTotals().usage.completionTokens == 3)
    }

    @Test func `a prompt shared by choices is paid once`() throws {
        let journal = try Self.make()
        var batch = JournalBatch()
        batch.completions = [Self.record(0), Self.record(1, sharesPrompt: true), Self.record(2, sharesPrompt: true)]
        try journal.write(batch)
        let totals = try journal.paidTotals()
        #expect(totals.usage.promptTokens == 10)
        #expect(totals.usage.completionTokens == 9)
        #expect(totals.usage.requests == 1)
        #expect(totals.completions == 3)
        #expect(totals.usd == 1.5)
    }

    @Test func `prompt texts are stored once however many samples share them`() throws {
        let journal = try Self.make()
        let long = String(repeating: "long prompt ", count: 10_000)
        let request = CompletionRequest(
            messages: [ChatMessage(role: .user, content: long)], sampling: SamplingParameters())
        for index in 0..<64 {
            var batch = JournalBatch()
            var record = Self.record(index)
            record.request = request
            record.key = RequestKey(fingerprint: "m", request: request)
            batch.completions = [record]
            try journal.write(batch)
        }
        try journal.close()
        let size = try #require(FileManager.default.attributesOfItem(atPath: journal.path)[.size] as? Int)
        #expect(size < long.utf8.count * 2)
    }

    @Test func `another format is refused in words`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "evalh-empty-\(UUID().uuidString).sqlite"
        ).path
        #expect(FileManager.default.createFile(atPath: path, contents: Data()))
        #expect(throws: JournalError.self) { try Journal(reading: path) }
        #expect(throws: JournalError.self) { try Journal(reading: "/nonexistent/journal.sqlite") }
        let journal = try Self.make()
        #expect(throws: JournalError.self) { try Journal(creating: journal.path) }
    }

    /// A journal with `count` answered sessions of one arm, all wrong.
    static func graded(_ count: Int) throws -> Journal {
        let journal = try make()
        var next = 0
        try journal.storeItems {
            defer { next += 1 }
            return next < count
                ? JournalItem(ordinal: next, id: "item-\(next)", input: "How many?", target: "29", fieldsJSON: "{}")
                : nil
        }
        var batch = JournalBatch()
        batch.sessions = (0..<count).map {
            SessionRecord(
                key: SessionKey(item: $0, arm: 0, level: -1, repeatIndex: 0), answer: "29", extracted: nil,
                stage: "none", score: 0,
                strictScore: 0, finish: .stop, stopReason: "complete", confidence: nil, error: nil,
                measure: SessionMeasure(criticalPathSeconds: 1), draws: [], log: SessionLog())
        }
        try journal.write(batch)
        return journal
    }

    static func scores(_ journal: Journal) throws -> [Double?] {
        var scores: [Double?] = []
        try journal.forEachSession { session, _ in scores.append(session.score) }
        return scores
    }

    @Test func `all sessions are graded again, with what is noted of it`() throws {
        let journal = try Self.graded(600)
        try journal.regrade(meta: ["grader": "exact"]) { sessions in
            sessions.map { session, item in
                #expect(item.id == "item-\(session.key.item)")
                return session.key.item == 3 ? nil : Grade(score: 1, strictScore: 1, extracted: "29", stage: "exact")
            }
        }
        #expect(try Self.scores(journal) == (0..<600).map { $0 == 3 ? 0 : 1 })
        #expect(try journal.meta("grader") == "exact")
    }

    @Test func `a grader that fails half way leaves all grades as they were, and its error comes through`() throws {
        struct Refusal: Error {}
        let journal = try Self.graded(600)
        #expect(throws: Refusal.self) {
            try journal.regrade(meta: ["grader": "exact"]) { sessions in
                if sessions.contains(where: { $0.session.key.item == 500 }) { throw Refusal() }
                return sessions.map { _ in Grade(score: 1, strictScore: 1, extracted: "29", stage: "exact") }
            }
        }
        #expect(try Self.scores(journal) == Array(repeating: 0, count: 600))
        #expect(try journal.meta("grader") == nil)
    }
}
