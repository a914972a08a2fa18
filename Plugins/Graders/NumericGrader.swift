import EvalhNumbers
import EvalhPluginKit

struct NumericParameters: PluginParameters {
    @Parameter("Text before the answer; the last one counts.") var marker = "####"
    @Parameter("Absolute difference that is still right; 0: exact.", range: 0...) var tolerance = 0.0
    @Parameter("Difference relative to the target that is still right.", range: 0...) var relativeTolerance = 0.0
}

/// Compares numbers exactly. No part of a number ever equals a number.
struct NumericGrader: ExtractingGrader {
    static let descriptor = Descriptor(
        id: "numeric", version: "1.0.0", title: "The number of the answer equals the target's",
        description: """
            Stages, the first that finds a number counts: `marker` (behind the last `####`), `boxed` (`\\boxed{}`),
            `phrase` ("the answer is" and the like), `alone` (the text is a number and little else), `last_number` (the
            last number of the last paragraph), which is a guess that the strict score does not count. What follows a
            question that the model asks itself is not read.

            Numbers of any length are compared exactly, fractions too: `1,234.50`, `2469/2` and `1.2345e3` are equal.
            A percentage equals the number before the sign, and the share it stands for.
            """,
        source: "evalh; the marker is GSM8K's (Cobbe et al. 2021, arXiv:2110.14168)")

    private let parameters: NumericParameters

    init(parameters: NumericParameters) { self.parameters = parameters }

    func extract(_ text: String) -> Extraction? { find(text)?.found.extraction }

    func grade(_ input: GradeInput) -> Grade {
        let answer = find(input.answer)
        if input.isUnfinished { return .unfinished(answer?.found) }
        guard let answer else { return .noAnswer("no number found") }
        guard let wanted = find(input.target) else {
            return Grade(answer.found, isRight: false, explanation: "the target holds no number")
        }
        return Grade(answer.found, isRight: areEqual(answer.number, wanted.number))
    }

    private func areEqual(_ a: FoundNumber, _ b: FoundNumber) -> Bool {
        if a.value.key == b.value.key { return true }
        if a.isPercent != b.isPercent {
            let share = a.isPercent ? a.value.hundredth : b.value.hundredth
            if let share, share.key == (a.isPercent ? b : a).value.key { return true }
        }
        guard parameters.tolerance > 0 || parameters.relativeTolerance > 0 else { return false }
        let difference = abs(a.value.approximate - b.value.approximate)
        return difference <= parameters.tolerance
            || difference <= parameters.relativeTolerance * abs(b.value.approximate)
    }

    // MARK: Stages

    private struct Reading {
        var number: FoundNumber
        var found: FoundAnswer

        init(_ number: FoundNumber, _ stage: String, isMarked: Bool = true) {
            self.number = number
            found = FoundAnswer(number.value.key, stage: stage, isMarked: isMarked)
        }
    }

    private func find(_ raw: String) -> Reading? {
        let places = withoutFollowOn(AnswerPlaces(NumberText.normalised(TextLimit.end(of: raw))))
        if let number = number(in: places.behind(parameters.marker)) { return Reading(number, "marker") }
        for command in ["\\boxed", "\\fbox"] {
            if let number = number(in: places.boxed(by: command)) { return Reading(number, "boxed") }
        }
        // The number may stand on the line after the phrase.
        let phrases = places.ends(of: Self.phrases).lazy.map { places.line(from: $0, skipping: " \n\r\t*:") }
        if let number = number(in: phrases) { return Reading(number, "phrase") }
        // A text that is a number and little else is its own answer.
        if let number = alone(places.text) { return Reading(number, "alone") }
        return lastOfLastParagraph(places.text).map { Reading($0, "last_number", isMarked: false) }
    }

    private static let phrases = [
        "answer is", "answer:", "answer =", "answer would be", "answer will be", "answer**:",
        "answer to the question is",
    ].map { Array($0.utf8) }

    private func number(in candidates: some Sequence<String>) -> FoundNumber? {
        for candidate in candidates {
            if let number = answer(in: candidate) { return number }
        }
        return nil
    }

    /// Models go on after their answer with a question of their own. What comes behind it is not about this item; a
    /// text that begins with a question recites its examples, and its last answer counts.
    private func withoutFollowOn(_ places: AnswerPlaces) -> AnswerPlaces {
        guard mayHoldQuestion(places.bytes) else { return places }
        let lower = ByteSearch.lowercased(places.bytes)
        guard ["question", "problem", "\nq", "*q"].contains(where: { ByteSearch.contains($0, in: lower) }) else {
            return places
        }
        let lines = places.text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }), !isQuestion(first) else {
            return places
        }
        var hasAnswer = false
        for (index, line) in lines.enumerated() {
            if hasAnswer, isQuestion(line) { return AnswerPlaces(lines[..<index].joined(separator: "\n")) }
            if line.contains(parameters.marker) || line.contains("\\boxed") || line.lowercased().contains("answer") {
                hasAnswer = true
            }
        }
        return places
    }

    /// Whether a line after the first may be a question by its first letter. Most texts have no such line, and lines
    /// are taken apart character by character only in those that do.
    private func mayHoldQuestion(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            var isAtStart = false
            for byte in bytes {
                switch byte {
                case UInt8(ascii: "\n"): isAtStart = true
                // White space and what marks a heading; some control characters count as white space, too.
                case 0...0x20, UInt8(ascii: "*"), UInt8(ascii: "#"): break
                case UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "q"), UInt8(ascii: "Q"), 0x80...:
                    if isAtStart { return true }
                default: isAtStart = false
                }
            }
            return false
        }
    }

    private func isQuestion(_ line: Substring) -> Bool {
        let start = line.drop { $0.isWhitespace || $0 == "*" || $0 == "#" }.lowercased()
        for word in ["question", "problem", "q"] where start.hasPrefix(word) {
            let rest = start.dropFirst(word.count).drop { $0 == " " || $0.isNumber }
            if rest.first == ":" || rest.first == "." && word != "q" { return true }
        }
        return false
    }

    private func alone(_ text: String) -> FoundNumber? {
        guard text.utf8.count <= 400 else { return nil }
        let trimmed = text.drop(while: \.isWhitespace)
        guard trimmed.utf8.count <= 200, !trimmed.contains("\n\n") else { return nil }
        let numbers = NumberScanner(String(trimmed), isWhole: true).all()
        guard numbers.count == 1, let number = numbers.first else { return nil }
        let words = trimmed.split { !($0.isLetter) }
        return words.count <= 2 ? number : nil
    }

    private func lastOfLastParagraph(_ text: String) -> FoundNumber? {
        var paragraph: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).reversed() {
            if line.allSatisfy(\.isWhitespace) {
                if paragraph.isEmpty { continue }
                break
            }
            paragraph.append(line)
        }
        return NumberScanner(paragraph.reversed().joined(separator: "\n")).all().last
    }

    /// The number of a marked answer: behind the last `=`, the first there is.
    private func answer(in content: String) -> FoundNumber? {
        for part in content.split(separator: "=", omittingEmptySubsequences: true).reversed() {
            let text = String(part)
            let isWhole = text.filter(\.isLetter).count <= 24
            if let number = NumberScanner(text, isWhole: isWhole).all().first { return number }
        }
        return nil
    }
}
