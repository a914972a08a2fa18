internal import GRDB
internal import GRDBSQLite

/// A statement that is compiled once and run many times, straight on SQLite: what a run does for every completion and
/// session. GRDB wraps each value and row, which costs several times what SQLite itself needs for them.
///
/// Used inside of `Journal.access` only, as all of a connection.
final class PreparedStatement {
    private let statement: OpaquePointer
    private let connection: OpaquePointer

    init(_ sql: String, _ db: Database) throws {
        guard let connection = db.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
        var compiled: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
        guard code == SQLITE_OK, let compiled else { throw Self.error(connection) }
        self.connection = connection
        statement = compiled
    }

    deinit { sqlite3_finalize(statement) }

    /// Runs it to its end; rows are passed over.
    func execute(_ values: [any StatementValue]) throws {
        try forEach(values) { _ in }
    }

    /// What `read` makes of the first row; `nil`: there is none.
    func first<Result>(_ values: [any StatementValue], _ read: (StatementRow) throws -> Result) throws -> Result? {
        defer { sqlite3_reset(statement) }
        try bind(values)
        return try step() ? try read(StatementRow(statement: statement)) : nil
    }

    /// Shows all rows, one at a time. `body` must not run this statement again.
    func forEach(_ values: [any StatementValue] = [], _ body: (StatementRow) throws -> Void) throws {
        defer { sqlite3_reset(statement) }
        try bind(values)
        while try step() { try body(StatementRow(statement: statement)) }
    }

    private func bind(_ values: [any StatementValue]) throws {
        for index in values.indices where values[index].bind(to: statement, at: Int32(index + 1)) != SQLITE_OK {
            throw Self.error(connection)
        }
    }

    private func step() throws -> Bool {
        switch sqlite3_step(statement) {
        case SQLITE_ROW: true
        case SQLITE_DONE: false
        default: throw Self.error(connection)
        }
    }

    private static func error(_ connection: OpaquePointer) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
            message: String(cString: sqlite3_errmsg(connection)))
    }
}

/// The row a statement stands at; valid until its next step.
struct StatementRow {
    fileprivate let statement: OpaquePointer

    subscript<Value: StatementValue>(column: Int) -> Value { Value(column: Int32(column), of: statement) }
}

extension Journal {
    /// The statement of a literal, compiled when it is first asked for.
    func statement(_ sql: StaticString, _ db: Database) throws -> PreparedStatement {
        // A literal is known by its address: hashing a long text would cost as much as running it.
        if let known = statements[sql.utf8Start] { return known }
        let made = try PreparedStatement(sql.description, db)
        statements[sql.utf8Start] = made
        return made
    }
}
