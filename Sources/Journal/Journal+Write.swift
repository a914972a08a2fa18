internal import Completions
internal import Foundation
internal import GRDB

extension Journal {
    /// Makes a batch durable, all of it or nothing.
    package func write(_ batch: JournalBatch) throws(JournalError) {
        guard !batch.isEmpty else { return }
        do {
            try access { db in
                try db.inTransaction {
                    for record in batch.completions { try insert(record, db) }
                    for record in batch.failures { try insert(record, db) }
                    for record in batch.sessions { try insert(record, db) }
                    return .commit
                }
            }
        } catch {
            // Ids handed out by a transaction that was rolled back point nowhere.
            requestIDs.removeAll()
            textIDs.removeAll()
            throw error
        }
    }

    private func insert(_ record: CompletionRecord, _ db: Database) throws {
        let request = try requestID(record.key, record.request, record.fingerprint, db)
        let completion = record.completion
        let usage = completion.usage
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO completions VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
        try statement.execute(arguments: [
            request, record.sample.repeatIndex, record.sample.index, record.isPartial, completion.text,
            completion.finish.rawValue,
            usage.promptTokens, usage.cachedPromptTokens, usage.completionTokens, usage.reasoningTokens,
            usage.cancelledTokens,
            completion.sharesPrompt, completion.isUsageEstimated, completion.seconds, completion.firstTokenSeconds,
            Int64(bitPattern: record.seed), record.usd, completion.servedModel,
            completion.tokens.isEmpty ? nil : try JSONText.encode(completion.tokens),
            completion.chunks.isEmpty ? nil : try JSONText.encode(completion.chunks),
            try usage.work.map(JSONText.encode),
        ])
    }

    private func insert(_ record: FailureRecord, _ db: Database) throws {
        let request = try requestID(record.key, record.request, record.fingerprint, db)
        let failure = record.failure
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO failures (request, repeat, sample, kind, message, attempts, prompt_tokens, completion_tokens)
                VALUES (?,?,?,?,?,?,?,?)
                """)
        try statement.execute(arguments: [
            request, record.sample.repeatIndex, record.sample.index, failure.kind.rawValue, failure.message,
            failure.attempts,
            failure.spent.promptTokens, failure.spent.completionTokens,
        ])
    }

    private func insert(_ record: SessionRecord, _ db: Database) throws {
        let measure = record.measure
        let usage = measure.usage
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO sessions VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
        try statement.execute(arguments: [
            record.key.item, record.key.arm, record.key.level, record.key.repeatIndex, record.answer, record.extracted,
            record.stage,
            record.score, record.strictScore, record.finish.rawValue, record.stopReason, record.confidence,
            record.error?.kind.rawValue,
            record.error?.message, usage.requests, usage.promptTokens, usage.cachedPromptTokens, usage.completionTokens,
            usage.reasoningTokens, usage.cancelledTokens, measure.usd, measure.criticalPathSeconds,
            measure.firstTokenSeconds, measure.samples, measure.cutOffSamples,
            record.draws.isEmpty ? "[]" : try record.drawsJSON,
            record.log.isEmpty ? nil : try record.logJSON, measure.eflops, try usage.work.map(JSONText.encode),
        ])
    }

    private func requestID(_ key: RequestKey, _ request: CompletionRequest, _ fingerprint: String, _ db: Database)
        throws -> Int64
    {
        if let id = requestIDs[key] { return id }
        let known = try db.cachedStatement(sql: "SELECT id FROM requests WHERE key = ?")
        if let id = try Int64.fetchOne(known, arguments: [Data(key.bytes)]) {
            requestIDs[key] = id
            return id
        }
        let messages = try request.messages.map { message -> [String] in
            [message.role.rawValue, String(try textID(message.content, db))]
        }
        let prefix = request.prefix.isEmpty ? nil : try textID(request.prefix, db)
        let insert = try db.cachedStatement(
            sql: "INSERT INTO requests (key, fingerprint, messages, prefix, sampling) VALUES (?,?,?,?,?)")
        try insert.execute(arguments: [
            Data(key.bytes), fingerprint, try JSONText.encode(messages), prefix, try JSONText.encode(request.sampling),
        ])
        requestIDs[key] = db.lastInsertedRowID
        return db.lastInsertedRowID
    }

    private func textID(_ text: String, _ db: Database) throws -> Int64 {
        var canonical = CanonicalBytes()
        canonical.append(text)
        let hash = canonical.sha256
        if let id = textIDs[hash] { return id }
        let known = try db.cachedStatement(sql: "SELECT id FROM texts WHERE hash = ?")
        if let id = try Int64.fetchOne(known, arguments: [Data(hash)]) {
            textIDs[hash] = id
            return id
        }
        try db.cachedStatement(sql: "INSERT INTO texts (hash, text) VALUES (?, ?)").execute(arguments: [
            Data(hash), text,
        ])
        textIDs[hash] = db.lastInsertedRowID
        return db.lastInsertedRowID
    }
}

/// JSON columns.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// What a model told of its work; `nil` where it told nothing.
    static func work(_ text: String?) -> ModelWork? { text.flatMap { try? decode(ModelWork.self, from: $0) } }

    static func decode<T: Decodable>(_ type: T.Type, from text: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
