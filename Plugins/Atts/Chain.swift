import EvalhPluginKit

/// One chain of turns as far as it came.
struct Chain {
    private(set) var text = ""
    /// What was decided on each turn, for the record.
    private(set) var turns: [String] = []
    private(set) var takenOver = 0
    private(set) var faults = 0
    /// The last piece.
    private var last: Choice?
    var interruption: (any Error)?

    /// Appends a piece; a blank line or the like joins it to what there is.
    mutating func append(_ piece: Choice, joinedBy join: String) {
        text = text.isEmpty ? piece.text : text + join + piece.text
        last = piece
    }

    mutating func decide(_ perplexity: Double, _ rule: ConformalRule, isTakenOver: Bool) {
        let decision = isTakenOver ? "taken over" : "kept"
        turns.append(
            """
            perplexity \(perplexity) percentile \(rule.percentile(perplexity)) p \(rule.pValue(perplexity)) \
            \(decision)
            """
        )
        takenOver += isTakenOver ? 1 : 0
        faults += perplexity.isFinite ? 0 : 1
    }

    /// Whether the last piece ended by itself.
    var hasEnded: Bool { last?.isFinished ?? false }

    /// The chain as one completion: finished if it has an answer or its last piece ended by itself; `nil` if there is
    /// none.
    var choice: Choice? {
        guard var choice = last else { return nil }
        choice.text = text
        choice.finish = hasEnded || AnswerMark.isIn(text) ? .stop : .length
        return choice
    }
}
