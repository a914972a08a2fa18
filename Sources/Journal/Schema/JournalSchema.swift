internal import GRDB

/// The tables of `journal.sqlite`. A reader of another version is told so by `user_version`.
enum JournalSchema {
    /// Raised when a table changes; older journals are refused with a clear text, never misread.
    static let version = 4

    static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                -- Every text a prompt is made of, once.
                CREATE TABLE texts (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, text TEXT NOT NULL);
                CREATE TABLE items (
                    ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, input TEXT NOT NULL, target TEXT NOT NULL, fields TEXT NOT NULL);
                -- What was asked: messages is a list of [role, text id].
                CREATE TABLE requests (
                    id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, fingerprint TEXT NOT NULL, messages TEXT NOT NULL,
                    prefix INTEGER REFERENCES texts(id), sampling TEXT NOT NULL);
                -- The sample pool. is_partial = 1: cancelled midway; it was paid for, but answers no one who wants the whole.
                CREATE TABLE completions (
                    request INTEGER NOT NULL REFERENCES requests(id), repeat INTEGER NOT NULL, sample INTEGER NOT NULL,
                    is_partial INTEGER NOT NULL, text TEXT NOT NULL, finish TEXT NOT NULL,
                    prompt_tokens INTEGER NOT NULL, cached_prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL,
                    reasoning_tokens INTEGER NOT NULL, cancelled_tokens INTEGER NOT NULL, shares_prompt INTEGER NOT NULL,
                    is_estimated INTEGER NOT NULL, seconds REAL NOT NULL, first_token_seconds REAL, seed INTEGER NOT NULL,
                    usd REAL, served_model TEXT, tokens TEXT, chunks TEXT, work TEXT,
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
                    usd REAL, critical_path_s REAL NOT NULL, ttft_s REAL, samples INTEGER NOT NULL,
                    cut_off_samples INTEGER NOT NULL, draws TEXT NOT NULL, record TEXT, eflops REAL, work TEXT,
                    PRIMARY KEY (item, arm, level, repeat)) WITHOUT ROWID;
                PRAGMA user_version = \(version);
                """)
    }
}
