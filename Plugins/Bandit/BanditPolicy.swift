import EvalhPluginKit
import Glibc

/// How the next arm is chosen.
enum BanditPolicy: String, CaseIterable, ParameterValue {
    case epsilonGreedy = "epsilon_greedy"
    case softmax, ucb1, thompson
}

/// What is known of each arm so far.
struct BanditState {
    private(set) var pulls: [Int]
    private(set) var rewards: [Double]

    init(arms: Int) {
        pulls = Array(repeating: 0, count: arms)
        rewards = Array(repeating: 0, count: arms)
    }

    mutating func update(_ arm: Int, reward: Double) {
        pulls[arm] += 1
        rewards[arm] += reward
    }

    func mean(_ arm: Int) -> Double { pulls[arm] == 0 ? 0 : rewards[arm] / Double(pulls[arm]) }

    /// The next arm. Every policy but Thompson's tries each arm once, in order; of equal arms the first is taken.
    func choose(_ policy: BanditPolicy, epsilon: Double, temperature: Double, random: inout BanditRandom) -> Int {
        if policy != .thompson, let untried = pulls.firstIndex(of: 0) { return untried }
        switch policy {
        case .epsilonGreedy:
            return random.uniform() < epsilon ? Int(random.uniform() * Double(pulls.count)) : best { mean($0) }
        case .softmax:
            let top = (0..<pulls.count).map(mean).max() ?? 0
            let weights = pulls.indices.map { exp((mean($0) - top) / temperature) }
            var rest = random.uniform() * weights.reduce(0, +)
            for (arm, weight) in weights.enumerated() {
                rest -= weight
                if rest < 0 { return arm }
            }
            return pulls.count - 1
        case .ucb1:
            // Auer, Cesa-Bianchi and Fischer 2002, figure 1.
            let total = Double(pulls.reduce(0, +))
            return best { mean($0) + (2 * log(total) / Double(pulls[$0])).squareRoot() }
        case .thompson:
            var draws: [Double] = []
            for arm in pulls.indices {
                let won = min(max(rewards[arm], 0), Double(pulls[arm]))
                draws.append(random.beta(1 + won, 1 + Double(pulls[arm]) - won))
            }
            return best { draws[$0] }
        }
    }

    private func best(_ value: (Int) -> Double) -> Int {
        var best = 0
        for arm in pulls.indices.dropFirst() where value(arm) > value(best) { best = arm }
        return best
    }
}
