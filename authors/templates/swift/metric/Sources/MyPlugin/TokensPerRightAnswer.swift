import EvalhPluginKit

/// Generated tokens for each right answer, of each arm at each of its levels.
struct TokensPerRightAnswer: Metric {
    static let descriptor = Descriptor(
        id: "org.example.my-plugin", version: "1.0.0", title: "Tokens for each right answer",
        description: """
            Generated tokens of an arm's sessions, divided by the sum of their scores. Failed sessions do not count;
            without a right answer there is no number.
            """,
        source: "an example", outputs: ["tokens-per-right-answer"])

    /// Of one arm at one of its levels.
    private struct Sums {
        var arm: String
        var levelIndex: Int?
        var score = 0.0
        var tokens = 0
        var lastItem: Int?
        var items = 0
    }

    /// In the order of their first rows: the same whenever a report is made.
    private var sums: [Sums] = []

    init(parameters: NoParameters, seed: UInt64) {}

    mutating func add(_ row: SessionRow) {
        let known = sums.firstIndex { $0.arm == row.arm && $0.levelIndex == row.levelIndex }
        if known == nil { sums.append(Sums(arm: row.arm, levelIndex: row.levelIndex)) }
        let index = known ?? sums.count - 1
        guard let score = row.score else { return }
        sums[index].score += score
        sums[index].tokens += row.usage.completionTokens
        // Rows come item by item.
        if sums[index].lastItem != row.item { sums[index].items += 1 }
        sums[index].lastItem = row.item
    }

    func result() -> [MetricValue] {
        sums.map { sums in
            // A ratio of sums has no simple interval: resample items for one, see EvalhStatistics.
            MetricValue(
                "tokens-per-right-answer", arm: sums.arm, levelIndex: sums.levelIndex,
                value: sums.score > 0 ? Double(sums.tokens) / sums.score : nil, n: sums.items)
        }
    }
}
