package import Completions
internal import Foundation
internal import GRDB
internal import Hashing

/// A pool: recorded completions of many questions, one SQLite file. Read-only once it is written; one thread at a time.
package final class PoolFile {
    /// 2 added `samples.reasoning`.
    private static let version = 2
    /// Tells a pool from other SQLite files: "evpl".
    private static let applicationID = 0x6576_706C

    package let path: String
    package let provenance: PoolProvenance
    /// Names of the models that were recorded, in the order of import.
    package let models: [String]
    package let itemCount: Int
    package let sampleCount: Int
    /// SHA-256 over all questions and samples, as hexadecimal text.
    package let digest: String
    /// NULL in files that lack it.
    private let reasoningColumn: String
    private let queue: DatabaseQueue
    /// Whether what models said to graders was recorded too.
    private let hasAnswers: Bool

    /// Opens a pool for reading.
    package init(path: String) throws(PoolError) {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            throw PoolError(path: path, message: "no pool here; make one with `evalh pool import`")
        }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            queue = try DatabaseQueue(path: path, configuration: configuration)
            let facts = try queue.read { db -> (PoolProvenance, [String], Int, Int, String, Int, Bool) in
                let id = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
                let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
                guard id == Self.applicationID else { throw PoolError(path: path, message: "this is not a pool") }
                guard (1...Self.version).contains(version) else {
                    throw PoolError(
                        path: path, message: "pool format \(version); this evalh reads formats 1 to \(Self.version)")
                }
                let text = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'provenance'") ?? "{}"
                return (
                    try JSONDecoder().decode(PoolProvenance.self, from: Data(text.utf8)),
                    try String.fetchAll(db, sql: "SELECT name FROM models ORDER BY id"),
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM items") ?? 0,
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM samples") ?? 0,
                    try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'digest'") ?? "", version,
                    try db.tableExists("answers")
                )
            }
            (provenance, models, itemCount, sampleCount, digest) = (facts.0, facts.1, facts.2, facts.3, facts.4)
            hasAnswers = facts.6
            reasoningColumn = facts.5 > 1 ? "reasoning" : "NULL"
        } catch let error as PoolError {
            throw error
        } catch {
            throw PoolError(path: path, message: "\(error)")
        }
    }

    package func item(_ ordinal: Int) throws(PoolError) -> PoolItem? {
        try access { db in
            let statement = try db.cachedStatement(
                sql: "SELECT ordinal, id, input, target, fields FROM items WHERE ordinal = ?")
            return try Row.fetchOne(statement, arguments: [ordinal]).map {
                PoolItem(ordinal: $0[0], id: $0[1], input: $0[2], target: $0[3], fieldsJSON: $0[4])
            }
        }
    }

    /// An item's samples by each of `models`, in the order they were recorded.
    package func samples(of ordinal: Int) throws(PoolError) -> [[PoolSample]] {
        try access { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT model, text, answer, score, finish, prompt_tokens, completion_tokens, seconds, \
                    first_token_seconds, tokens, \(reasoningColumn)
                    FROM samples WHERE item = ? ORDER BY model, sample
                    """)
            var samples = Array(repeating: [PoolSample](), count: models.count)
            let rows = try Row.fetchCursor(statement, arguments: [ordinal])
            while let row = try rows.next() {
                let model: Int = row[0]
                guard samples.indices.contains(model) else {
                    throw PoolError(path: path, message: "item \(ordinal) names a model that is missing")
                }
                samples[model].append(
                    PoolSample(
                        text: row[1], reasoning: row[10], answer: row[2], score: row[3],
                        finish: FinishReason(rawValue: row[4]) ?? .other,
                        promptTokens: row[5],
                        completionTokens: row[6], seconds: row[7], firstTokenSeconds: row[8],
                        tokens: try (row[9] as String?).map {
                            try JSONDecoder().decode([TokenLogprob].self, from: Data($0.utf8))
                        } ?? []))
            }
            return samples
        }
    }

    /// What a model said to a grader, in this repeat or, where that was not recorded, in the first that was.
    package func answer(role: String, to request: CompletionRequest, _ sample: SampleIndex) throws(PoolError)
        -> Completion?
    {
        guard hasAnswers else { return nil }
        return try access { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT completion FROM answers WHERE role = ? AND key = ? AND sample = ?
                    ORDER BY repeat <> ?, repeat LIMIT 1
                    """)
            let key = Data(RequestKey(fingerprint: "", request: request).bytes)
            let text = try String.fetchOne(
                statement, arguments: [role, key, sample.index, sample.repeatIndex])
            return try text.map { try JSONDecoder().decode(Completion.self, from: Data($0.utf8)) }
        }
    }

    /// Computes the digest anew: false if the pool is not what was imported.
    package func isIntact() throws(PoolError) -> Bool {
        var digest = PoolDigest()
        for ordinal in 0..<itemCount {
            guard let item = try item(ordinal) else { return false }
            digest.add(item)
            for (model, samples) in try samples(of: ordinal).enumerated() {
                for sample in samples { digest.add(sample, model: models[model]) }
            }
        }
        if hasAnswers { try access { db in try Self.add(answersOf: db, to: &digest) } }
        return digest.hex == self.digest
    }

    private func access<T>(_ body: (Database) throws -> T) throws(PoolError) -> T {
        do {
            return try queue.inDatabase(body)
        } catch let error as PoolError {
            throw error
        } catch {
            throw PoolError(path: path, message: "\(error)")
        }
    }

    // MARK: Writing

    /// Writes a pool as `next` gives its questions one by one, each with its samples by model name. The file appears
    /// when it is whole; one that is there already is replaced.
    /// - Parameter answers: what models said to graders, one by one.
    package static func write(
        _ provenance: PoolProvenance, to path: String, answers: ((PoolAnswer) throws -> Void) throws -> Void = { _ in },
        _ next: () throws -> (PoolItem, [(model: String, samples: [PoolSample])])?
    ) throws -> PoolFile {
        let temporary = path + ".\(ProcessInfo.processInfo.processIdentifier).tmp"
        try? FileManager.default.removeItem(atPath: temporary)
        defer { try? FileManager.default.removeItem(atPath: temporary) }
        do {
            let queue = try DatabaseQueue(path: temporary)
            try queue.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
                try db.inTransaction {
                    try create(db)
                    try fill(db, provenance, answers, next)
                    return .commit
                }
            }
            try queue.close()
            guard rename(temporary, path) == 0 else {
                throw PoolError(path: path, message: "cannot be written: \(String(cString: strerror(errno)))")
            }
        } catch let error as DatabaseError {
            throw PoolError(path: path, message: "cannot be written: \(error.message ?? "\(error)")")
        }
        return try PoolFile(path: path)
    }

    private static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                CREATE TABLE models (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
                CREATE TABLE items (
                    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, input TEXT NOT NULL, target TEXT NOT NULL, \
                fields TEXT NOT NULL);
                CREATE TABLE samples (
                    item INTEGER NOT NULL REFERENCES items(ordinal), model INTEGER NOT NULL REFERENCES models(id), \
                sample INTEGER NOT NULL,
                    text TEXT, answer TEXT, score REAL, finish TEXT NOT NULL, prompt_tokens INTEGER, completion_tokens \
                INTEGER,
                    seconds REAL, first_token_seconds REAL, tokens TEXT, reasoning TEXT,
                    PRIMARY KEY (item, model, sample)) WITHOUT ROWID;
                PRAGMA application_id = \(applicationID);
                PRAGMA user_version = \(version);
                """)
    }

    private static func fill(
        _ db: Database, _ provenance: PoolProvenance, _ answers: ((PoolAnswer) throws -> Void) throws -> Void,
        _ next: () throws -> (PoolItem, [(model: String, samples: [PoolSample])])?
    ) throws {
        var models: [String: Int] = [:]
        var digest = PoolDigest()
        let items = try db.cachedStatement(sql: "INSERT INTO items VALUES (?, ?, ?, ?, ?)")
        let rows = try db.cachedStatement(sql: "INSERT INTO samples VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)")
        while let (item, groups) = try next() {
            try items.execute(arguments: [item.ordinal, item.id, item.input, item.target, item.fieldsJSON])
            digest.add(item)
            for group in groups where models[group.model] == nil {
                let id = models.count
                models[group.model] = id
                try db.execute(sql: "INSERT INTO models VALUES (?, ?)", arguments: [id, group.model])
            }
            for group in groups.sorted(by: { models[$0.model] ?? 0 < models[$1.model] ?? 0 }) {
                for (index, sample) in group.samples.enumerated() {
                    digest.add(sample, model: group.model)
                    try rows.execute(arguments: [
                        item.ordinal, models[group.model], index, sample.text, sample.answer, sample.score,
                        sample.finish.rawValue,
                        sample.promptTokens, sample.completionTokens, sample.seconds, sample.firstTokenSeconds,
                        sample.tokens.isEmpty
                            ? nil : String(decoding: try JSONEncoder().encode(sample.tokens), as: UTF8.self),
                        sample.reasoning,
                    ])
                }
            }
        }
        if try fill(db, answers) { try add(answersOf: db, to: &digest) }
        try db.execute(
            sql: "INSERT INTO meta VALUES ('provenance', ?), ('digest', ?)",
            arguments: [String(decoding: try JSONEncoder().encode(provenance), as: UTF8.self), digest.hex])
    }
}

extension PoolFile {
    /// The table is there only where there are answers: a pool without them is as older ones were.
    /// - Returns: whether there are any.
    private static func fill(_ db: Database, _ answers: ((PoolAnswer) throws -> Void) throws -> Void) throws -> Bool {
        var isMade = false
        try answers { answer in
            if !isMade {
                try db.execute(
                    sql: """
                        CREATE TABLE answers (
                            role TEXT NOT NULL, key BLOB NOT NULL, repeat INTEGER NOT NULL, sample INTEGER NOT NULL,
                            completion TEXT NOT NULL, PRIMARY KEY (role, key, repeat, sample)) WITHOUT ROWID
                        """)
                isMade = true
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try db.execute(
                sql: "INSERT OR REPLACE INTO answers VALUES (?,?,?,?,?)",
                arguments: [
                    answer.role, Data(RequestKey(fingerprint: "", request: answer.request).bytes),
                    answer.sample.repeatIndex, answer.sample.index,
                    String(decoding: try encoder.encode(answer.completion), as: UTF8.self),
                ])
        }
        return isMade
    }

    private static func add(answersOf db: Database, to digest: inout PoolDigest) throws {
        let rows = try Row.fetchCursor(
            db, sql: "SELECT role, key, repeat, sample, completion FROM answers ORDER BY role, key, repeat, sample")
        while let row = try rows.next() {
            var bytes = CanonicalBytes()
            bytes.append(row[0] as String)
            bytes.append(row[1] as Data)
            bytes.append(row[2] as Int)
            bytes.append(row[3] as Int)
            bytes.append(row[4] as String)
            digest.add(bytes)
        }
    }
}

/// SHA-256 over a pool's questions and samples in order, whatever file they lie in.
struct PoolDigest {
    private var hash = SHA256()

    mutating func add(_ item: PoolItem) {
        var bytes = CanonicalBytes()
        for text in [item.id, item.input, item.target, item.fieldsJSON] { bytes.append(text) }
        hash.update(bytes.bytes)
    }

    mutating func add(_ sample: PoolSample, model: String) {
        var bytes = CanonicalBytes()
        for text in [model, sample.text ?? "\u{0}", sample.answer ?? "\u{0}", sample.finish.rawValue] {
            bytes.append(text)
        }
        for number in [sample.promptTokens ?? -1, sample.completionTokens ?? -1, sample.tokens.count] {
            bytes.append(number)
        }
        for number in [sample.score ?? -1, sample.seconds ?? -1, sample.firstTokenSeconds ?? -1] {
            bytes.append(number)
        }
        // Pools without it keep their digest.
        if let reasoning = sample.reasoning { bytes.append(reasoning) }
        for token in sample.tokens {
            bytes.append(token.token)
            bytes.append(token.logprob)
            for other in token.alternatives {
                bytes.append(other.token)
                bytes.append(other.logprob)
            }
        }
        hash.update(bytes.bytes)
    }

    mutating func add(_ answer: CanonicalBytes) { hash.update(answer.bytes) }

    var hex: String { hash.finalize().hex }
}
