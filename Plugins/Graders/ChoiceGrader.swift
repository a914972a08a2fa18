import EvalhNumbers
import EvalhPluginKit
import Foundation

struct ChoiceParameters: PluginParameters {
    @Parameter("The letters that may be chosen.") var letters = "ABCDEFGHIJ"
}

/// A letter of a multiple-choice question. Never a letter inside a word.
struct ChoiceGrader: ComparingGrader {
    static let descriptor = Descriptor(
        id: "choice", version: "1.0.0", title: "A letter of a multiple-choice question",
        description: """
            Stages, the first that finds a letter counts: `boxed` (`\\boxed{B}`), `phrase` (behind "answer is",
            "option", `####` and the like), `last_line` (the last line begins with it), `bracketed` (`(B)` within
            the last line). Of several places of one stage the last counts. A letter counts only if no word goes on
            behind it; the article "A train" and the pronoun "I think" do not. The strict score leaves out what is
            bracketed, and last lines of more than four characters.
            """,
        source: "evalh")

    private let letters: Set<Character>

    init(parameters: ChoiceParameters) { letters = Set(parameters.letters.uppercased()) }

    private static let phrases = [
        "answer is", "answer:", "answer =", "answer**:", "correct option is", "correct choice is", "option", "####",
    ].map { Array($0.utf8) }

    func find(_ raw: String) -> FoundAnswer? {
        let text = TextLimit.end(of: raw)
        let places = AnswerPlaces(text)
        for content in places.boxed(by: "\\boxed") {
            if let letter = letter(startOf: unwrapped(content)[...]) { return found(letter, "boxed", true) }
        }
        for end in places.ends(of: Self.phrases) {
            if let letter = letter(startOf: places.rest(from: end)) { return found(letter, "phrase", true) }
        }
        let line = text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) } ?? ""
        if let letter = letter(startOf: line) { return found(letter, "last_line", line.count <= 4) }
        return bracketed(in: line).map { found($0, "bracketed", false) }
    }

    func isRight(_ answer: String, target: String) -> Bool {
        let wanted = target.trimmingCharacters(in: .whitespacesAndNewlines)
        return answer == wanted.uppercased() || find(wanted)?.extraction.answer == answer
    }

    private func found(_ letter: Character, _ stage: String, _ isMarked: Bool) -> FoundAnswer {
        FoundAnswer(String(letter), stage: stage, isMarked: isMarked)
    }

    private func unwrapped(_ content: String) -> String {
        NumberText.normalised("\\" + "text{" + content + "}").trimmingCharacters(in: .whitespaces)
            .replacingOccurrences(of: "\\text{", with: "")
    }

    /// The letter that a text begins with, brackets and emphasis aside, if a word does not go on behind it.
    private func letter(startOf text: Substring) -> Character? {
        let rest = text.drop { $0.isWhitespace || "(*[_`:\"'{$".contains($0) }
        guard let first = rest.first, let letter = upper(first),
            letters.contains(first) || letters.contains(letter) && isBracketed(text)
        else {
            return nil
        }
        let next = rest.dropFirst().first
        guard next.map({ !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’" }) ?? true else { return nil }
        // The article and the pronoun are no choices: "A train …", "I think …".
        if first == "A" || first == "I", next == " ", rest.dropFirst(2).first?.isLowercase == true { return nil }
        return letter
    }

    /// `nil` for what becomes more than one character, such as the ligature ﬁ: that is no letter.
    private func upper(_ character: Character) -> Character? {
        let text = character.uppercased()
        return text.count == 1 ? text.first : nil
    }

    private func isBracketed(_ text: Substring) -> Bool { text.drop(while: \.isWhitespace).first == "(" }

    private func bracketed(in line: Substring) -> Character? {
        var last: Character?
        for range in line.ranges(of: "(") {
            let inside = line[range.upperBound...]
            guard let letter = inside.first.flatMap(upper), letters.contains(letter), inside.dropFirst().first == ")"
            else {
                continue
            }
            last = letter
        }
        return last
    }
}
