/// What sessions an allocator may ask for.
package struct AllocationSetup {
    /// A row of the report: an arm at one of its levels.
    package struct Row: Hashable, Sendable {
        package var arm: String
        /// The level's JSON object; empty: none.
        package var levelJSON: String
        /// Position in the arm's list of levels.
        package var levelIndex: Int?

        package init(arm: String, levelJSON: String = "", levelIndex: Int? = nil) {
            self.arm = arm
            self.levelJSON = levelJSON
            self.levelIndex = levelIndex
        }
    }

    /// Items are numbered from 0 to one below it.
    package var itemCount: Int
    package var rows: [Row]
    package var repeats: Int
    /// An item's fields as a JSON object, without its target.
    package var itemFields: (Int) -> String

    package init(itemCount: Int, rows: [Row], repeats: Int, itemFields: @escaping (Int) -> String) {
        self.itemCount = itemCount
        self.rows = rows
        self.repeats = repeats
        self.itemFields = itemFields
    }
}

/// The sessions an allocator wants next.
package struct AllocationRound: Hashable, Sendable {
    package struct Wish: Hashable, Sendable {
        package var item: Int
        /// Place among the setup's rows.
        package var row: Int
        /// Further repeats of the cell.
        package var more: Int

        package init(item: Int, row: Int, more: Int) {
            self.item = item
            self.row = row
            self.more = more
        }
    }

    /// Empty: the run ends.
    package var wishes: [Wish]
    package var reason: String

    package init(wishes: [Wish], reason: String = "") {
        self.wishes = wishes
        self.reason = reason
    }
}
