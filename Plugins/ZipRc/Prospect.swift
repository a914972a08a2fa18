/// One way a sample may turn out.
struct Outcome: Hashable {
    /// In [0, 1].
    let reward: Double
    /// Tokens still to be written, at least 0.
    let length: Double
    /// In [0, 1].
    let probability: Double
}

/// A joint distribution over the reward and the remaining length of a sample.
struct Prospect {
    /// Their probabilities sum to 1.
    let outcomes: [Outcome]
    /// h: tokens after which it is given up; what is longer has the reward 0.
    var horizon = Double.infinity

    /// V = E[reward].
    var value: Double { outcomes.reduce(0) { $0 + $1.probability * ($1.length <= horizon ? $1.reward : 0) } }

    /// E[min(L, h)].
    var compute: Double { outcomes.reduce(0) { $0 + $1.probability * min($1.length, horizon) } }

    /// F(v) = P(V ≤ v and L ≤ h) + P(L > h), for v of at least 0.
    func rewardCDF(_ reward: Double) -> Double {
        outcomes.reduce(0) { $1.length > horizon || $1.reward <= reward ? $0 + $1.probability : $0 }
    }

    /// G(t) = P(min(L, h) ≤ t).
    func lengthCDF(_ time: Double) -> Double {
        outcomes.reduce(0) { min($1.length, horizon) <= time ? $0 + $1.probability : $0 }
    }

    /// Given a self-evaluation s in [0, 1]: each reward v is weighted by v·s + (1 − v)·(1 − s).
    func weighted(by s: Double) -> Prospect {
        Prospect.normalized(
            outcomes.map { outcome in
                let weight = outcome.reward * s + (1 - outcome.reward) * (1 - s)
                return Outcome(
                    reward: outcome.reward, length: outcome.length, probability: outcome.probability * weight)
            }, horizon: horizon) ?? self
    }

    /// `nil` if there is no probability at all.
    static func normalized(_ outcomes: [Outcome], horizon: Double) -> Prospect? {
        let sum = outcomes.reduce(0) { $0 + $1.probability }
        guard sum > 0 else { return nil }
        return Prospect(
            outcomes: outcomes.map { Outcome(reward: $0.reward, length: $0.length, probability: $0.probability / sum) },
            horizon: horizon)
    }
}
