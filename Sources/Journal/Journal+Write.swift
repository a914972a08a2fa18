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
        let statement = try self.statement(
            "INSERT OR REPLACE INTO completions VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", db)
        try statement.execute([
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
        let statement = try self.statement(
            """
            INSERT INTO failures (request, repeat, sample, kind, message, attempts, prompt_tokens, completion_tokens)
            VALUES (?,?,?,?,?,?,?,?)
            """, db)
        try statement.execute([
            request, record.sample.repeatIndex, record.sample.index, failure.kind.rawValue, failure.message,
            failure.attempts,
            failure.spent.promptTokens, failure.spent.completionTokens,
        ])
    }

    private func insert(_ record: SessionRecord, _ db: Database) throws {
        if let last = lastItemWithSession { lastItemWithSession = max(last, record.key.item) }
        let measure = record.measure
        let usage = measure.usage
        let statement = try self.statement(
            "INSERT OR REPLACE INTO sessions VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", db)
        try statement.execute([
            record.key.item, record.key.arm, record.key.level, record.key.repeatIndex, record.answer, record.extracted,
            record.stage,
            record.score, record.strictScore, record.finish.rawValue, record.stopReason, record.confidence,
            record.error?.kind.rawValue,
            record.error?.message, usage.requests, usage.promptTokens, usage.cachedPromptTokens, usage.completionTokens,
            usage.reasoningTokens, usage.cancelledTokens, measure.usd, measure.criticalPathSeconds,
            measure.firstTokenSeconds, measure.samples, measure.cutOffSamples,
            record.draws.isEmpty ? "[]" : record.drawsJSON,
            record.log.isEmpty ? nil : record.logJSON, measure.eflops, try usage.work.map(JSONText.encode),
        ])
    }

    private func requestID(_ key: RequestKey, _ request: CompletionRequest, _ fingerprint: String, _ db: Database)
        throws -> Int64
    {
        if let id = try requestID(key, db) { return id }
        let messages = try request.messages.map { ($0.role, try textID($0.content, db)) }
        let prefix = request.prefix.isEmpty ? nil : try textID(request.prefix, db)
        try statement(
            "INSERT INTO requests (key, fingerprint, messages, prefix, sampling) VALUES (?,?,?,?,?)", db
        ).execute([
            key.bytes, fingerprint, JSONText.messages(messages), prefix, try json(of: request.sampling),
        ])
        requestIDs[key] = db.lastInsertedRowID
        requestFilter?.insert(key)
        return db.lastInsertedRowID
    }

    private func json(of sampling: SamplingParameters) throws -> String {
        if let last = lastSampling, last.value == sampling { return last.json }
        let json = try JSONText.encode(sampling)
        lastSampling = (sampling, json)
        return json
    }

    private func textID(_ text: String, _ db: Database) throws -> Int64 {
        var canonical = CanonicalBytes()
        canonical.append(text)
        let hash = canonical.sha256
        if let id = textIDs[hash] { return id }
        try statement("INSERT OR IGNORE INTO texts (hash, text) VALUES (?, ?)", db).execute([hash, text])
        var id = db.lastInsertedRowID
        if db.changesCount == 0 {
            id = try statement("SELECT id FROM texts WHERE hash = ?", db).first([hash]) { $0[0] } ?? 0
        }
        textIDs[hash] = id
        return id
    }
}

/// JSON columns.
enum JSONText {
    static func encode(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// A prompt as a list of roles, each with the place of its text.
    static func messages(_ messages: [(role: ChatRole, text: Int64)]) -> String {
        "[" + messages.map { "[\"\($0.role.rawValue)\",\"\($0.text)\"]" }.joined(separator: ",") + "]"
    }

    /// What a model told of its work; `nil` where it told nothing.
    static func work(_ text: String?) -> ModelWork? { text.flatMap { try? decode(ModelWork.self, from: $0) } }

    static func decode<T: Decodable>(_ type: T.Type, from text: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
