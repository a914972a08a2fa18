internal import Completions
internal import GRDB

extension Journal {
    /// The scores of all finished sessions, one at a time.
    package func forEachFinishedScore(_ body: (SessionKey, Double?, _ isError: Bool) throws -> Void) throws(JournalError) {
        try access { db in
            let rows = try Row.fetchCursor(db, sql: "SELECT item, arm, level, repeat, score, error_kind IS NOT NULL FROM sessions")
            while let row = try rows.next() {
                try body(SessionKey(item: row[0], arm: row[1], level: row[2], repeatIndex: row[3]), row[4], row[5])
            }
        }
    }

    /// The keys of an item's finished sessions.
    package func finishedKeys(item: Int) throws(JournalError) -> Set<SessionKey> {
        try access { db in
            let statement = try db.cachedStatement(sql: "SELECT arm, level, repeat FROM sessions WHERE item = ?")
            let rows = try Row.fetchCursor(statement, arguments: [item])
            var keys: Set<SessionKey> = []
            while let row = try rows.next() {
                keys.insert(SessionKey(item: item, arm: row[0], level: row[1], repeatIndex: row[2]))
            }
            return keys
        }
    }

    package func sessionCount() throws(JournalError) -> Int {
        try access { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sessions") ?? 0 }
    }

    /// Forgets the sessions that ended in an error, so that a resumed run tries them again. Gives their number.
    package func forgetErrors() throws(JournalError) -> Int {
        try access { db in
            try db.execute(sql: "DELETE FROM sessions WHERE error_kind IS NOT NULL")
            return db.changesCount
        }
    }

    /// All finished sessions in order of (item, arm, level, repeat) with their items, one at a time.
    package func forEachSession(_ body: (SessionRecord, JournalItem) throws -> Void) throws(JournalError) {
        try access { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT s.item, arm, level, repeat, answer, extracted, stage, score, strict_score, finish, stop_reason, confidence,
                        error_kind, error_message, requests, prompt_tokens, cached_prompt_tokens, completion_tokens, reasoning_tokens,
                        cancelled_tokens, usd, critical_path_s, ttft_s, draws, record, i.ordinal, i.id, i.input, i.target, i.fields
                    FROM sessions s JOIN items i ON i.ordinal = s.item ORDER BY s.item, arm, level, repeat
                    """)
            while let row = try rows.next() {
                let item = JournalItem(ordinal: row[25], id: row[26], input: row[27], target: row[28], fieldsJSON: row[29])
                try body(try SessionRecord(row: row), item)
            }
        }
    }

    /// Replaces the scores of a session: what `evalh score` does.
    package func rescore(_ key: SessionKey, extracted: String?, stage: String, score: Double, strictScore: Double) throws(JournalError) {
        try access { db in
            let statement = try db.cachedStatement(
                sql: """
                    UPDATE sessions SET extracted = ?, stage = ?, score = ?, strict_score = ?
                    WHERE item = ? AND arm = ? AND level = ? AND repeat = ?
                    """)
            try statement.execute(arguments: [extracted, stage, score, strictScore, key.item, key.arm, key.level, key.repeatIndex])
        }
    }
}

extension SessionRecord {
    init(row: Row) throws {
        let errorKind: String? = row[12]
        self.init(
            key: SessionKey(item: row[0], arm: row[1], level: row[2], repeatIndex: row[3]),
            answer: row[4], extracted: row[5], stage: row[6], score: row[7], strictScore: row[8],
            finish: FinishReason(rawValue: row[9]) ?? .other, stopReason: row[10], confidence: row[11],
            error: errorKind.map { SessionError(kind: $0, message: row[13] ?? "") },
            usage: TokenUsage(
                requests: row[14], promptTokens: row[15], cachedPromptTokens: row[16], completionTokens: row[17], reasoningTokens: row[18],
                cancelledTokens: row[19]),
            usd: row[20], criticalPathSeconds: row[21], firstTokenSeconds: row[22],
            draws: try JSONText.decode([SessionDraw].self, from: row[23]),
            log: try (row[24] as String?).map { try JSONText.decode(SessionLog.self, from: $0) } ?? SessionLog())
    }
}
