import EvalhNumbers
import EvalhPluginKit

/// Finds the answer of a text that should be a number: see the stages of `NumericGrader`.
struct NumericReader {
    struct Reading {
        var number: FoundNumber
        var found: FoundAnswer

        init(_ number: FoundNumber, _ stage: String, isMarked: Bool = true) {
            self.number = number
            found = FoundAnswer(number.canonical, stage: stage, isMarked: isMarked)
        }
    }

    enum Result {
        case number(Reading)
        /// The answer's text.
        case notANumber(String)
        case nothing

        var number: Reading? {
            if case .number(let reading) = self { return reading }
            return nil
        }
    }

    let marker: String

    func find(_ raw: String) -> Result {
        let places = AnswerPlaces(NumberText.normalised(TextLimit.end(of: raw))).withoutFollowOn(marker: marker)
        var boxed: (start: Int, result: Result)?
        for command in ["\\boxed", "\\fbox"] where boxed == nil {
            boxed = first(places.places(boxedBy: command), "boxed") { NumberAnswer(whole: $0) }
        }
        let phrase = first(phrasePlaces(places), "phrase") { NumberAnswer(sentence: $0) }
        if let marked = marked(places) {
            // A heading may look like an answer; what is said behind it tells.
            let isLast = marked.start > (boxed?.start ?? -1) && marked.start > (phrase?.start ?? -1)
            if isLast || !marked.isHeading || boxed == nil && phrase == nil { return marked.result }
        }
        if let boxed { return boxed.result }
        if let phrase { return phrase.result }
        // A text that is a number and little else is its own answer.
        if let result = alone(places.text) { return result }
        return last(places.bytes).map { .number(Reading($0, "last_number", isMarked: false)) } ?? .nothing
    }

    /// The first place that holds an answer.
    private func first(
        _ places: some Sequence<AnswerPlaces.Place>, _ stage: String, _ read: (String) -> NumberAnswer
    ) -> (start: Int, result: Result)? {
        for place in places {
            switch read(place.text) {
            case .number(let number): return (place.start, .number(Reading(number, stage)))
            case .notANumber: return (place.start, .notANumber(place.text))
            case .nothing: continue
            }
        }
        return nil
    }

    // MARK: Stages

    private static let phrases = [
        "answer is", "answer:", "answer =", "answer would be", "answer will be", "answer**:",
        "answer to the question is", "answer should be", "answer must be",
    ].map { Array($0.utf8) }

    /// The number may stand on the line after the phrase.
    private func phrasePlaces(_ places: AnswerPlaces) -> some Sequence<AnswerPlaces.Place> {
        places.ends(of: Self.phrases).lazy.map {
            AnswerPlaces.Place(start: $0, text: places.line(from: $0, skipping: " \n\r\t*:"))
        }
    }

    /// The last answer behind a marker, headings aside.
    private func marked(_ places: AnswerPlaces) -> (start: Int, isHeading: Bool, result: Result)? {
        let isHeadingMark = !marker.isEmpty && marker.allSatisfy { $0 == "#" }
        let end = places.bytes.lastIndex { $0 > 0x20 } ?? 0
        for place in places.places(behind: marker) {
            let isLastLine = place.start + place.text.utf8.count >= end
            let heading = Heading(place.text)
            if isHeadingMark, heading.isCertain || heading.isLikely && !isLastLine { continue }
            switch NumberAnswer(sentence: place.text) {
            case .number(let number):
                return (place.start, isHeadingMark, .number(Reading(number, "marker")))
            case .notANumber: return (place.start, isHeadingMark, .notANumber(place.text))
            case .nothing: continue
            }
        }
        return nil
    }

