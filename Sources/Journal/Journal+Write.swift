internal import Completions
internal import Foundation
internal import GRDB
internal import JSON

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
        let part = try partialNumber(record, request, db)
        try statement(.insertCompletion, db).execute(record.values(request: request, part: part).list)
    }

    /// 0 for a whole completion. A sample that was cancelled midway more than once was paid for each time: the parts
    /// are numbered, so that none replaces another.
    private func partialNumber(_ record: CompletionRecord, _ request: Int64, _ db: Database) throws -> Int {
        guard record.isPartial else { return 0 }
        let last = try db.cachedStatement(
            sql: "SELECT max(is_partial) FROM completions WHERE request = ? AND repeat = ? AND sample = ?")
        let arguments: StatementArguments = [request, record.sample.repeatIndex, record.sample.index]
        return (try Int.fetchOne(last, arguments: arguments) ?? 0) + 1
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
        try statement(.insertSession, db).execute(record.values.list)
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

    /// What a judge said; `nil` where there was none.
    static func judgement(_ text: String?) -> Judgement? { text.flatMap { try? decode(Judgement.self, from: $0) } }

    /// Numbers under a strategy's own names, by name.
    static func numbers(_ numbers: [String: Double]) -> String {
        JSONValue.object(numbers.sorted { $0.key < $1.key }.map { .init($0.key, .double($0.value)) }).text
    }

    static func numbers(_ text: String?) -> [String: Double] {
        let members = text.flatMap { try? JSONValue(parsing: $0) }?.members ?? []
        return Dictionary(members.compactMap { member in member.value.double.map { (member.key, $0) } }) { $1 }
    }

    static func decode<T: Decodable>(_ type: T.Type, from text: String) throws -> T {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
