import EvalhPluginKit

extension ShippedVariant {
    /// Strategies over other arms ask no model: what befalls models does not touch them.
    static let overArms: [ShippedVariant] = [
        ShippedVariant("oracle", endings: untouched),
        ShippedVariant("oracle", #"{"charge_all":true}"#, endings: untouched),
        ShippedVariant("bandit", endings: untouched),
        ShippedVariant("bandit", #"{"policy":"thompson"}"#, endings: untouched),
        ShippedVariant("compute-optimal", endings: untouched),
        ShippedVariant("compute-optimal", #"{"bins":1}"#, endings: untouched),
        ShippedVariant("compute-optimal-oracle", endings: untouched),
    ]

    /// It asks no model either, and needs no grader.
    static let given: [ShippedVariant] = [
        ShippedVariant(
            "given", endings: Dictionary(uniqueKeysWithValues: Misfortune.allCases.map { ($0, "none no field answer") })
        )
    ]

    private static let untouched = Dictionary(uniqueKeysWithValues: Misfortune.allCases.map { ($0, "answered") })
}

extension ShippedPlugins {
    /// Two arms on four items; the session's own item is the third.
    static let peers: [(peer: Peer, answer: String)] = [
        peer(0, 0, "a", 1, 0.9, 10), peer(1, 0, "b", 1, 0.9, 40), peer(2, 1, "a", 0, 0.2, 10),
        peer(3, 1, "b", 1, 0.8, 40),
        peer(4, 2, "a", 0, 0.3, 10), peer(5, 2, "b", 1, 0.7, 40), peer(6, 3, "a", 0, 0.1, 10),
        peer(7, 3, "b", 1, 0.6, 40),
    ]

    static func peer(
        _ index: Int, _ item: Int, _ arm: String, _ score: Double?, _ confidence: Double?, _ tokens: Int,
        isError: Bool = false
    ) -> (
        peer: Peer, answer: String
    ) {
        (
            Peer(
                index: index, item: item, arm: arm, isOwn: false, isError: isError, score: score,
                confidence: confidence,
                usage: Usage(completionTokens: tokens), seconds: Double(tokens) / 10), "\(arm) says = \(item)"
        )
    }
}
