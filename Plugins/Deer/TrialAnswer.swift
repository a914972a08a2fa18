import EvalhPluginKit

/// The answer in a trial: what comes before the text that ends it.
struct TrialAnswer {
    let text: String
    /// Of the tokens that lie in the answer, wholly or in part; empty if the endpoint gave none.
    let probabilities: [Double]

    /// `nil` if the trial has no end or an empty answer.
    init?(_ choice: Choice, leadOut: String) {
        let bytes = Array(choice.text.utf8)
        guard let end = Self.end(of: bytes, leadOut: Array(leadOut.utf8), isFinished: choice.isFinished) else {
            return nil
        }
        text = String(decoding: bytes[..<end], as: UTF8.self)
        guard text.contains(where: { !$0.isWhitespace }) else { return nil }
        var offset = 0
        var inside: [Double] = []
        for token in choice.tokens where offset < end {
            offset += token.text.utf8.count
            inside.append(token.probability)
        }
        probabilities = inside
    }

    /// Where the answer ends. A brace ends it if it closes more than was opened. Another text ends it where it first
    /// comes; servers cut it off as a stop text, so a trial that ended by itself without it is an answer too.
    private static func end(of bytes: [UInt8], leadOut: [UInt8], isFinished: Bool) -> Int? {
        guard leadOut == Array("}".utf8) else {
            let found = leadOut.isEmpty ? nil : bytes.indices.first { bytes[$0...].starts(with: leadOut) }
            return found ?? (isFinished ? bytes.count : nil)
        }
        return ClosingBrace.offset(in: bytes)
    }
}
