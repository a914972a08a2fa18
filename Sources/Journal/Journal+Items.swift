internal import GRDB

extension Journal {
    /// Stores the run's items, in one transaction, as `next` gives them one by one.
    package func storeItems(_ next: () throws -> JournalItem?) throws(JournalError) {
        try access { db in
            itemsAhead = []
            try db.inTransaction {
                let statement = try self.statement("INSERT INTO items VALUES (?, ?, ?, ?, ?)", db)
                while let item = try next() {
                    try statement.execute([item.ordinal, item.id, item.input, item.target, item.fieldsJSON])
                }
                return .commit
            }
        }
    }

    package func itemCount() throws(JournalError) -> Int {
        try access { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM items") ?? 0 }
    }

    /// An item; `nil`: there is none at this place. A few that follow it are read with it, for a run asks for them next.
    package func item(_ ordinal: Int) throws(JournalError) -> JournalItem? {
        try access { db in
            if let first = itemsAhead.first?.ordinal, itemsAhead.indices.contains(ordinal - first),
                itemsAhead[ordinal - first].ordinal == ordinal
            {
                return itemsAhead[ordinal - first]
            }
            itemsAhead = []
            try statement(
                "SELECT ordinal, id, input, target, fields FROM items WHERE ordinal >= ? ORDER BY ordinal LIMIT 32", db
            ).forEach([ordinal]) { itemsAhead.append(JournalItem(row: $0)) }
            return itemsAhead.first.flatMap { $0.ordinal == ordinal ? $0 : nil }
        }
    }

    /// All items in order, one at a time.
    package func forEachItem(_ body: (JournalItem) throws -> Void) throws(JournalError) {
        try access { db in
            try statement("SELECT ordinal, id, input, target, fields FROM items ORDER BY ordinal", db)
                .forEach { try body(JournalItem(row: $0)) }
        }
    }
}

extension JournalItem {
    init(row: StatementRow) {
        self.init(ordinal: row[0], id: row[1], input: row[2], target: row[3], fieldsJSON: row[4])
    }
}