    private func alone(_ text: String) -> Result? {
        guard text.utf8.count <= 400 else { return nil }
        let trimmed = text.drop(while: \.isWhitespace)
        guard trimmed.utf8.count <= 200, !trimmed.contains("\n\n") else { return nil }
        let words = trimmed.split { !($0.isLetter) }
        let answer = NumberAnswer(whole: String(trimmed))
        if let number = answer.number {
            let isOne = NumberScanner(String(trimmed), isWhole: true).all().count == 1
            return isOne && words.count <= 2 ? .number(Reading(number, "alone")) : nil
        }
        // A formula is an answer, too; words are not, nor is a text of several lines.
        let symbols = NumberSurroundings.words(Array(trimmed.utf8)).filter { !NumberSurroundings.styles.contains($0) }
        let isFormula = symbols.allSatisfy {
            $0.hasPrefix("\\") || $0.utf8.count == 1 || ["and", "or", "pmatrix", "bmatrix", "matrix"].contains($0)
        }
        let isEmpty = symbols.isEmpty && !trimmed.utf8.contains { NumberAnswer.isDigit($0) }
        guard case .notANumber = answer, isFormula, !isEmpty, !trimmed.contains("\n") else { return nil }
        return .notANumber(String(trimmed))
    }

    /// The last number of the last paragraph that holds one.
    private func last(_ bytes: [UInt8]) -> FoundNumber? {
        var rest = bytes[...]
        for _ in 0..<3 {
            let (paragraph, before) = Self.lastParagraph(of: rest)
            if let number = NumberScanner(String(decoding: paragraph, as: UTF8.self)).all().last { return number }
            guard Self.isClosing(paragraph) else { return nil }
            rest = before
        }
        return nil
    }

    /// Whether a paragraph without a number may follow an answer: it is short, and does not say that there is none.
    private static func isClosing(_ paragraph: ArraySlice<UInt8>) -> Bool {
        guard paragraph.count <= 400 else { return false }
        let text = ByteSearch.lowercased(Array(paragraph))
        return ![
            "no solution", "no answer", "none", "cannot", "can't", "can’t", "unable", "impossible", "not possible",
        ]
        .contains { ByteSearch.contains($0, in: text) }
    }

    /// The last lines before an empty one, of very long ones the end, and what stands before them.
    private static func lastParagraph(of bytes: ArraySlice<UInt8>) -> (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        var end = bytes.endIndex
        while end > bytes.startIndex, bytes[end - 1] <= 0x20 { end -= 1 }
        var start = end
        var isEmpty = false
        while start > bytes.startIndex {
            let byte = bytes[start - 1]
            if byte == UInt8(ascii: "\n") {
                if isEmpty { break }
                isEmpty = true
            } else if byte > 0x20 {
                isEmpty = false
            }
            start -= 1
        }
        let before = bytes[..<start]
        guard end - start > 8_192 else { return (bytes[start..<end], before) }
        // A number that is cut in two is none.
        let cut = bytes[(end - 8_192)..<end].drop { $0 > 0x20 }
        return (cut, before)
    }
}

/// Whether what follows `####` is a heading: `5. Sum of squares`, `Step 2: …`.
struct Heading {
    var isCertain = false
    /// Words stand where an answer's number should; on the text's last line they may lead to it.
    var isLikely = false

    init(_ line: String) {
        let text = line.utf8.drop { $0 == 0x20 || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "#") }
        let digits = text.prefix { (48...57).contains($0) || $0 == UInt8(ascii: ".") }
        let rest = text.dropFirst(digits.count)
        if let last = digits.last {
            let isNumbered =
                last == UInt8(ascii: ".") || rest.first == UInt8(ascii: ")") || rest.first == UInt8(ascii: ":")
            let title = rest.drop { !NumberAnswer.isLetter($0) && !(48...57).contains($0) && $0 != UInt8(ascii: "\\") }
            isCertain = isNumbered && title.first.map { NumberAnswer.isLetter($0) } == true
            return
        }
        let words = NumberSurroundings.words(Array(text)).map { $0.lowercased() }
        guard let first = words.first, text.first.map({ NumberAnswer.isLetter($0) }) == true else { return }
        isCertain = Self.titles.contains(first)
        isLikely =
            !words.allSatisfy { Self.fillers.contains($0) || $0.utf8.count == 1 }
            && !Self.fillers.contains(first)
    }

    private static let titles: Set<String> = [
        "step", "part", "case", "section", "method", "example", "approach", "solution", "chapter", "task", "question",
        "problem", "subproblem", "stage", "phase", "option", "note", "lemma", "theorem", "definition",
    ]
    private static let fillers: Set<String> = [
        "about", "approximately", "approx", "roughly", "around", "exactly", "only", "usd", "eur", "rs", "negative",
        "minus", "the", "a", "total", "of", "is", "answer", "final", "result", "x", "and", "or",
    ]
}
