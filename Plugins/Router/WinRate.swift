import EvalhPluginKit

/// The chance, in [0, 1], that only the strong model gets an item right, as far as it can be known before it is asked.
enum WinRate {
    /// The number in an item's field; `nil` unless it is one in [0, 1].
    static func ofField(_ value: Double?) -> Double? {
        value.flatMap { (0...1).contains($0) ? $0 : nil }
    }

    /// A tenth of a judge's rating from 0 to 10; `nil` if its reply has none.
    static func ofJudge(_ reply: String) -> Double? { Rating.parse(reply).map { $0 / 10 } }

    /// 1 − share of the most frequent answer in all probes; those without an answer agree with none. `nil` without
    /// probes.
    static func ofProbes(_ tally: VoteTally) -> Double? {
        let probes = tally.voteCount + tally.abstentions.count
        return probes > 0 ? 1 - Double(tally.topTwo.first) / Double(probes) : nil
    }

    /// Whether the strong model is to answer: win rate ≥ threshold (Ong et al. 2024, RouteLLM, arXiv:2406.18665, §3.1).
    static func isStrong(_ winRate: Double, threshold: Double) -> Bool { winRate >= threshold }
}

/// Routing that knows nothing: the baseline of each router.
enum RandomRoute {
    /// Whether the strong model is to answer: draw < share, so that it answers this share of items.
    static func isStrong(_ draw: Double, share: Double) -> Bool { draw < share }
}
