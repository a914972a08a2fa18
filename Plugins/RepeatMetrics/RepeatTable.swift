import EvalhPluginKit
import EvalhStatistics

/// A graded repeat.
struct Sample {
    var score: Double
    /// The canonical answer; empty: none.
    var answer: String
}

/// A number of an item's repeats.
protocol RepeatQuantity {
    var name: String { get }
    var k: Int { get }
    /// Whether it counts answers: without any it means nothing.
    var needsAnswers: Bool { get }
    /// - Parameter samples: The item's repeats, at least k.
    func value(of samples: [Sample]) -> Double?
}

/// Takes the repeats of each item, for each level of each arm, and averages quantities over items. Keeps one item's
/// repeats at a time.
struct RepeatTable {
    private let quantities: [any RepeatQuantity]
    private var levels = ArmLevelTable<Level>()

    init(_ quantities: [any RepeatQuantity]) {
        self.quantities = quantities
    }

    mutating func add(_ row: SessionRow) {
        levels[row.armLevel, default: Level(quantities.count)].add(row, quantities)
    }

    func values() -> [MetricValue] {
        levels.all.flatMap { entry in
            var level = entry.value
            level.close(quantities)
            return quantities.indices.map { level.value(of: quantities[$0], $0, entry.key) }
        }
    }

    private struct Level {
        private var item: Int?
        private var samples: [Sample] = []
        private var errors = 0
        private var hasAnswer = false
        private var mostRepeats = 0
        private var means: [ClusteredMean]
        /// Graded repeats of the items in `means`.
        private var sessions: [Int]
        /// Items with fewer graded repeats than k, by quantity.
        private var leftOut: [Int]

        init(_ quantities: Int) {
            means = Array(repeating: ClusteredMean(), count: quantities)
            sessions = Array(repeating: 0, count: quantities)
            leftOut = sessions
        }

        mutating func add(_ row: SessionRow, _ quantities: [any RepeatQuantity]) {
            if item != row.item {
                close(quantities)
                item = row.item
            }
            guard let score = row.score else {
                errors += 1
                return
            }
            if !row.answer.isEmpty { hasAnswer = true }
            samples.append(Sample(score: score, answer: row.answer))
        }

        mutating func close(_ quantities: [any RepeatQuantity]) {
            guard let item else { return }
            for (index, quantity) in quantities.enumerated() {
                if samples.count >= quantity.k, let value = quantity.value(of: samples) {
                    means[index].add(value, cluster: item)
                    sessions[index] += samples.count
                } else {
                    leftOut[index] += 1
                }
            }
            mostRepeats = max(mostRepeats, samples.count)
            samples.removeAll(keepingCapacity: true)
            self.item = nil
        }

        func value(of quantity: any RepeatQuantity, _ index: Int, _ key: ArmLevel) -> MetricValue {
            let detail: [JSONValue.Member] = [
                .init("k", .integer(quantity.k)), .init("items_left_out", .integer(leftOut[index])),
                .init("errors", .integer(errors)),
            ]
            guard let estimate = EvalhStatistics.Estimate(shares: means[index], sessions: sessions[index]) else {
                let reason =
                    """
                    no item has \(quantity.k) graded repeats, the most is \(mostRepeats); raise the suite's repeats or \
                    ask for a smaller k
                    """
                return .refused(quantity.name, of: key, reason, detail: detail)
            }
            guard hasAnswer || !quantity.needsAnswers else {
                let reason = "no session has a canonical answer to vote with; use a grader that extracts answers"
                return .refused(quantity.name, of: key, reason, detail: detail)
            }
            return MetricValue(
                quantity.name, arm: key.arm, levelIndex: key.levelIndex, value: estimate.value, low: estimate.ciLow,
                high: estimate.ciHigh, standardError: estimate.stderr, n: estimate.n, method: estimate.method,
                detailJSON: JSONValue.object(detail).description)
        }
    }
}
