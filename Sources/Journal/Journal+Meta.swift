internal import GRDB

extension Journal {
    /// Keeps a text under a key, for example the resolved suite.
    package func setMeta(_ key: String, _ value: String) throws(JournalError) {
        try access { db in try Self.setMeta(key, value, db) }
    }

    static func setMeta(_ key: String, _ value: String, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO meta VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            arguments: [key, value])
    }

    package func meta(_ key: String) throws(JournalError) -> String? {
        try access { db in try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key]) }
    }
}
