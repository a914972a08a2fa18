internal import Completions
internal import JSON
internal import Journal
internal import SuiteModel

/// What people said of an answer, in a field of its item.
enum HumanLabel {
    struct Mistake: Error, CustomStringConvertible {
        var description: String
    }

    private static let words: [String: JudgeVerdict] = [
        "right": .right, "correct": .right, "true": .right, "yes": .right, "1": .right, "better": .right,
        "win": .right, "wrong": .wrong, "incorrect": .wrong, "false": .wrong, "no": .wrong, "0": .wrong,
        "worse": .wrong, "loss": .wrong, "tie": .tie, "equal": .tie, "0.5": .tie,
    ]

    /// `nil`: they did not judge this answer.
    static func find(_ judge: JudgeSpec, _ item: JournalItem, _ answer: String) throws(Mistake) -> JudgeVerdict? {
        guard let field = judge.labels else { return nil }
        let fields = JSONValue(parsingOrNull: item.fieldsJSON)
        if let name = judge.labelsAnswer {
            guard let judged = fields[name] else { return nil }
            guard trimmed(judged.plainText) == trimmed(answer) else { return nil }
        }
        guard let label = fields[field], label != .null else { return nil }
        guard let verdict = words[trimmed(label.plainText).lowercased()] else {
            throw Mistake(
                description: "the label `\(label.plainText.prefix(40))` in the item's field `\(field)` is no verdict; "
                    + "write right, wrong or tie")
        }
        return verdict
    }

    static func trimmed(_ text: String) -> Substring {
        let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
        return text[..<end].drop(while: \.isWhitespace)
    }
}
