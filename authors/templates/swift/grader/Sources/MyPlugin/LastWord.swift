import EvalhPluginKit

/// Right if the answer's last word is the target's, upper and lower case alike.
struct LastWord: ExtractingGrader {
    static let descriptor = Descriptor(
        id: "org.example.my-plugin", version: "1.0.0", title: "The last word",
        description: """
            Right if the answer's last word is the target's, upper and lower case alike and without a full stop. A text
            without words has no answer.
            """,
        source: "an example")

    init(parameters: NoParameters) {}

    func grade(_ input: GradeInput) -> Grade {
        let answer = Self.lastWord(input.answer)
        // What was cut off is never right.
        let isRight = !input.isUnfinished && answer != nil && answer == Self.lastWord(input.target)
        return Grade(isRight ? 1 : 0, extracted: answer, stage: "last-word")
    }

    /// What votes are counted by.
    func extract(_ text: String) -> Extraction? {
        Self.lastWord(text).map { Extraction(answer: $0, stage: "last-word") }
    }

    private static func lastWord(_ text: String) -> String? {
        let words = text.split { $0.isWhitespace }
        return words.last.map { word in
            var word = word
            while word.last == "." { word.removeLast() }
            return word.lowercased()
        }.flatMap { $0.isEmpty ? nil : $0 }
    }
}
