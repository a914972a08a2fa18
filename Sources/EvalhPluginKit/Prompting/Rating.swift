/// A number that a model was asked to rate something by.
public enum Rating {
    /// Asks how likely an answer is to be correct, as a number that `parse` reads. `Template.fill` puts `question` and
    /// `answer` in.
    public static let prompt = """
        Question:
        {question}

        Proposed answer:
        {answer}

        How likely is the proposed answer to be correct? Reply with a number from 0 (certainly wrong) to 10 (certainly
        right) and nothing else.
        """

    /// A number in 0...10. It is the first one if the reply begins with it, else the last that is no scale: "8",
    /// "8/10", "Rating: 8 out of 10" and "On a scale from 0 to 10: 8" are all 8. `nil`: there is none.
    public static func parse(_ text: String) -> Double? {
        var numbers: [Double] = []
        var rest = text[...]
        var before = text[text.startIndex..<text.startIndex]
        while let start = rest.firstIndex(where: isDigit) {
            before = rest[..<start]
            let end = rest[start...].firstIndex { !isDigit($0) && $0 != "." } ?? rest.endIndex
            var number = rest[start..<end]
            while number.last == "." { number = number.dropLast() }
            rest = rest[end...]
            guard let value = Double(number), value <= 10, before.last != "-" else { continue }
            let isFirst = numbers.isEmpty && before.allSatisfy { $0.isWhitespace || $0.isPunctuation || $0.isSymbol }
            if isFirst { return value }
            if !isScale(before) || numbers.isEmpty { numbers.append(value) }
        }
        return numbers.last
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

    /// Whether the number behind this text is what another one is out of.
    private static func isScale(_ before: Substring) -> Bool {
        var text = before
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return text.hasSuffix("/") || text.hasSuffix("out of")
    }
}
