/// From a request to the texts of its choices. A choice depends on the messages, the assistant prefix, the seed, the
/// temperature and the choice's index, and on nothing else; at temperature 0 the seed does not matter.
struct Generator {
    /// About how many tokens an unlimited answer has.
    let targetPieces: Int
    /// Of chat answers that continue nothing.
    var reasoning: ReasoningForm?

    /// - Parameter attempt: how often this same body came before. It stands in for a seed where the request has none,
    ///   as real servers draw one.
    func choices(for request: GenerationRequest, count: Int, attempt: Int) -> [Generation] {
        let question = request.question
        let task = ToyTask(text: question.text)
        let position = question.prefix.isEmpty ? 0 : Pieces.ends(of: question.prefix).count
        let closesThinking = Self.isThinking(question.prefix)
        if let judge = JudgeTask(text: question.text, model: request.model) {
            let verdict = Generation(
                full: judge.answer, limit: request.tokenLimit, stops: request.stops, position: position)
            return Array(repeating: verdict, count: count)
        }
        return (0..<count).map { index in
            let draw: UInt64
            if request.temperature == 0 {
                draw = StableHash.of(question.hash, 0x6eed)
            } else {
                let seed = request.seed ?? StableHash.of(UInt64(attempt), 0x5eed)
                draw = StableHash.of(question.hash, seed &+ UInt64(index), request.temperature.bitPattern)
            }
            let answer = WorkedAnswer(
                task: task, draw: draw, targetPieces: targetPieces, closesThinking: closesThinking)
            var full = answer.continuation(after: question.prefix)
            var apart = 0
            if let reasoning, request.endpoint == .chat, question.prefix.isEmpty {
                (full, apart) = reasoning.text(
                    thought: Array(answer.text[..<answer.closingStart]),
                    closing: Array(answer.text[answer.closingStart...]))
            }
            return Generation(
                full: full, limit: request.tokenLimit, stops: request.stops, position: position, apart: apart)
        }
    }

    /// Whether the assistant has begun `<think>` and not yet ended it.
    private static func isThinking(_ prefix: [UInt8]) -> Bool {
        guard prefix.starts(with: WorkedAnswer.thinkingTag) else { return false }
        let end = WorkedAnswer.thinkingEnd
        guard prefix.count >= end.count else { return true }
        return !(0...prefix.count - end.count).contains { prefix[$0...].starts(with: end) }
    }
}
