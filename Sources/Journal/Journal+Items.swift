internal import GRDB

extension Journal {
    /// Stores the run's items, in one transaction, as `next` gives them one by one.
    package func storeItems(_ next: () throws -> JournalItem?) throws(JournalError) {
        try access { db in
            itemsAhead = []
            try db.inTransaction {
                let statement = try self.statement(.insertItem, db)
                while let item = try next() {
                    try statement.execute(item.values.list)
                }
                return .commit
            }
        }
    }

    package func itemCount() throws(JournalError) -> Int {
        try access { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM items") ?? 0 }
    }

    /// An item; `nil`: there is none at this place. A few that follow it are read with it, for a run asks for them
    /// next.
    package func item(_ ordinal: Int) throws(JournalError) -> JournalItem? {
        try access { db in
            if let first = itemsAhead.first?.ordinal, itemsAhead.indices.contains(ordinal - first),
                itemsAhead[ordinal - first].ordinal == ordinal
            {
                return itemsAhead[ordinal - first]
            }
            itemsAhead = []
            try statement(.itemsFrom, db).forEach([ordinal]) { itemsAhead.append(JournalItem(row: $0)) }
            return itemsAhead.first.flatMap { $0.ordinal == ordinal ? $0 : nil }
        }
    }

    /// All items in order, one at a time.
    package func forEachItem(_ body: (JournalItem) throws -> Void) throws(JournalError) {
        try access { db in
            try PreparedStatement(ItemColumn.select + " ORDER BY ordinal", db).forEach {
                try body(JournalItem(row: $0))
            }
        }
    }
}
