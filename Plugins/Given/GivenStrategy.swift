import EvalhPluginKit

struct GivenParameters: PluginParameters {
    @Parameter("The item's field that holds the answer.") var field = "answer"
}

/// Answers with a field of the item.
struct GivenStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "given", version: "1.0.0", title: "An answer that stands in the item, and no request",
        description: """
            Answers every item with one of its fields, word for word. For answers that were made elsewhere: to grade
            them here, or to try a judge on answers whose verdicts are known. An item without the field, or with null in
            it, has no answer.

            Cost: nothing; no model is asked.
            """,
        source: "the reference answers of a data set as an arm of their own")

    private let parameters: GivenParameters

    init(parameters: GivenParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        guard let value = item.field(parameters.field), value != .null else {
            return .none(reason: "no field \(parameters.field)")
        }
        return Answer(value.plainText, reason: "given")
    }

    static func estimate(_ parameters: GivenParameters) -> Estimate? { Estimate(completions: 0...0, promptPasses: 0) }
}
