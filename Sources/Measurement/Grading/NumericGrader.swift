/// Compares numbers exactly, found by stages: a marker, `\boxed{}`, "the answer is", the last number of the last paragraph.
///
/// Which stage fired is recorded; the first three are marked answers, the last is a guess that `strictScore` does not
/// count. Percentages equal the number before the sign, and the share it stands for. No part of a number ever equals a
/// number.
package struct NumericGrader: Grader {
    package let name = "numeric"
    package let version = "1.0.0"
    private let marker: String
    private let tolerance: Double
    private let relativeTolerance: Double

    package init(marker: String = "####", tolerance: Double = 0, relativeTolerance: Double = 0) {
        self.marker = marker
        self.tolerance = tolerance
        self.relativeTolerance = relativeTolerance
    }

    package func extract(_ text: String) -> Extraction? {
        find(text).map { Extraction(value: $0.number.value.key, stage: $0.stage, isMarked: $0.isMarked) }
    }

    package func grade(answer: String, target: String, unfinished: Bool) -> Grade {
        let found = find(answer)
        if unfinished {
            return Grade(
                score: 0, strictScore: 0, extracted: nil, stage: "unfinished",
                explanation: found.map { "cut off; it would have been read as \($0.number.value.key)" } ?? "cut off")
        }
        guard let found else {
            return Grade(score: 0, strictScore: 0, extracted: nil, stage: "none", explanation: "no number found")
        }
        guard let wanted = find(target) else {
            return Grade(
                score: 0, strictScore: 0, extracted: found.number.value.key, stage: found.stage,
                explanation: "the target holds no number")
        }
        let score = areEqual(found.number, wanted.number) ? 1.0 : 0.0
        return Grade(
            score: score, strictScore: found.isMarked ? score : 0, extracted: found.number.value.key, stage: found.stage
        )
    }

    private func areEqual(_ a: FoundNumber, _ b: FoundNumber) -> Bool {
        if a.value.key == b.value.key { return true }
        if a.isPercent != b.isPercent {
            let share = a.isPercent ? a.value.hundredth : b.value.hundredth
            if let share, share.key == (a.isPercent ? b : a).value.key { return true }
        }
        guard tolerance > 0 || relativeTolerance > 0 else { return false }
        let difference = abs(a.value.approximate - b.value.approximate)
        return difference <= tolerance || difference <= relativeTolerance * abs(b.value.approximate)
    }

    // MARK: Stages

    private struct Found {
        var number: FoundNumber
        var stage: String
        var isMarked: Bool
    }

    private func find(_ raw: String) -> Found? {
        let whole = NumberText.normalised(GradingLimits.bounded(raw))
        let wholeBytes = Array(whole.utf8)
        let text = withoutFollowOn(whole, wholeBytes)
        let bytes = text.utf8.count == wholeBytes.count ? wholeBytes : Array(text.utf8)
        if let number = marked(bytes) { return Found(number: number, stage: "marker", isMarked: true) }
        if let number = boxed(text, bytes) { return Found(number: number, stage: "boxed", isMarked: true) }
        if let number = phrase(bytes) { return Found(number: number, stage: "phrase", isMarked: true) }
        // A text that is a number and little else is its own answer.
        if let number = alone(text) { return Found(number: number, stage: "alone", isMarked: true) }
        if let number = lastOfLastParagraph(text) {
            return Found(number: number, stage: "last_number", isMarked: false)
        }
        return nil
    }

    /// Models go on after their answer with a question of their own. What comes behind it is not about this item; a
    /// text that begins with a question recites its examples, and its last answer counts.
    private func withoutFollowOn(_ text: String, _ bytes: [UInt8]) -> String {
        guard mayHoldQuestion(bytes) else { return text }
        let lower = ByteSearch.lowercased(bytes)
        guard ["question", "problem", "\nq", "*q"].contains(where: { ByteSearch.contains($0, in: lower) }) else {
            return text
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }), !isQuestion(first) else {
            return text
        }
        var hasAnswer = false
        for (index, line) in lines.enumerated() {
            if hasAnswer, isQuestion(line) { return lines[..<index].joined(separator: "\n") }
            if line.contains(marker) || line.contains("\\boxed") || line.lowercased().contains("answer") {
                hasAnswer = true
            }
        }
        return text
    }

    /// Whether a line after the first may be a question by its first letter. Most texts have no such line, and lines are
    /// taken apart character by character only in those that do.
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

    private func marked(_ bytes: [UInt8]) -> FoundNumber? {
        for place in ByteSearch.places(of: Array(marker.utf8), in: bytes).reversed() {
            if let number = answer(in: line(of: bytes, from: place + marker.utf8.count)) { return number }
        }
        return nil
    }

    private func boxed(_ text: String, _ bytes: [UInt8]) -> FoundNumber? {
        for command in ["\\boxed", "\\fbox"] {
            for place in ByteSearch.places(of: Array(command.utf8), in: bytes).reversed() {
                let start = text.utf8.index(text.startIndex, offsetBy: place + command.utf8.count)
                var reader = NumberText.GroupReader(rest: text[start...])
                if let content = reader.group(), let number = answer(in: content) { return number }
            }
        }
        return nil
    }

    private static let phrases = [
        "answer is", "answer:", "answer =", "answer would be", "answer will be", "answer**:",
        "answer to the question is",
    ].map { Array($0.utf8) }

    private func phrase(_ bytes: [UInt8]) -> FoundNumber? {
        let lower = ByteSearch.lowercased(bytes)
        guard ByteSearch.contains("answer", in: lower) else { return nil }
        let ends = Self.phrases.flatMap { phrase in ByteSearch.places(of: phrase, in: lower).map { $0 + phrase.count } }
        for end in ends.sorted().reversed() {
            var start = end
            // The number may stand on the next line.
            while start < bytes.count, " \n\r\t*:".utf8.contains(bytes[start]) { start += 1 }
            if let number = answer(in: line(of: bytes, from: start)) { return number }
        }
        return nil
    }

    private func line(of bytes: [UInt8], from start: Int) -> String {
        let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        return String(decoding: bytes[start..<end], as: UTF8.self)
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
