import EvalhPluginKit

/// Completions with their self-evaluations.
struct Candidates {
    private var evaluated: [(choice: Choice, value: Double)] = []
    /// Finished ones that could not be evaluated.
    private var unknown: [Choice] = []
    private var cutOff: [Choice] = []
    private var empty = 0
    private(set) var undecided = 0

    var count: Int { evaluated.count + unknown.count + cutOff.count + empty }
    var values: [Double] { evaluated.map(\.value) }

    /// Takes what can be no answer; true if it could be one.
    mutating func admits(_ choice: Choice) -> Bool {
        if !choice.isFinished {
            cutOff.append(choice)
        } else if choice.text.isEmpty {
            empty += 1
        } else {
            return true
        }
        return false
    }

    mutating func add(_ choice: Choice, _ evaluation: SelfEvaluation?) {
        guard let evaluation else {
            unknown.append(choice)
            return
        }
        evaluated.append((choice, evaluation.value))
        undecided += evaluation.isUndecided ? 1 : 0
    }

    /// The one with the largest s, the earlier of equal ones; without any the first that could not be evaluated, else
    /// the first cut-off one as unfinished.
    func answer(reason: String) -> Answer {
        if let best = evaluated.reduce(
            nil,
            { (best: (choice: Choice, value: Double)?, next) in
                best.map { next.value > $0.value ? next : $0 } ?? next
            })
        {
            return Answer(best.choice, confidence: best.value, reason: reason)
        }
        if let choice = unknown.first ?? cutOff.first { return Answer(choice, reason: reason) }
        return .none(reason: "empty")
    }
}

/// A sample's temperature.
enum Annealing {
    /// T_k = T_max · (1 − 2^−(k−1)) for k = 1, 2, ...: the first sample is greedy, later ones approach T_max.
    static func temperature(_ k: Int, limit: Double) -> Double {
        var part = 1.0
        for _ in 1..<max(1, k) { part /= 2 }
        return limit * (1 - part)
    }
}
