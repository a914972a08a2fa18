import EvalhPluginKit

struct BanditParameters: PluginParameters {
    @Parameter("Arms to choose from, with their level where they have levels: \"scaling@samples=4\". Empty: all.")
    var arms: [String] = []
    @Parameter("How the next arm is chosen.") var policy = BanditPolicy.ucb1
    @Parameter("epsilon_greedy: share of items on which a random arm is tried.", range: 0...1) var epsilon = 0.1
    @Parameter("softmax: how sharply better arms are preferred.", above: 0) var temperature = 0.1
    @Parameter("What 1,000 tokens take away from the reward.", range: 0...1000) var costWeight = 0.0
    @Parameter("Seed of the bandit's random numbers.", range: 0...9_007_199_254_740_991) var seed = 0
}

/// Learns while the run goes on which of other arms pays.
struct BanditStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "bandit", version: "1.0.0",
        title: "A multi-armed bandit over other arms, with the reward of each item it has passed",
        description: """
            Walks through the run's items in order. At each it chooses one arm by `policy` and takes over that arm's
            answer; the reward, score less `cost_weight` for each 1,000 tokens, is known to it from the next item on. So
            it uses the scores of earlier items, never its own.

            - `epsilon_greedy`: with probability `epsilon` a random arm, else the one of highest mean reward.
            - `softmax`: probability proportional to exp(mean / `temperature`).
            - `ucb1`: the highest mean + √(2 ln t / n).
            - `thompson`: the highest draw of Beta(1 + Σ reward, 1 + Σ (1 − reward)), rewards within [0, 1].

            All but Thompson's try each arm once first. Ties: the arm that comes first in the suite. Items on which the
            chosen arm failed teach nothing; if it failed on the own item, the session is an error.

            Cost: that of the chosen arm. It asks for nothing itself, so the arms must be in the suite too. Each session
            goes through all earlier items: time grows with their number.
            """,
        source:
            """
            Auer, Cesa-Bianchi and Fischer 2002, Finite-time Analysis of the Multiarmed Bandit Problem, figures 1 and \
            3; Thompson 1933; arms as neighbourhoods in Cai et al. 2024, Balans, arXiv:2412.14382
            """,
        needs: [.peers])

    private let parameters: BanditParameters

    init(parameters: BanditParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let peers = session.peers.all
        let names = try PeerChoice.names(parameters.arms, among: peers)
        var state = BanditState(arms: names.count)
        let own = session.peers.item
        var rest = peers[...]
        for step in 0...own {
            var random = BanditRandom(seed: UInt64(parameters.seed) &+ UInt64(session.repeatIndex) << 32, step: step)
            let arm = state.choose(
                parameters.policy, epsilon: parameters.epsilon, temperature: parameters.temperature, random: &random)
            let row = rest.prefix { $0.item <= step }
            rest = rest.dropFirst(row.count)
            let chosen = row.first { $0.item == step && $0.arm == names[arm] }
            if step == own {
                session.note("arm", names[arm])
                session.note("pulls", zip(names, state.pulls).map { "\($0): \($1)" }.joined(separator: ", "))
                guard let chosen, !chosen.isError else {
                    throw PeersMissing("the arm '\(names[arm])' failed on this item")
                }
                return try session.adopt(chosen, reason: "bandit")
            }
            if let chosen, let score = chosen.score { state.update(arm, reward: reward(chosen, score)) }
        }
        throw PeersMissing("the run has no item \(own)")
    }

    private func reward(_ peer: Peer, _ score: Double) -> Double {
        score - parameters.costWeight * Double(peer.usage.totalTokens) / 1000
    }

    static func estimate(_ parameters: BanditParameters) -> Estimate? { Estimate(completions: 0...0, promptPasses: 0) }
}
