internal import GRDBSQLite

/// A value that goes into a statement and comes out of a row.
protocol StatementValue {
    /// Binds it to a parameter, counted from 1. Gives SQLite's result code.
    func bind(to statement: OpaquePointer, at parameter: Int32) -> Int32
    /// The value of a column, counted from 0.
    init(column: Int32, of statement: OpaquePointer)
}

/// Tells SQLite to copy what is bound.
private let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

extension Int: StatementValue {
    func bind(to statement: OpaquePointer, at parameter: Int32) -> Int32 {
        sqlite3_bind_int64(statement, parameter, Int64(self))
    }

    init(column: Int32, of statement: OpaquePointer) { self.init(sqlite3_column_int64(statement, column)) }
}

extension Int64: StatementValue {
    func bind(to statement: OpaquePointer, at parameter: Int32) -> Int32 {
        sqlite3_bind_int64(statement, parameter, self)
    }

    init(column: Int32, of statement: OpaquePointer) { self = sqlite3_column_int64(statement, column) }
}

extension Bool: StatementValue {
    func bind(to statement: OpaquePointer, at parameter: Int32) -> Int32 {
        sqlite3_bind_int64(statement, parameter, self ? 1 : 0)
    }

    init(column: Int32, of statement: OpaquePointer) { self = sqlite3_column_int64(statement, column) != 0 }
}

extension Double: StatementValue {
    func bind(to statement: OpaquePointer, at parameter: Int32) -> Int32 {
        sqlite3_bind_double(statement, parameter, self)
    }

    init(column: Int32, of statement: OpaquePointer) { self = sqlite3_column_double(statement, column) }
}

extension String: StatementValue {
    func bind(to statement: OpaquePointer, at parameter: Int32) -> Int32 {
        var text = self
        return text.withUTF8 { bytes in
            // Without an address SQLite would bind NULL.
            guard let start = bytes.baseAddress else { return sqlite3_bind_text(statement, parameter, "", 0, nil) }
            return start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
                sqlite3_bind_text64(
                    statement, parameter, $0, UInt64(bytes.count), copied, UInt8(truncatingIfNeeded: SQLITE_UTF8))
            }
        }
    }

    init(column: Int32, of statement: OpaquePointer) {
        guard let start = sqlite3_column_text(statement, column) else {
            self = ""
            return
        }
        let count = Int(sqlite3_column_bytes(statement, column))
        self.init(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }
}

/// A blob.
extension [UInt8]: StatementValue {
    func bind(to statement: OpaquePointer, at parameter: Int32) -> Int32 {
        withUnsafeBytes { bytes in
            sqlite3_bind_blob64(statement, parameter, bytes.baseAddress, UInt64(bytes.count), copied)
        }
    }

    init(column: Int32, of statement: OpaquePointer) {
        let count = Int(sqlite3_column_bytes(statement, column))
        self.init(UnsafeRawBufferPointer(start: sqlite3_column_blob(statement, column), count: count))
    }
}

/// `nil` is NULL.
extension Optional: StatementValue where Wrapped: StatementValue {
    func bind(to statement: OpaquePointer, at parameter: Int32) -> Int32 {
        switch self {
        case .some(let value): value.bind(to: statement, at: parameter)
        case .none: sqlite3_bind_null(statement, parameter)
        }
    }

    init(column: Int32, of statement: OpaquePointer) {
        self = sqlite3_column_type(statement, column) == SQLITE_NULL ? nil : Wrapped(column: column, of: statement)
    }
}
