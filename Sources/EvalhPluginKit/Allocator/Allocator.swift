import CEvalhPlugin

/// An allocator: decides in rounds which sessions run, and when a run has shown enough. The host asks for a round, runs
/// its sessions, adds them ordered by item, row and repeat, and asks again until a round is empty. What it decides
/// depends on nothing else, so that a resumed run decides the same.
public protocol Allocator: SendableMetatype {
    associatedtype Parameters: PluginParameters = NoParameters
    /// Who it is and what it does.
    static var descriptor: Descriptor { get }
    /// - Parameters:
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
        public var arm: String
        /// The level's JSON object; empty: none.
        public var level: String
        /// Place in the arm's list of levels; `nil`: none.
        public var levelIndex: Int?

        public init(arm: String, level: String = "", levelIndex: Int? = nil) {
            self.arm = arm
            self.level = level
            self.levelIndex = levelIndex
        }
    }

    /// Items are numbered from 0 to one below it.
    public var itemCount: Int
    public var rows: [Row]
    /// What the suite says under `repeats`.
    public var repeats: Int
    /// The fields of an item as a JSON object, without its target. Only to be called in `init`.
    public var itemFields: @Sendable (_ item: Int) -> String

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
    public struct Wish: Hashable, Sendable {
        public var item: Int
        /// A place among the allocation's rows.
        public var row: Int
        /// Further repeats of the cell.
        public var more: Int

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

    public init(_ wishes: [Wish], reason: String = "") {
        self.wishes = wishes
        self.reason = reason
    }
}

/// How much an item counts in means.
public struct ItemWeight: Hashable, Sendable {
    public var item: Int
    public var weight: Double

    public init(item: Int, weight: Double) {
        self.item = item
        self.weight = weight
    }
}
