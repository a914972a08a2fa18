import EvalhPluginKit

/// One completion at temperature 0.
struct GreedyStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "greedy", version: "1.0.0", title: "One completion at temperature 0",
        description: """
            Asks for one completion with greedy decoding and answers with it. The yardstick that every other strategy
            has to beat.

            Cost: one completion. A cut-off completion is unfinished and never right; an empty one is no answer.
            """,
        source: "greedy decoding; the usual single-sample baseline")

    init(parameters: NoParameters) {}

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        Answer(try await session.complete(sampling: .greedy), reason: "complete")
    }

    static func estimate(_ parameters: NoParameters) -> Estimate? { Estimate(completions: 1...1, promptPasses: 1) }
}
