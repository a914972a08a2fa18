/// The text of one choice before `stop` and `max_tokens` are applied: some sentences of working, every third of which
/// begins with "Wait", then `#### N`. A function of the task and the draw.
struct WorkedAnswer {
    private(set) var text: [UInt8] = []
    /// Where the closing sentence with the answer begins.
    private(set) var closingStart = 0
    let number: Int

    /// - Parameter targetPieces: about how many pieces the text should have; it never has fewer than the opening and
    ///   closing sentences.
    init(task: ToyTask, draw: UInt64, targetPieces: Int, closesThinking: Bool) {
        number = task.answer(draw: draw)
        append("Let me work through this step by step.")
        if let (left, symbol, right) = task.operands {
            append(" I take \(left) \(String(Unicode.Scalar(symbol))) \(right) apart.")
        }
        let fillers = max(0, (targetPieces - Self.fixedPieces) / Self.fillerPieces)
        let offset = Int(draw % UInt64(Self.fillers.count))
        for index in 0..<fillers {
            if index % 3 == 2 {
                append(Self.doubts[(offset + index) % Self.doubts.count])
            } else {
                append(Self.fillers[(offset + index) % Self.fillers.count])
            }
        }
        closingStart = text.count
        if closesThinking { append("\n</think>\n") }
        append(" So the answer is \(number).\n#### \(number)")
    }

    /// What follows when the assistant has already said `prefix`. Anything up to an opening `<think>` is not counted as
    /// said.
    ///
    /// - A prefix that ends where a number must come (`\boxed{`, `####`, `answer is`, `answer:`) is followed by the
    ///   number.
    /// - A prefix of this very text is followed by its rest.
    /// - After any other the text goes on at the same position; its closing sentence always comes.
    func continuation(after prefix: [UInt8]) -> [UInt8] {
        if prefix.isEmpty { return text }
        if let trial = trialAnswer(after: prefix) { return trial }
        let said = Self.withoutThinkingTag(prefix)
        if text.starts(with: said) { return Array(text[said.count...]) }
        return Array(text[min(Self.sentenceStart(in: text, from: said.count), closingStart)...])
    }

    private func trialAnswer(after prefix: [UInt8]) -> [UInt8]? {
        let digits = Array(String(number).utf8)
        let trailing = prefix.reversed().drop { $0 == UInt8(ascii: " ") }
        let spaced = prefix.last == UInt8(ascii: " ")
        if trailing.starts(with: Self.boxed) { return digits + Array("}".utf8) }
        guard Self.markers.contains(where: { trailing.starts(with: $0) }) else { return nil }
        return spaced ? digits : [UInt8(ascii: " ")] + digits
    }

    private mutating func append(_ sentence: String) {
        text.append(contentsOf: sentence.utf8)
    }

    private static func sentenceStart(in text: [UInt8], from offset: Int) -> Int {
        guard offset < text.count else { return text.count }
        return (text[offset...].firstIndex(of: UInt8(ascii: ".")) ?? text.count - 1) + 1
    }

    private static func withoutThinkingTag(_ prefix: [UInt8]) -> [UInt8] {
        guard prefix.starts(with: thinkingTag) else { return prefix }
        return Array(prefix.dropFirst(thinkingTag.count).drop { $0 == UInt8(ascii: "\n") })
    }

    static let thinkingTag = Array("<think>".utf8)
    static let thinkingEnd = Array("</think>".utf8)
    private static let boxed = Array("\\boxed{".utf8.reversed())
    private static let markers = ["####", "answer is", "answer is:", "answer:", "Answer:"].map {
        Array($0.utf8.reversed())
    }

    /// Pieces of the opening and closing sentences together, and of a filler, on the average.
    private static let fixedPieces = 32
    private static let fillerPieces = 9
    private static let fillers = [
        " First I write down what is known.", " The parts can be taken one at a time.",
        " A rough estimate points the same way — good.",
        " Carrying the rest over changes one digit.", " The units agree on both sides.",
        " Nothing else in the question matters here.",
        " The last step only collects the parts.",
    ]
    private static let doubts = [
        " Wait, let me check the previous step.", " Wait, is the sign of this right?",
        " Wait, I should carry once more.",
    ]
}
