/// Sums that stand in a text, such as `44 - 19 = 25`.
enum Sums {
    /// More are not looked at.
    private static let most = 64

    /// Each as a line of Python that fails where the sum does not hold. Only digits, blanks, points and `+ - * /` come
    /// into it: what a model writes is not run.
    static func assertions(in text: String) -> [String] {
        var found: [String] = []
        for part in text.split(whereSeparator: { "\n;,#".contains($0) }) where found.count < most {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false).map(trimmed)
            guard sides.count == 2, isNumber(sides[1]) else { continue }
            let left = String(sides[0].reversed().prefix { isPart($0) }.reversed()).trimmedBlanks
            guard left.contains(where: { "+-*/".contains($0) }), left.first?.isNumber == true,
                left.last?.isNumber == true,
                // An operator between two numbers each: `**` is a power, which may not end.
                left.split(omittingEmptySubsequences: false, whereSeparator: { "+-*/".contains($0) })
                    .allSatisfy(isNumber)
            else { continue }
            found.append("assert abs((\(left)) - (\(sides[1]))) < 1e-6 * max(1, abs(\(sides[1])))")
        }
        return found
    }

    private static func isPart(_ character: Character) -> Bool {
        character.isASCII && (character.isNumber || " .+-*/".contains(character))
    }

    /// Digits with at most one point between them; not so long that powers or zeros in front would surprise.
    private static func isNumber(_ text: some StringProtocol) -> Bool {
        let text = String(text).trimmedBlanks
        let halves = text.split(separator: ".", omittingEmptySubsequences: false)
        return halves.count <= 2 && text.count <= 15 && (text.count == 1 || text.first != "0" || halves.count == 2)
            && halves.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber } }
    }

    private static func trimmed(_ text: Substring) -> String { String(text).trimmedBlanks }
}

extension String {
    fileprivate var trimmedBlanks: String {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}
