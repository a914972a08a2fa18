internal import GRDB

/// A table's columns: each is named once, as a case, and has the same place in every statement that reads or writes the
/// whole of a row. So rows are taken apart by name at the cost of a place.
protocol JournalColumn: CaseIterable, RawRepresentable<Int> {
    /// How many there are.
    static var count: Int { get }
}

extension JournalColumn {
    /// The case's name as SQL writes it: `promptTokens` is `prompt_tokens`.
    var name: String {
        "\(self)".reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }

    /// For SELECT. What is left out reads as NULL, and is not fetched.
    static func list(without left: [Self] = []) -> String {
        allCases.map { column in left.contains { $0.rawValue == column.rawValue } ? "NULL" : column.name }
            .joined(separator: ", ")
    }

    /// `INTO table (names) VALUES (places)`.
    static func into(_ table: String) -> String {
        "INTO \(table) (\(list())) VALUES (\(allCases.map { _ in "?" }.joined(separator: ", ")))"
    }
}

extension StatementRow {
    subscript<Column: JournalColumn, Value: StatementValue>(column: Column) -> Value { self[column.rawValue] }
}

/// The values of one row on its way into a table, NULL where nothing was put.
struct ColumnValues<Column: JournalColumn> {
    private(set) var list = [any StatementValue](repeating: Int?.none, count: Column.count)

    mutating func put(_ column: Column, _ value: some StatementValue) { list[column.rawValue] = value }
}

/// Statements whose text is put together from columns, and that are run for each item, completion or session.
enum ColumnStatement {
    case insertItem, itemsFrom, insertCompletion, completion, generations, completionsOfRequest, insertSession

    fileprivate var sql: String {
        switch self {
        case .insertItem: "INSERT " + ItemColumn.into("items")
        case .itemsFrom: ItemColumn.select + " WHERE ordinal >= ? ORDER BY ordinal LIMIT 32"
        case .insertCompletion: "INSERT OR REPLACE " + CompletionColumn.into("completions")
        case .completion:
            CompletionColumn.select + " WHERE request = ? AND repeat = ? AND sample = ? AND is_partial = 0"
        case .generations:
            CompletionColumn.select + " WHERE request = ? AND repeat = ? AND sample = ? ORDER BY is_partial"
        case .completionsOfRequest:
            CompletionColumn.select + " WHERE request = ? AND is_partial = 0 ORDER BY repeat, sample"
        case .insertSession: "INSERT OR REPLACE " + SessionColumn.into("sessions")
        }
    }
}

extension Journal {
    /// Compiled when it is first asked for.
    func statement(_ named: ColumnStatement, _ db: Database) throws -> PreparedStatement {
        if let known = columnStatements[named] { return known }
        let made = try PreparedStatement(named.sql, db)
        columnStatements[named] = made
        return made
    }
}
