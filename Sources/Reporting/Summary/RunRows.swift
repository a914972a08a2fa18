package import JSON
package import Journal
package import Measurement

/// One arm at one level: a row of summaries, comparisons, baselines, pages and exports.
package struct RunRow: Sendable {
    /// Its place among the run's rows.
    package let index: Int
    package let arm: RunDescription.Arm
    package let level: RunDescription.Level
    /// The level's own parameters; `null`: the arm has no levels.
    package let levelValue: JSONValue
    /// The strategy's parameters at this level.
    package let parameters: JSONValue
    package let name: RowName

    init(index: Int, arm: RunDescription.Arm, level: RunDescription.Level) {
        self.index = index
        self.arm = arm
        self.level = level
        levelValue = level.levelJSON.isEmpty ? .null : JSONValue(parsingOrNull: level.levelJSON)
        parameters = JSONValue(parsingOrNull: level.parametersJSON)
        name = RowName(arm: arm.id, level: levelValue.label)
    }

    /// Position in the arm's list of levels; `nil`: it has none.
    package var levelIndex: Int? { level.index < 0 ? nil : level.index }

    package var hasLevel: Bool { !level.levelJSON.isEmpty }
}

/// A run's rows, by arm and then by level, as everything shows them; finds a session's.
package struct RunRows: Sendable {
    private struct Slot: Hashable {
        var arm: Int
        var level: Int
    }

    package let all: [RunRow]
    private let places: [Slot: Int]

    package init(_ description: RunDescription) {
        var all: [RunRow] = []
        var places: [Slot: Int] = [:]
        for (index, arm) in description.arms.enumerated() {
            for level in arm.levels {
                places[Slot(arm: index, level: level.index)] = all.count
                all.append(RunRow(index: all.count, arm: arm, level: level))
            }
        }
        self.all = all
        self.places = places
    }

    /// `nil` for sessions of arms and levels that the run does not know.
    package subscript(key: SessionKey) -> RunRow? {
        places[Slot(arm: key.arm, level: key.level)].map { all[$0] }
    }
}
