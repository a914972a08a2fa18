internal import GRDB

/// The formats of `journal.sqlite` so far: the first one's tables, and the columns that each later one added. A file
/// says its own in `user_version`.
///
/// A journal that is gone on with is brought to the newest format (`migrator`). One that is only read stays as it is,
/// for it may lie where nothing can be written, and may be too large to copy: views stand before its tables and give
/// the columns it lacks (`view`). Both follow from `steps`.
enum JournalFormat {
    /// A column that a format added.
    struct AddedColumn {
        var table: String
        var name: String
        var type: String
        /// SQL over a row that was written without it; "NULL": it is not known.
        var value = "NULL"
    }

    /// What formats 2 and later added, in their order.
    static let steps: [[AddedColumn]] = [
        [
            AddedColumn(
                table: "sessions", name: "samples", type: "INTEGER NOT NULL DEFAULT 0",
                value: "json_array_length(draws)"),
            AddedColumn(
                table: "sessions", name: "cut_off_samples", type: "INTEGER NOT NULL DEFAULT 0",
                value: "(SELECT count(*) FROM json_each(draws) WHERE json_extract(value, '$.finish') = 'length')"),
        ],
        [AddedColumn(table: "sessions", name: "eflops", type: "REAL")],
        [
            AddedColumn(table: "completions", name: "work", type: "TEXT"),
            AddedColumn(table: "sessions", name: "work", type: "TEXT"),
        ],
        [AddedColumn(table: "sessions", name: "told_eflops", type: "REAL")],
        [
            AddedColumn(table: "completions", name: "reasoning", type: "TEXT"),
            AddedColumn(table: "sessions", name: "reasoning", type: "TEXT"),
        ],
        // Of older sessions it is not known; none is asked again for it.
        [
            AddedColumn(
                table: "sessions", name: "failed_samples", type: "INTEGER NOT NULL DEFAULT 0", value: "0")
        ],
        [AddedColumn(table: "sessions", name: "judgement", type: "TEXT")],
        [
            AddedColumn(
                table: "sessions", name: "service_calls", type: "INTEGER NOT NULL DEFAULT 0", value: "0"),
            AddedColumn(table: "sessions", name: "numbers", type: "TEXT"),
        ],
    ]

    static let newest = 1 + steps.count

    /// Brings a database from any format, or from nothing, to the newest, each format in a transaction.
    static var migrator: DatabaseMigrator {
        // Added columns break no reference, and looking for broken ones reads the whole file.
        var migrator = DatabaseMigrator().disablingDeferredForeignKeyChecks()
        migrator.registerMigration(name(1)) { db in try db.execute(sql: first + "PRAGMA user_version = 1") }
        for (index, columns) in steps.enumerated() {
            migrator.registerMigration(name(index + 2)) { db in
                for column in columns {
                    try db.execute(sql: "ALTER TABLE \(column.table) ADD COLUMN \(column.name) \(column.type)")
                    guard column.value != "NULL" else { continue }
                    try db.execute(sql: "UPDATE \(column.table) SET \(column.name) = \(column.value)")
                }
                try db.execute(sql: "PRAGMA user_version = \(index + 2)")
            }
        }
        return migrator
    }

    /// Tells the migrator which formats a journal from before it was used has behind it.
    static func noteFormat(_ format: Int, _ db: Database) throws {
        guard format > 0, try !db.tableExists("grdb_migrations") else { return }
        try db.inTransaction {
            try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
            for past in 1...format {
                try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [name(past)])
            }
            return .commit
        }
    }

    /// Puts views of the newest format before an older journal's tables, for this connection only.
    static func view(_ format: Int, _ db: Database) throws {
        let missing = steps.dropFirst(format - 1).joined()
        for table in Set(missing.map(\.table)) {
            let columns = missing.filter { $0.table == table }.map { ", \($0.value) AS \($0.name)" }.joined()
            try db.execute(sql: "CREATE TEMP VIEW \(table) AS SELECT *\(columns) FROM main.\(table)")
        }
    }

    private static func name(_ format: Int) -> String { "format-\(format)" }

    private static let first = """
        CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
        -- Every text a prompt is made of, once.
        CREATE TABLE texts (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, text TEXT NOT NULL);
        CREATE TABLE items (
            ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, input TEXT NOT NULL, target TEXT NOT NULL,
            fields TEXT NOT NULL);
        -- What was asked: messages is a list of [role, text id].
        CREATE TABLE requests (
            id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, fingerprint TEXT NOT NULL, messages TEXT NOT NULL,
            prefix INTEGER REFERENCES texts(id), sampling TEXT NOT NULL);
        -- The sample pool. is_partial = 1: cancelled midway; it was paid for, but answers no one who wants the whole.
        CREATE TABLE completions (
            request INTEGER NOT NULL REFERENCES requests(id), repeat INTEGER NOT NULL, sample INTEGER NOT NULL,
            is_partial INTEGER NOT NULL, text TEXT NOT NULL, finish TEXT NOT NULL, prompt_tokens INTEGER NOT NULL,
            cached_prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL,
            reasoning_tokens INTEGER NOT NULL, cancelled_tokens INTEGER NOT NULL, shares_prompt INTEGER NOT NULL,
            is_estimated INTEGER NOT NULL, seconds REAL NOT NULL, first_token_seconds REAL, seed INTEGER NOT NULL,
            usd REAL, served_model TEXT, tokens TEXT, chunks TEXT,
            PRIMARY KEY (request, repeat, sample, is_partial)) WITHOUT ROWID;
        -- Requests that were given up, with what they cost.
        CREATE TABLE failures (
            id INTEGER PRIMARY KEY, request INTEGER NOT NULL REFERENCES requests(id), repeat INTEGER NOT NULL,
            sample INTEGER NOT NULL, kind TEXT NOT NULL, message TEXT NOT NULL, attempts INTEGER NOT NULL,
            prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL);
        CREATE TABLE sessions (
            item INTEGER NOT NULL REFERENCES items(ordinal), arm INTEGER NOT NULL, level INTEGER NOT NULL,
            repeat INTEGER NOT NULL, answer TEXT, extracted TEXT, stage TEXT NOT NULL, score REAL, strict_score REAL,
            finish TEXT NOT NULL, stop_reason TEXT NOT NULL, confidence REAL, error_kind TEXT, error_message TEXT,
            requests INTEGER NOT NULL, prompt_tokens INTEGER NOT NULL, cached_prompt_tokens INTEGER NOT NULL,
            completion_tokens INTEGER NOT NULL, reasoning_tokens INTEGER NOT NULL, cancelled_tokens INTEGER NOT NULL,
            usd REAL, critical_path_s REAL NOT NULL, ttft_s REAL, draws TEXT NOT NULL, record TEXT,
            PRIMARY KEY (item, arm, level, repeat)) WITHOUT ROWID;

        """
}
