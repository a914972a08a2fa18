/// Names one arm at one level, a row of every report: `arm`, or `arm@level` where the arm has levels.
package struct RowName: Hashable, Sendable, CustomStringConvertible {
    package var arm: String
    /// The level in short, such as `samples=4`; empty: the arm has no levels.
    package var level: String

    package init(arm: String, level: String) {
        self.arm = arm
        self.level = level
    }

    package var description: String { level.isEmpty ? arm : "\(arm)@\(level)" }

    /// Whether a person's `samples=4` or `4` means this row's level; `nil` means a row without levels.
    package func isAt(level wanted: String?) -> Bool {
        guard let wanted else { return level.isEmpty }
        if wanted == level { return true }
        guard let equals = level.firstIndex(of: "=") else { return false }
        let value = level[level.index(after: equals)...]
        // A further key: the level is more than this value.
        if let space = value.firstIndex(of: " "), value[space...].contains("=") { return false }
        return wanted == value
    }

    /// Whether a person's `arm`, `arm@level` or `arm@value` means this row. An arm's name alone means all its levels.
    package func answers(to selector: String) -> Bool {
        if selector == arm || selector == description { return true }
        guard !level.isEmpty, selector.hasPrefix(arm + "@") else { return false }
        return isAt(level: String(selector.dropFirst(arm.count + 1)))
    }
}
