import EvalhMath
import EvalhNumbers

/// Finds where a text gives its answer as mathematics, a choice or words.
struct MathAnswerFinder {
    struct Place {
        var text: String
        var stage: String
        var isMarked = true
    }

    let answers: MathAnswers

    /// Texts that are an answer and nothing else are no longer than this.
    private static let lengthAlone = 300

    func find(_ raw: String) -> Place? {
        let places = AnswerPlaces(TextLimit.end(of: raw))
        if let place = marked(places) { return place }
        if let text = alone(places.text) { return Place(text: text, stage: "alone") }
        return last(places.text)
    }

    /// What the text itself says is its answer.
    func marked(_ places: AnswerPlaces) -> Place? {
        if let text = boxed(places) { return Place(text: text, stage: "boxed") }
        for end in places.ends(of: Self.phrases).prefix(4) {
            let line = places.line(from: end, skipping: " \n\r\t*:")
            // A displayed formula has lines of its own.
            let isOpen = line.hasPrefix("$$") || line.hasPrefix("\\[")
            let display = isOpen ? MathSegments(String(places.rest(from: end).prefix(Self.lengthOfEnd))).first : nil
            if let text = display ?? answer(in: line) { return Place(text: text, stage: "phrase") }
        }
        // A heading has the same mark: only what stands last is an answer.
        if let line = places.behind("####").first(where: { _ in true }), !Self.trimmed(line).isEmpty,
            Self.trimmed(places.text).hasSuffix(Self.trimmed(line)), let text = answer(in: line)
        {
            return Place(text: text, stage: "marker")
        }
        return nil
    }

    // MARK: Boxes

    /// The last box that holds something; boxes side by side are one list.
    private func boxed(_ places: AnswerPlaces) -> String? {
        for command in ["\\boxed", "\\fbox"] {
            guard let content = places.boxed(by: command).first(where: { !Self.isEmpty($0) }) else { continue }
            return neighbours(of: content, command, in: places) ?? content
        }
        return nil
    }

    private static func isEmpty(_ content: String) -> Bool { content.allSatisfy { " \n\t_.~".contains($0) } }

    /// Up to this many boxes stand together.
    private static let maximumNeighbours = 12

    /// The boxes of a line, if nothing but commas and "and" stands between them; `nil`: there is one.
    private func neighbours(of content: String, _ command: String, in places: AnswerPlaces) -> String? {
        let found = ByteSearch.places(of: Array(command.utf8), in: places.bytes).suffix(Self.maximumNeighbours)
        guard found.count > 1, let last = found.last,
            let first = found.first(where: { !places.bytes[$0..<last].contains(UInt8(ascii: "\n")) }), first < last
        else { return nil }
        var contents: [String] = []
        var reader = BraceReader(Substring(places.line(from: first)))
        var rest = reader.rest
        while let range = rest.firstRange(of: command) {
            if !contents.isEmpty, !Self.connects(rest[..<range.lowerBound]) { contents = [] }
            reader = BraceReader(rest[range.upperBound...])
            guard let content = reader.group() else { break }
            if !Self.isEmpty(content) { contents.append(content) }
            rest = reader.rest
        }
        return contents.count > 1 && contents.last == content ? contents.joined(separator: " , ") : nil
    }

    private static func connects(_ between: Substring) -> Bool {
        let words = between.split { !$0.isLetter }
        let allowed: Set<Substring> = ["and", "or", "text", "quad", "qquad"]
        return between.utf8.count < 40 && words.allSatisfy(allowed.contains) && !between.contains("=")
    }

    // MARK: Sentences

    private static let phrases = [
        "answer is", "answer:", "answer =", "answer would be", "answer will be", "answer**:", "answer:**",
        "answer to the question is", "answer**",
    ].map { Array($0.utf8) }

    /// The answer of what stands behind a phrase: its formulas, or the sentence.
    private func answer(in line: String) -> String? {
        let content = Self.trimmed(line)
        if content.isEmpty { return nil }
        if let formula = MathSegments(content).first { return formula }
        if answers.canonical(content) != nil { return content }
        for end in [". ", ", ", " because ", " since ", " which ", "**", ";"] {
            guard let range = content.firstRange(of: end) else { continue }
            let part = Self.trimmed(String(content[..<range.lowerBound]))
            if !part.isEmpty, answers.canonical(part) != nil { return part }
        }
        return content
    }

    private func alone(_ text: String) -> String? {
        let content = Self.trimmed(text)
        guard !content.isEmpty, content.utf8.count <= Self.lengthAlone, !content.contains("\n\n") else { return nil }
        if let formula = MathSegments(content).only { return formula }
        let words = content.split { $0 == " " || $0 == "\n" }.count
        return words <= 12 && !content.contains(". ") && answers.canonical(content) != nil ? content : nil
    }

    /// What of a text's end is looked through for a guess.
    private static let lengthOfEnd = 4000

    /// The last formula or number of the last paragraph that has one: a guess.
    private func last(_ text: String) -> Place? {
        for paragraph in String(text.suffix(Self.lengthOfEnd)).split(separator: "\n\n").reversed().prefix(8) {
            let segments = MathSegments(String(paragraph))
            // A number behind the last formula is nearer to the end.
            if let number = number(in: segments.rest) { return number }
            if let formula = segments.last { return Place(text: formula, stage: "last_formula", isMarked: false) }
        }
        return nil
    }

    /// The last number of some words, brackets aside.
    private func number(in words: String) -> Place? {
        let plain = words.split(separator: "(", omittingEmptySubsequences: false).enumerated().map { index, part in
            index == 0 ? part : part.drop { $0 != ")" }
        }.joined(separator: " ")
        let numbers = NumberScanner(NumberText.normalised(plain)).all()
        return numbers.last.map { Place(text: $0.value.key, stage: "last_number", isMarked: false) }
    }

    /// Without white space and Markdown's marks at both ends.
    static func trimmed(_ text: String) -> String {
        let isMark = { (character: Character) in character.isWhitespace || "*_`#".contains(character) }
        var result = text.drop(while: isMark)
        while let last = result.last, isMark(last) || last == "." { result.removeLast() }
        return String(result)
    }
}
