import EvalhPluginKit
import Glibc

/// When the vote counts as decided: each rule has a figure, found from the answers' counts, that a threshold is
/// compared to.
enum StoppingRule: String, CaseIterable, ParameterValue {
    case beta, dirichlet, majority, entropy
    case chiSquare = "chi_square"
    case crp

    /// Its threshold if the parameters name none.
    var threshold: Double {
        switch self {
        case .beta, .dirichlet, .chiSquare, .crp: 0.95
        case .majority: 0.8
        case .entropy: 0.75
        }
    }

    /// Whether a single distinct answer tells it nothing.
    var needsTwoAnswers: Bool { self == .majority || self == .entropy }

    /// Whether the figure is the probability that the leader stays ahead.
    var isProbability: Bool { self == .beta || self == .dirichlet || self == .crp }

    func isReached(_ figure: Double, threshold: Double) -> Bool {
        self == .entropy ? figure <= threshold : figure >= threshold
    }

    /// The rule's figure, in [0, 1].
    ///
    /// - Parameters:
    ///   - counts: Of each distinct answer, in any order; at least one.
    ///   - concentration: α of `crp`.
    func figure(_ counts: [Int], concentration: Int) -> Double {
        switch self {
        case .beta:
            let (v1, v2) = Self.topTwo(counts)
            return LeadProbability.beta(v1, v2)
        case .dirichlet: return Self.dirichlet(counts)
        case .majority: return Double(counts.max() ?? 0) / Double(counts.reduce(0, +))
        case .entropy: return Self.entropy(counts)
        case .chiSquare:
            let (v1, v2) = Self.topTwo(counts)
            return Self.chiSquare(v1, v2)
        case .crp:
            let sorted = counts.sorted(by: >)
            return LargestShare.probability(of: sorted[0], against: sorted.dropFirst() + [concentration])
        }
    }

    /// The counts of the two most frequent answers; 0 where there is none.
    private static func topTwo(_ counts: [Int]) -> (Int, Int) {
        var first = 0
        var second = 0
        for count in counts {
            if count > first {
                (first, second) = (count, first)
            } else if count > second {
                second = count
            }
        }
        return (first, second)
    }

    /// P(p₁ is the largest share) for p ~ Dir(v+1) over the five most frequent answers (Aggarwal et al. 2023, eq. 1 and
    /// appendix D). With fewer than three answers it is the Beta rule.
    private static func dirichlet(_ counts: [Int]) -> Double {
        let shapes = counts.sorted(by: >).prefix(5).map { $0 + 1 }
        guard shapes.count > 2 else {
            return LeadProbability.beta(shapes[0] - 1, shapes.count == 2 ? shapes[1] - 1 : 0)
        }
        return LargestShare.probability(of: shapes[0], against: Array(shapes.dropFirst()))
    }

    /// −Σ p log p / log m over m answers; 0 for a single one.
    private static func entropy(_ counts: [Int]) -> Double {
        guard counts.count > 1 else { return 0 }
        let total = Double(counts.reduce(0, +))
        let entropy = counts.reduce(0) { $0 - Double($1) / total * log(Double($1) / total) }
        return entropy / log(Double(counts.count))
    }

    /// 1 − p of Pearson's test that the two most frequent answers are equally likely: χ² = (v1 − v2)² / (v1 + v2) with
    /// one degree of freedom, whose p is erfc(√(χ²/2)).
    private static func chiSquare(_ v1: Int, _ v2: Int) -> Double {
        1 - erfc(Double(v1 - v2) / (2 * Double(v1 + v2)).squareRoot())
    }
}
