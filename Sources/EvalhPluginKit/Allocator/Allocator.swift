import CEvalhPlugin

/// An allocator: decides in rounds which sessions run, and when a run has shown enough. The host asks for a round, runs
/// its sessions, adds them ordered by item, row and repeat, and asks again until a round is empty. What it decides
/// depends on nothing else, so that a resumed run decides the same.
public protocol Allocator: SendableMetatype {
    /// What suites may set; `NoParameters` unless said otherwise.
    associatedtype Parameters: PluginParameters = NoParameters
    /// Who it is and what it does.
    static var descriptor: Descriptor { get }
    /// - Parameters:
    ///   - parameters: As the suite sets them. Throw to refuse them.
    ///   - allocation: What sessions there may be.
    ///   - seed: For all randomness, such as the order of items.
    init(parameters: Parameters, allocation: Allocation, seed: UInt64) throws
    /// One finished session of the last round. A failed one (`isError`) counts as run: it is not repeated.
    mutating func add(_ row: SessionRow) throws
    /// The next round; without wishes the run ends.
    mutating func next() throws -> AllocationRound
    /// How much items count in means, after the last round; `nil`: all alike. The mean of weight times score over the
    /// items that have sessions is then an unbiased estimate for all items.
    func weights() throws -> [ItemWeight]?
    /// Numbers whose intervals hold although it looked at results on the way.
    func result() throws -> [MetricValue]
}

extension Allocator {
    public func weights() throws -> [ItemWeight]? { nil }
    public func result() throws -> [MetricValue] { [] }
}

/// What sessions a run may have. A cell is a row on an item, and has any number of repeats.
public struct Allocation: Sendable {
    /// A row of the report: an arm at one of its levels.
    public struct Row: Hashable, Sendable {
        /// The arm's id.
        public var arm: String
        /// The level's JSON object; empty: none.
        public var level: String
        /// Place in the arm's list of levels; `nil`: none.
        public var levelIndex: Int?

        /// An arm at one of its levels, or an arm without levels.
        public init(arm: String, level: String = "", levelIndex: Int? = nil) {
            self.arm = arm
            self.level = level
            self.levelIndex = levelIndex
        }
    }

    /// Items are numbered from 0 to one below it.
    public var itemCount: Int
    /// All arms at all their levels, in the suite's order.
    public var rows: [Row]
    /// What the suite says under `repeats`.
    public var repeats: Int
    /// The fields of an item as a JSON object, without its target. Only to be called in `init`.
    public var itemFields: @Sendable (_ item: Int) -> String

    /// What sessions there may be; for tests, as the host makes it for plugins.
    public init(
        itemCount: Int, rows: [Row], repeats: Int = 1, itemFields: @escaping @Sendable (Int) -> String = { _ in "{}" }
    ) {
        self.itemCount = itemCount
        self.rows = rows
        self.repeats = repeats
        self.itemFields = itemFields
    }

    /// The place of a session's row among `rows`.
    public func row(of session: SessionRow) -> Int? {
        rows.firstIndex { $0.arm == session.arm && $0.levelIndex == session.levelIndex }
    }
}

/// The sessions that run next.
public struct AllocationRound: Hashable, Sendable {
    /// Further repeats of a cell, which is a row on an item.
    public struct Wish: Hashable, Sendable {
        /// Number of the item, from 0.
        public var item: Int
        /// A place among the allocation's rows.
        public var row: Int
        /// Further repeats of the cell.
        public var more: Int

        /// `more` further repeats of a row on an item.
        public init(item: Int, row: Int, more: Int = 1) {
            self.item = item
            self.row = row
            self.more = more
        }
    }

    /// Empty: the run ends.
    public var wishes: [Wish]
    /// Why, for people: above all why the run ends.
    public var reason: String

    /// A round; without wishes it ends the run.
    public init(_ wishes: [Wish], reason: String = "") {
        self.wishes = wishes
        self.reason = reason
    }
}

/// How much an item counts in means.
public struct ItemWeight: Hashable, Sendable {
    /// Number of the item, from 0.
    public var item: Int
    /// How much it counts: the mean of weight times score over the chosen items estimates that of all.
    public var weight: Double

    /// The weight of an item.
    public init(item: Int, weight: Double) {
        self.item = item
        self.weight = weight
    }
}
