/// Where items come from and what their fields mean.
package struct DatasetSpec: Hashable, Sendable {
    package enum Format: String, CaseIterable, Hashable, Sendable {
        case jsonl, json, csv
    }

    package enum Location: Hashable, Sendable {
        /// Absolute.
        case path(String)
        case url(String)
        /// The questions of a pool, absolute path.
        case pool(String)
    }

    package var name: String
    package var location: Location
    /// Lower case; always there for addresses.
    package var sha256: String?
    package var format: Format
    /// Where a JSON object holds the list, dots between levels.
    package var list: String?
    package var inputField: String
    package var targetField: String
    /// Whether the grader compares with targets. If not, rows may lack the target field: their target is empty then.
    package var needsTarget: Bool
    package var idField: String?
    /// Items that are left out at the beginning, after shuffling.
    package var skip: Int
    package var limit: Int?
    /// Seed of the shuffle; `nil`: the file's order.
    package var shuffle: UInt64?
    package var position: SourceSpan

    package init(
        name: String, location: Location, sha256: String? = nil, format: Format, list: String? = nil,
        inputField: String = "input",
        targetField: String = "target", needsTarget: Bool = true, idField: String? = nil, skip: Int = 0,
        limit: Int? = nil,
        shuffle: UInt64? = nil,
        position: SourceSpan = .file("")
    ) {
        self.name = name
        self.location = location
        self.sha256 = sha256
        self.format = format
        self.list = list
        self.inputField = inputField
        self.targetField = targetField
        self.needsTarget = needsTarget
        self.idField = idField
        self.skip = skip
        self.limit = limit
        self.shuffle = shuffle
        self.position = position
    }

    /// The row's own fields that tell the target: that of the target, or the one that it lies in.
    package var hiddenFields: [String] {
        let outer = targetField.split(separator: ".").first.map(String.init) ?? targetField
        return outer == targetField ? [targetField] : [targetField, outer]
    }
}
