package import Completions
internal import GRDB

extension Journal {
    /// The scores of all finished sessions, one at a time.
    package func forEachFinishedScore(_ body: (SessionKey, Double?, _ isError: Bool) throws -> Void)
        throws(JournalError)
    {
        try access { db in
            try statement("SELECT item, arm, level, repeat, score, error_kind IS NOT NULL FROM sessions", db).forEach {
                row in
                try body(SessionKey(item: row[0], arm: row[1], level: row[2], repeatIndex: row[3]), row[4], row[5])
            }
        }
    }

    /// Finished sessions of one arm at one level.
    package struct ScoreTotal: Sendable {
        package var arm: Int
        /// -1: the arm has no levels.
        package var level: Int
        package var sessions: Int
        package var errors: Int
        package var scoreSum: Double
    }

    package func scoreTotals() throws(JournalError) -> [ScoreTotal] {
        try access { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT arm, level, count(*), sum(error_kind IS NOT NULL), total(score) FROM sessions GROUP BY arm, \
                    level
                    ORDER BY arm, level
                    """
            ).map { ScoreTotal(arm: $0[0], level: $0[1], sessions: $0[2], errors: $0[3], scoreSum: $0[4]) }
        }
    }

    /// What other arms' strategies may see of a finished session.
    package struct SessionResult: Sendable {
        package var key: SessionKey
        /// `nil`: the session failed.
        package var score: Double?
        package var confidence: Double?
        package var measure: SessionMeasure
        package var finish: FinishReason
        /// The canonical answer the grader found.
        package var extracted: String?
        /// Who or what was at fault; `nil`: the session did not fail.
        package var errorKind: String?

        /// From a row of `SessionColumn.selectResults`.
        init(row: StatementRow) {
            key = SessionKey(row: row)
            score = row[SessionColumn.score]
            confidence = row[SessionColumn.confidence]
            measure = SessionMeasure(row: row)
            finish = FinishReason(rawValue: row[SessionColumn.finish]) ?? .other
            extracted = row[SessionColumn.extracted]
            errorKind = row[SessionColumn.errorKind]
        }
    }

    /// All finished sessions in order of item, arm, level and repeat, without their texts.
    package func forEachResult(_ body: (SessionResult) throws -> Void) throws(JournalError) {
        try access { db in
            try PreparedStatement(SessionColumn.selectResults + " ORDER BY item, arm, level, repeat", db).forEach {
                try body(SessionResult(row: $0))
            }
        }
    }

    /// An item's finished sessions.
    package func results(item: Int) throws(JournalError) -> [SessionResult] {
        try access { db in
            var results: [SessionResult] = []
            try PreparedStatement(SessionColumn.selectResults + " WHERE item = ?", db).forEach([item]) {
                results.append(SessionResult(row: $0))
            }
            return results
        }
    }

    /// A finished session's answer; its text is `nil` if it gave none.
    package func answer(of key: SessionKey) throws(JournalError) -> (text: String?, isUnfinished: Bool)? {
        try access { db in
            try statement(
                "SELECT answer, finish FROM sessions WHERE item = ? AND arm = ? AND level = ? AND repeat = ?", db
            ).first([key.item, key.arm, key.level, key.repeatIndex]) { row in
                (text: row[0], isUnfinished: row[1] == FinishReason.length.rawValue)
            }
        }
    }

    /// The keys of an item's finished sessions.
    package func finishedKeys(item: Int) throws(JournalError) -> Set<SessionKey> {
        try access { db in
            if !isReadOnly {
                let last =
                    try lastItemWithSession
                    ?? statement("SELECT max(item) FROM sessions", db).first([]) { $0[0] as Int? ?? -1 } ?? -1
                lastItemWithSession = last
                guard item <= last else { return [] }
            }
            var keys: Set<SessionKey> = []
            try statement("SELECT arm, level, repeat FROM sessions WHERE item = ?", db).forEach([item]) { row in
                keys.insert(SessionKey(item: item, arm: row[0], level: row[1], repeatIndex: row[2]))
            }
            return keys
        }
    }

    package func sessionCount() throws(JournalError) -> Int {
        try access { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sessions") ?? 0 }
    }

    /// Sessions that a resumed run tries again.
    package struct Forgotten: Hashable, Sendable {
        /// They ended in an error.
        package var errors = 0
        /// They answered although requests of theirs had failed.
        package var servedInPart = 0
        /// They looked at results of their item that are no longer there.
        package var overPeers = 0

        package var count: Int { errors + servedInPart + overPeers }
    }

    /// Forgets the sessions that failed or were served in part, so that a resumed run tries them again.
    /// - Parameters:
    ///   - peerArms: arms whose sessions look at the item's other sessions: they go with these.
    ///   - kept: arms whose sessions stay as they are, because the run goes on without them.
    package func forgetFailures(peerArms: [Int] = [], keeping kept: [Int] = []) throws(JournalError) -> Forgotten {
        try access { db in
            var forgotten = Forgotten()
            try db.inTransaction {
                let arms = peerArms.map(String.init).joined(separator: ", ")
                let others = "AND arm NOT IN (\(kept.map(String.init).joined(separator: ", ")))"
                try db.execute(
                    sql: """
                        DELETE FROM sessions WHERE error_kind IS NULL AND failed_samples = 0 AND arm IN (\(arms)) \
                        \(others) AND item IN (SELECT item FROM sessions WHERE arm NOT IN (\(arms)) \(others) \
                        AND (error_kind IS NOT NULL OR failed_samples > 0))
                        """)
                forgotten.overPeers = db.changesCount
                try db.execute(sql: "DELETE FROM sessions WHERE error_kind IS NOT NULL \(others)")
                forgotten.errors = db.changesCount
                try db.execute(sql: "DELETE FROM sessions WHERE failed_samples > 0 \(others)")
                forgotten.servedInPart = db.changesCount
                return .commit
            }
            return forgotten
        }
    }

    /// All finished sessions in order of (item, arm, level, repeat) with their items, one at a time.
    package func forEachSession(_ body: (SessionRecord, JournalItem) throws -> Void) throws(JournalError) {
        try access { db in
            try PreparedStatement(SessionColumn.select + " ORDER BY item, arm, level, repeat", db).forEach { row in
                try body(SessionRecord(row: row), JournalItem(sessionRow: row))
            }
        }
    }

    /// Grades all finished sessions again and notes with what: all of it or, where `grade` throws, nothing. Sessions
    /// are held a few hundred at a time.
    /// - Parameters:
    ///   - meta: texts to keep, by key.
    ///   - grade: gives the new grades of some sessions, in their order; `nil` leaves a session as it is.
    /// - Throws: what `grade` throws, else `JournalError`.
    package func regrade(
        meta: [String: String], _ grade: ([(session: SessionRecord, item: JournalItem)]) throws -> [Grade?]
    ) throws {
        var refused: (any Error)?
        try access { db in
            try db.inTransaction {
                let statement = try self.statement(
                    """
                    UPDATE sessions SET extracted = ?, stage = ?, score = ?, strict_score = ?, judgement = ?
                    WHERE item = ? AND arm = ? AND level = ? AND repeat = ?
                    """, db)
                let next = try PreparedStatement(
                    SessionColumn.select + " WHERE (item, arm, level, repeat) > (?, ?, ?, ?)"
                        + " ORDER BY item, arm, level, repeat LIMIT 256",
                    db)
                var last = SessionKey(item: -1, arm: -1, level: -2, repeatIndex: -1)
                while true {
                    var batch: [(session: SessionRecord, item: JournalItem)] = []
                    try next.forEach([last.item, last.arm, last.level, last.repeatIndex]) { row in
                        batch.append((SessionRecord(row: row), JournalItem(sessionRow: row)))
                    }
                    if batch.isEmpty { break }
                    let grades: [Grade?]
                    do { grades = try grade(batch) } catch {
                        refused = error
                        return .rollback
                    }
                    for ((session, _), new) in zip(batch, grades) {
                        last = session.key
                        guard let new else { continue }
                        try statement.execute([
                            new.extracted, new.stage, new.counted.score, new.counted.strict,
                            try new.judgement.map(JSONText.encode), last.item, last.arm, last.level,
                            last.repeatIndex,
                        ])
                    }
                }
                for (key, value) in meta { try Self.setMeta(key, value, db) }
                return .commit
            }
        }
        if let refused { throw refused }
    }
}
