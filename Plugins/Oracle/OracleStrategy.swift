import EvalhPluginKit

/// What makes one of two equally right arms the better.
enum PeerCost: String, CaseIterable, ParameterValue {
    case tokens, usd, seconds

    func of(_ peer: Peer) -> Double {
        switch self {
        case .tokens: Double(peer.usage.totalTokens)
        case .usd: peer.usd ?? .infinity
        case .seconds: peer.seconds
        }
    }
}

struct OracleParameters: PluginParameters {
    @Parameter("Arms to choose from, with their level where they have levels: \"scaling@samples=4\". Empty: all.")
    var arms: [String] = []
    @Parameter("What is lower in the one that is chosen of equally right arms.") var cost = PeerCost.tokens
    @Parameter("Charge all arms instead of the chosen one: a best-of bound instead of a router's.") var chargeAll =
        false
}

/// Takes the best of other arms' results, knowing which is right.
struct OracleStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "oracle", version: "1.0.0", title: "The best of other arms for each item: a bound, marked as an oracle",
        description: """
            After the other arms have answered an item, takes over the answer with the highest score; of equal ones the
            cheapest by `cost`, then the first arm of the suite. It sees the scores of its own item, which no strategy
            in earnest can: reports mark the arm as an oracle. It bounds what any router between these arms could reach.

            Arms that failed on the item are left out; if all did, the session is an error. An arm without an answer
            counts with its score. A name in `arms` that is no arm of the run is an error.

            Cost: that of the arm it takes, or of all of them with `charge_all`. It asks for nothing itself.
            """,
        source:
            "The usual oracle of routing papers, e.g. Ong et al. 2024, RouteLLM, arXiv:2406.18665, §2 (optimal router)",
        needs: [.peers, .oracle])

    private let parameters: OracleParameters

    init(parameters: OracleParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let peers = try PeerChoice.own(session, arms: parameters.arms)
        var best: Peer?
        for peer in peers {
            guard let score = peer.score else { continue }
            guard let current = best, let currentScore = current.score else {
                best = peer
                continue
            }
            if score > currentScore || (score == currentScore && parameters.cost.of(peer) < parameters.cost.of(current))
            {
                best = peer
            }
        }
        guard let best else { throw PeersMissing("every arm failed on this item") }
        if parameters.chargeAll {
            for peer in peers where peer.index != best.index { _ = try session.adopt(peer, reason: "") }
        }
        session.note("chose", "\(best.arm) of \(peers.count) arms")
        return try session.adopt(best, reason: "oracle")
    }

    static func estimate(_ parameters: OracleParameters) -> Estimate? { Estimate(completions: 0...0, promptPasses: 0) }
}
