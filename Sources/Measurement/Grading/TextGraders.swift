internal import Foundation

/// The whole answer equals the target.
package struct ExactGrader: ComparingGrader {
    package let name = "exact"
    package let version = "1.0.0"
    private let ignoresCase: Bool
    private let normalisesSpace: Bool

    package init(ignoresCase: Bool = false, normalisesSpace: Bool = true) {
        self.ignoresCase = ignoresCase
        self.normalisesSpace = normalisesSpace
    }

    package func extract(_ text: String) -> Extraction? {
        let value = canonical(GradingLimits.bounded(text))
        return value.isEmpty ? nil : Extraction(value: value, stage: "whole", isMarked: true)
    }

    package func isRight(_ extraction: Extraction, target: String) -> Bool { extraction.value == canonical(target) }

    private func canonical(_ text: String) -> String {
        var result = text.precomposedStringWithCompatibilityMapping
        if normalisesSpace { result = result.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        return ignoresCase ? result.lowercased() : result
    }
}

/// What a pattern finds equals the target.
package struct RegexGrader: ComparingGrader {
    package let name = "regex"
    package let version = "1.0.0"
    // Sendable: NSRegularExpression is immutable and documented as safe to use from several threads.
    private let expression: NSRegularExpression
    private let group: Int
    private let takesLast: Bool
    private let ignoresCase: Bool

    /// - Parameter group: the capture group that is the answer; 0: the whole match.
    /// - Throws: `GraderError` for a pattern that is none, or a group that it lacks.
    package init(pattern: String, group: Int? = nil, takesLast: Bool = true, ignoresCase: Bool = false)
        throws(GraderError)
    {
        do {
            expression = try NSRegularExpression(
                pattern: pattern, options: ignoresCase ? [.caseInsensitive, .anchorsMatchLines] : [.anchorsMatchLines])
        } catch {
            throw GraderError(parameter: "pattern", message: "not a regular expression: \(pattern)")
        }
        let wanted = group ?? min(1, expression.numberOfCaptureGroups)
        guard (0...expression.numberOfCaptureGroups).contains(wanted) else {
            throw GraderError(
                parameter: "group", message: "the pattern has \(expression.numberOfCaptureGroups) groups, not \(wanted)"
            )
        }
        self.group = wanted
        self.takesLast = takesLast
        self.ignoresCase = ignoresCase
    }

    package func extract(_ text: String) -> Extraction? {
        // Patterns may backtrack: 64 KiB from the end are searched, no more.
        let bounded = text.utf8.count <= 1 << 16 ? text : String(decoding: text.utf8.suffix(1 << 16), as: UTF8.self)
        let all = NSRange(bounded.startIndex..., in: bounded)
        var match: NSTextCheckingResult?
        var seen = 0
        // The engine reports as it backtracks; counting its reports bounds the work, the same on every machine.
        var reports = 0
        expression.enumerateMatches(in: bounded, options: .reportProgress, range: all) { result, _, stop in
            guard let result else {
                reports += 1
                if reports > 2_000 { stop.pointee = true }
                return
            }
            match = result
            seen += 1
            if !takesLast || seen > 10_000 { stop.pointee = true }
        }
        guard let found = match, let range = Range(found.range(at: group), in: bounded) else { return nil }
        return Extraction(value: canonical(String(bounded[range])), stage: "pattern", isMarked: true)
    }

    package func isRight(_ extraction: Extraction, target: String) -> Bool {
        extraction.value == canonical(target) || extract(target)?.value == extraction.value
    }

    private func canonical(_ text: String) -> String {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return ignoresCase ? trimmed.lowercased() : trimmed
    }
}

/// A letter of a multiple-choice question: marked, boxed, after "answer", in brackets, or alone on the last line. Never
/// a letter inside a word.
package struct ChoiceGrader: ComparingGrader {
    package let name = "choice"
    package let version = "1.0.0"
    private let letters: Set<Character>

    package init(letters: String = "ABCDEFGHIJ") {
        self.letters = Set(letters.uppercased())
    }

    private static let phrases = [
        "answer is", "answer:", "answer =", "answer**:", "correct option is", "correct choice is", "option", "####",
    ]

    package func extract(_ raw: String) -> Extraction? {
        let text = GradingLimits.bounded(raw)
        for range in text.ranges(of: "\\boxed").reversed() {
            var reader = NumberText.GroupReader(rest: text[range.upperBound...])
            if let content = reader.group(), let letter = letter(startOf: unwrapped(content)[...]) {
                return found(letter, "boxed", true)
            }
        }
        let lower = text.lowercased()
        if lower.count == text.count {
            let ends = Self.phrases.flatMap { lower.ranges(of: $0).map(\.upperBound) }.sorted().reversed()
            for end in ends {
                let start = text.index(text.startIndex, offsetBy: lower.distance(from: lower.startIndex, to: end))
                if let letter = letter(startOf: text[start...]) { return found(letter, "phrase", true) }
            }
        }
        let line = text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) } ?? ""
        if let letter = letter(startOf: line) { return found(letter, "last_line", line.count <= 4) }
        return bracketed(in: line).map { found($0, "bracketed", false) }
    }

    package func isRight(_ extraction: Extraction, target: String) -> Bool {
        let wanted = target.trimmingCharacters(in: .whitespacesAndNewlines)
        return extraction.value == wanted.uppercased() || extract(wanted)?.value == extraction.value
    }

    private func found(_ letter: Character, _ stage: String, _ isMarked: Bool) -> Extraction {
        Extraction(value: String(letter), stage: stage, isMarked: isMarked)
    }

    private func unwrapped(_ content: String) -> String {
        NumberText.normalised("\\" + "text{" + content + "}").trimmingCharacters(in: .whitespaces)
            .replacingOccurrences(of: "\\text{", with: "")
    }

    /// The letter that a text begins with, brackets and emphasis aside, if a word does not go on behind it.
    private func letter(startOf text: Substring) -> Character? {
        let rest = text.drop { $0.isWhitespace || "(*[_`:\"'{$".contains($0) }
        guard let first = rest.first,
            letters.contains(first) || letters.contains(Character(first.uppercased())) && isBracketed(text)
        else {
            return nil
        }
        let next = rest.dropFirst().first
        guard next.map({ !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’" }) ?? true else { return nil }
        // The article and the pronoun are no choices: "A train …", "I think …".
        if first == "A" || first == "I", next == " ", rest.dropFirst(2).first?.isLowercase == true { return nil }
        return Character(first.uppercased())
    }

    private func isBracketed(_ text: Substring) -> Bool { text.drop(while: \.isWhitespace).first == "(" }

    private func bracketed(in line: Substring) -> Character? {
        var last: Character?
        for range in line.ranges(of: "(") {
            let inside = line[range.upperBound...]
            guard let letter = inside.first, letters.contains(Character(letter.uppercased())),
                inside.dropFirst().first == ")"
            else {
                continue
            }
            last = Character(letter.uppercased())
        }
        return last
    }
}
