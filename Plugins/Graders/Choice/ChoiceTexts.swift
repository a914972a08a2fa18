/// Finds options by what they say.
struct ChoiceTexts {
    /// The words of each option's text.
    private let options: [[Substring]]

    init(_ texts: [String]) {
        options = texts.map(Self.words)
    }

    /// Words in lower case, marks aside; a number keeps its point and sign.
    private static func words(_ text: String) -> [Substring] {
        let plain = text.lowercased().map { character -> Character in
            character.isLetter || character.isNumber || ".-+/%^=<>".contains(character) ? character : " "
        }
        return String(plain).split(separator: " ").compactMap { word in
            var word = word
            while let last = word.last, ".-".contains(last) { word.removeLast() }
            return word.isEmpty ? nil : word
        }
    }

    /// The option that the text is, or begins with: of several the longest.
    func option(startOf text: String, isWhole: Bool) -> Int? {
        var words = Self.words(text)[...]
        // "The answer is the Nile."
        let articles: Set<Substring> = ["the", "a", "an", "that", "option", "choice"]
        for _ in 0..<2 {
            if let found = longest(at: words, isWhole: isWhole) { return found }
            guard let first = words.first, articles.contains(first) else { return nil }
            words = words.dropFirst()
        }
        return longest(at: words, isWhole: isWhole)
    }

    /// The one option whose text stands in this one; `nil`: none does, or several that are no parts of one another.
    func only(in text: String) -> Int? {
        let words = Self.words(text)
        var found: Set<Int> = []
        var place = 0
        while place < words.count {
            if let option = longest(at: words[place...], isWhole: false) {
                found.insert(option)
                place += options[option].count
            } else {
                place += 1
            }
        }
        return found.count == 1 ? found.first : nil
    }

    private func longest(at words: ArraySlice<Substring>, isWhole: Bool) -> Int? {
        var best: Int?
        for (number, option) in options.enumerated() where !option.isEmpty && words.starts(with: option) {
            guard !isWhole || words.count == option.count else { continue }
            if option.count > best.map({ options[$0].count }) ?? 0 { best = number }
        }
        return best
    }
}
