import EvalhPluginKit

/// Where an item's difficulty comes from.
enum DifficultySource: String, CaseIterable, ParameterValue {
    /// A model's rating.
    case rating
    /// A number in the item.
    case field
    /// The disagreement of a few samples.
    case probe
}

/// How hard an item is, from 0 to 10.
struct Difficulty: Hashable {
    let value: Double

    /// What is not known to be easy: as hard as can be.
    static let unknown = Difficulty(10)

    init(_ value: Double) {
        self.value = min(10, max(0, value))
    }

    /// By the votes of a few samples: 10 · (k − v1) / (k − 1), which is 0 if all k agree and 10 if no two do. What does
    /// not vote agrees with nothing.
    ///
    /// - Parameters:
    ///   - leader: v1, the votes of the most frequent answer.
    ///   - samples: k, at least 2.
    init(leader: Int, samples: Int) {
        self.init(10 * Double(samples - leader) / Double(samples - 1))
    }

    /// The first samples of a hard item: ⌈d/10 · `hardest`⌉, at least 2, for one sample cannot disagree.
    func presamples(hardest: Int) -> Int {
        max(2, Int((value / 10 * Double(hardest)).rounded(.up)))
    }
}
