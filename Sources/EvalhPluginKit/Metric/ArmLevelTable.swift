/// What a number is about: a level of an arm, or an arm without levels.
public struct ArmLevel: Hashable, Sendable {
    /// The arm's id.
    public var arm: String
    /// Place in the arm's list of levels; `nil`: the arm has none.
    public var levelIndex: Int?

    /// A level of an arm, or an arm without levels.
    public init(arm: String, levelIndex: Int? = nil) {
        self.arm = arm
        self.levelIndex = levelIndex
    }
}

extension SessionRow {
    /// The level it ran at, or its arm if that has none.
    public var armLevel: ArmLevel { ArmLevel(arm: arm, levelIndex: levelIndex) }
}

/// What a metric keeps for each level of each arm.
///
/// ```swift
/// var scores = ArmLevelTable<Double>()
/// scores[row.armLevel, default: 0] += row.score ?? 0
/// ```
public struct ArmLevelTable<Entry> {
    private var places: [ArmLevel: Int] = [:]
    private var entries: [(key: ArmLevel, value: Entry)] = []

    /// A table without entries.
    public init() {}

    /// The entry of a level, made at first use.
    public subscript(key: ArmLevel, default entry: @autoclosure () -> Entry) -> Entry {
        get { places[key].map { entries[$0].value } ?? entry() }
        _modify {
            let place: Int
            if let known = places[key] {
                place = known
            } else {
                place = entries.count
                places[key] = place
                entries.append((key, entry()))
            }
            yield &entries[place].value
        }
    }

    /// All entries by arm, with each arm's levels in order; arms in the order they were first seen.
    public var arms: [(arm: String, levels: [(key: ArmLevel, value: Entry)])] {
        var groups: [(arm: String, levels: [(key: ArmLevel, value: Entry)])] = []
        var places: [String: Int] = [:]
        for entry in entries {
            if let place = places[entry.key.arm] {
                groups[place].levels.append(entry)
            } else {
                places[entry.key.arm] = groups.count
                groups.append((entry.key.arm, [entry]))
            }
        }
        for place in groups.indices {
            groups[place].levels.sort { ($0.key.levelIndex ?? -1) < ($1.key.levelIndex ?? -1) }
        }
        return groups
    }

    /// All entries, in the order of `arms`.
    public var all: [(key: ArmLevel, value: Entry)] { arms.flatMap(\.levels) }
}

extension MetricValue {
    /// A number that cannot be told: no value, and `{"refused": reason}` beside the other members of its detail.
    public static func refused(_ name: String, of key: ArmLevel, _ reason: String, detail: [JSONValue.Member] = [])
        -> MetricValue
    {
        MetricValue(
            name, arm: key.arm, levelIndex: key.levelIndex, value: nil,
            detailJSON: JSONValue.object([.init("refused", .string(reason))] + detail).description)
    }
}
