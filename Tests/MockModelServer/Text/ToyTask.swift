/// What a prompt asks, the right answer, and how often this "model" gets it right.
///
/// The last `What is A + B?` (`+`, `-`, `*`; at most nine digits each) of the text is the question. Other text has no
/// answer the server could know: it then takes the text's hash modulo 100 for the right one.
struct ToyTask {
    let rightAnswer: Int
    /// `A op B` as numbers, for the working; `nil` with other text.
    let operands: (left: Int, symbol: UInt8, right: Int)?
    private let questionHash: UInt64

    init(text: [UInt8]) {
        if let found = Self.lastArithmetic(in: text) {
            operands = found
            questionHash = StableHash.of(
                UInt64(bitPattern: Int64(found.left)), UInt64(found.symbol), UInt64(bitPattern: Int64(found.right)))
            switch found.symbol {
            case UInt8(ascii: "+"): rightAnswer = found.left + found.right
            case UInt8(ascii: "-"): rightAnswer = found.left - found.right
            default: rightAnswer = found.left * found.right
            }
        } else {
            operands = nil
            questionHash = StableHash.of(text)
            rightAnswer = Int(questionHash % 100)
        }
    }

    /// Between 0.25 and 0.95, fixed by the question: some are hard enough that a majority vote fails.
    var chanceOfRight: Double {
        0.25 + 0.7 * StableHash.unit(StableHash.of(questionHash, 0xd1ff))
    }

    /// The number the server answers with, for one random draw. Wrong answers fall on six neighbours, unevenly, so that
    /// votes can agree on a wrong one.
    func answer(draw: UInt64) -> Int {
        let roll = StableHash.of(draw, questionHash)
        if StableHash.unit(roll) < chanceOfRight { return rightAnswer }
        let offsets = [1, 1, 1, -1, -1, 10, 10, -10, 2, 100]
        return rightAnswer + offsets[Int(StableHash.of(roll, 0x0ff5) % UInt64(offsets.count))]
    }

    private static let lead = Array("What is ".utf8)

    private static func lastArithmetic(in text: [UInt8]) -> (left: Int, symbol: UInt8, right: Int)? {
        var start = text.count - lead.count
        while start >= 0 {
            if text[start] == lead[0], text[start..<start + lead.count].elementsEqual(lead),
                let found = arithmetic(in: text, at: start + lead.count)
            {
                return found
            }
            start -= 1
        }
        return nil
    }

    private static func arithmetic(in text: [UInt8], at start: Int) -> (left: Int, symbol: UInt8, right: Int)? {
        var index = start
        guard let left = number(in: text, at: &index) else { return nil }
        skipSpaces(in: text, at: &index)
        guard index < text.count, [UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "*")].contains(text[index]) else {
            return nil
        }
        let symbol = text[index]
        index += 1
        skipSpaces(in: text, at: &index)
        guard let right = number(in: text, at: &index) else { return nil }
        skipSpaces(in: text, at: &index)
        guard index < text.count, text[index] == UInt8(ascii: "?") else { return nil }
        return (left, symbol, right)
    }

    private static func number(in text: [UInt8], at index: inout Int) -> Int? {
        var value = 0
        var digits = 0
        let negative = index < text.count && text[index] == UInt8(ascii: "-")
        if negative { index += 1 }
        while index < text.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[index]) {
            guard digits < 9 else { return nil }
            value = value * 10 + Int(text[index] - UInt8(ascii: "0"))
            digits += 1
            index += 1
        }
        return digits == 0 ? nil : negative ? -value : value
    }

    private static func skipSpaces(in text: [UInt8], at index: inout Int) {
        while index < text.count, text[index] == UInt8(ascii: " ") { index += 1 }
    }
}
