import EvalhPluginKit

struct ComputeOptimalParameters: PluginParameters {
    @Parameter("Arms to choose from, with their level where they have levels: \"scaling@samples=4\". Empty: all.")
    var arms: [String] = []
    @Parameter("The arm that tells how difficult an item is; empty: the first of them.") var probe = ""
    @Parameter("Bins of difficulty.", range: 1...100) var bins = 5
    @Parameter("Parts the items are dealt into; what is learnt on the others is applied on each.", range: 2...100)
    var folds = 2
    @Parameter("What 1,000 tokens take away from a score when arms are compared.", range: 0...1000) var costWeight = 0.0
    @Parameter("Charge the probe too, if it is not the arm that was chosen.") var chargeProbe = true
}

/// Learns on some items which arm is best at which difficulty, and applies it to the others.
struct ComputeOptimal: Sendable {
    let parameters: ComputeOptimalParameters
    /// How easy an item is, by its probe, in [0, 1]; `nil`: it claims nothing.
    let hint: @Sendable (Peer) -> Double?

    func solve(in session: Session) throws -> Answer {
        let peers = session.peers.all
        let names = try PeerChoice.names(parameters.arms, among: peers)
        let probe = try PeerChoice.names(parameters.probe.isEmpty ? [names[0]] : [parameters.probe], among: peers)[0]
        let own = session.peers.item
        var examples: [BinPolicy.Example] = []
        var isHinted = false
        for row in rows(peers) where row[0].item % parameters.folds != own % parameters.folds {
            guard let peer = row.first(where: { $0.arm == probe && !$0.isError }) else { continue }
            if hint(peer) != nil { isHinted = true }
            examples.append(
                BinPolicy.Example(
                    difficulty: difficulty(peer),
                    results: row.compactMap { peer in peer.score.map { (peer.arm, $0, Double(peer.usage.totalTokens)) }
                    }))
        }
        guard !examples.isEmpty else {
            throw PeersMissing(
                "there is no item of another part to learn from: at least \(parameters.folds) items are needed")
        }
        guard isHinted else { throw PeersMissing("the probe '\(probe)' never says how sure it is") }
        let bins = DifficultyBins(examples.map(\.difficulty), count: parameters.bins)
        let policy = BinPolicy(examples, bins: bins, arms: names, costWeight: parameters.costWeight)
        let ownProbe = peers.first { $0.isOwn && $0.arm == probe && !$0.isError }
        guard let ownProbe else { throw PeersMissing("the probe '\(probe)' failed on this item") }
        let bin = bins.bin(difficulty(ownProbe))
        guard let name = policy.arm(bin), let chosen = peers.first(where: { $0.isOwn && $0.arm == name }) else {
            throw PeersMissing("nothing was learnt of any arm")
        }
        session.note("bin", "\(bin + 1) of \(parameters.bins)")
        session.note("policy", policy.arms.map { $0 ?? "–" }.joined(separator: ", "))
        session.note("arm", name)
        if parameters.chargeProbe, name != probe { _ = try session.adopt(ownProbe, reason: "") }
        return try session.adopt(chosen, reason: "bin \(bin + 1)")
    }

    /// Who claims nothing is taken to find it as difficult as can be.
    private func difficulty(_ peer: Peer) -> Double { 1 - (hint(peer) ?? 0) }

    /// Peers item by item.
    private func rows(_ peers: [Peer]) -> [[Peer]] {
        var rows: [[Peer]] = []
        var rest = peers[...]
        while let first = rest.first {
            let row = rest.prefix { $0.item == first.item }
            rest = rest.dropFirst(row.count)
            rows.append(Array(row))
        }
        return rows
    }
}

private let text = """
    Items are dealt into `folds` parts by their number. On all parts but the item's own it sorts items into `bins`
    quantile bins of difficulty and finds the arm of highest mean score in each bin, less `cost_weight` for each 1,000
    tokens; of equal ones the cheaper, then the first. The item's own bin then says which arm's answer is taken over. A
    bin of which nothing was learnt takes the nearest one's arm.

    """

/// Difficulty as the strategy itself could know it.
struct ComputeOptimalStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "compute-optimal", version: "1.0.0",
        title: "The best arm for each difficulty, learnt on some items, applied on others",
        description: text + """
            Difficulty is predicted: 1 − the confidence that the arm `probe` claims for its answer, such as its share of
            votes; so labels are used of other parts' items only. A probe that claims no confidence says that the item
            is as difficult as can be; one that failed makes the session an error, and so does one that never claims
            any.

            Cost: the probe's and the chosen arm's; the probe's is left out with `charge_probe: false` or if it is the
            one chosen. It asks for nothing itself.
            """,
        source:
            """
            Snell et al. 2024, Scaling LLM Test-Time Compute Optimally can be More Effective than Scaling Model \
            Parameters, arXiv:2408.03314, §3.2 (predicted difficulty, two folds)
            """,
        needs: [.peers])

    private let solver: ComputeOptimal

    init(parameters: ComputeOptimalParameters) {
        solver = ComputeOptimal(parameters: parameters, hint: { $0.confidence })
    }

    func solve(_ item: Item, in session: Session) async throws -> Answer { try solver.solve(in: session) }

    static func estimate(_ parameters: ComputeOptimalParameters) -> Estimate? {
        Estimate(completions: 0...0, promptPasses: 0)
    }
}

/// Difficulty by whether the probe was right: a bound.
struct ComputeOptimalOracleStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "compute-optimal-oracle", version: "1.0.0",
        title: "compute-optimal with the item's true difficulty: a bound, marked as an oracle",
        description: text + """
            Difficulty is 1 − the score of the arm `probe` on the item, which only an oracle knows: reports mark the arm
            as one.

            Cost: as of compute-optimal.
            """,
        source: "Snell et al. 2024, arXiv:2408.03314, §3.2 (oracle difficulty)", needs: [.peers, .oracle])

    private let solver: ComputeOptimal

    init(parameters: ComputeOptimalParameters) {
        solver = ComputeOptimal(parameters: parameters, hint: { $0.score })
    }

    func solve(_ item: Item, in session: Session) async throws -> Answer { try solver.solve(in: session) }

    static func estimate(_ parameters: ComputeOptimalParameters) -> Estimate? {
        Estimate(completions: 0...0, promptPasses: 0)
    }
}
