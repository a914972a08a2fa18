import EvalhPluginKit

/// A line `calc: <expression>` in a completion.
struct CalculatorCall: Hashable {
    /// The completion up to the end of that line; what comes behind was written without knowing the result, and is
    /// dropped.
    let text: String
    let expression: String

    /// The first such line; `nil`: there is none. A line that was cut off does not count.
    init?(_ choice: Choice) {
        var start = choice.text.startIndex
        while start < choice.text.endIndex {
            let rest = choice.text[start...]
            let end = rest.firstIndex(where: \.isNewline)
            if end == nil, !choice.isFinished { return nil }
            let line = rest[..<(end ?? rest.endIndex)]
            if let expression = Self.expression(in: line) {
                self.text = String(choice.text[..<line.endIndex])
                self.expression = expression
                return
            }
            guard let end else { return nil }
            start = choice.text.index(after: end)
        }
        return nil
    }

    /// Without the marks that models put around it, and without a result that they add.
    private static func expression(in line: Substring) -> String? {
        let decoration = " \t*`>-#"
        var text = line.drop { decoration.contains($0) }
        guard text.prefix(5).lowercased() == "calc:" else { return nil }
        text = text.dropFirst(5).prefix { $0 != "=" }
        text = text.drop { " \t*`".contains($0) }
        while let last = text.last, " \t*`.".contains(last) { text = text.dropLast() }
        return String(text)
    }
}
