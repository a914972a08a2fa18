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
    /// What of a line, and of a text's end, is looked through.
    private static let lengthOfEnd = 4000

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
        if let line = places.behind("####").first(where: { _ in true }), line.utf8.count <= Self.lengthOfEnd,
            !Self.trimmed(line).isEmpty, Self.trimmed(places.text).hasSuffix(Self.trimmed(line)),
            let text = answer(in: line)
        {
            return Place(text: text, stage: "marker")
        }
        return nil
    }

    // MARK: Boxes

    /// The last box that holds something; boxes side by side are one list.
    private func boxed(_ places: AnswerPlaces) -> String? {
        for command in ["\\boxed", "\\fbox"] {
            let boxes = places.boxes(of: command)
            guard let last = boxes.lastIndex(where: { !Self.isEmpty(places.bytes[$0]) }) else { continue }
            var contents = [Self.text(places.bytes[boxes[last]])]
            for (index, next) in zip(boxes.indices, boxes.dropFirst()).prefix(last).reversed() {
                guard contents.count < Self.maximumNeighbours, boxes[index].upperBound < next.lowerBound,
                    Self.connects(places.bytes[boxes[index].upperBound..<next.lowerBound])
                else { break }
                if !Self.isEmpty(places.bytes[boxes[index]]) {
                    contents.append(Self.text(places.bytes[boxes[index]]))
                }
            }
            return contents.reversed().joined(separator: " , ")
        }
        return nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func isEmpty(_ content: ArraySlice<UInt8>) -> Bool {
        content.allSatisfy { " \n\t_.~".utf8.contains($0) }
    }

    /// Up to this many boxes stand together.
    private static let maximumNeighbours = 12

    private static let connectives: Set<Substring> = ["and", "or", "text", "quad", "qquad", "boxed", "fbox"]

    /// Whether nothing but commas, "and" and "or" stands between two boxes of a line.
    private static func connects(_ between: ArraySlice<UInt8>) -> Bool {
        // The end of one box and the command of the next.
        guard between.count < 40, !between.contains(UInt8(ascii: "\n")), !between.contains(UInt8(ascii: "=")) else {
            return false
        }
        let words = text(between).split { !$0.isLetter }
        return words.allSatisfy(Self.connectives.contains)
    }

    // MARK: Sentences

    private static let phrases = [
        "answer is", "answer:", "answer =", "answer would be", "answer will be", "answer**:", "answer:**",
        "answer to the question is", "answer**",
    ].map { Array($0.utf8) }

    /// The answer of what stands behind a phrase: its formulas, or the sentence.
    private func answer(in line: String) -> String? {
        let content = Self.trimmed(String(decoding: line.utf8.prefix(Self.lengthOfEnd), as: UTF8.self))
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
        if text.utf8.count > Self.lengthOfEnd { return nil }
        let content = Self.trimmed(text)
        guard !content.isEmpty, content.utf8.count <= Self.lengthAlone, !content.contains("\n\n") else { return nil }
        if let formula = MathSegments(content).only { return formula }
        let words = content.split { $0 == " " || $0 == "\n" }.count
        return words <= 12 && !content.contains(". ") && answers.canonical(content) != nil ? content : nil
    }

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
