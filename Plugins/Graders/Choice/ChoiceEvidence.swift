/// A place of a text that says which option is the answer.
struct ChoiceEvidence {
    /// How sure it is; a surer one counts before a later one.
    enum Rank: Int, Comparable {
        /// `option B`, `(B)` in the last line.
        case mention
        /// A line that begins with a letter, a conclusion without the word "answer".
        case hint
        /// `B is correct`, `I choose B`.
        case judgement
        /// `\boxed{B}`, `<answer>B</answer>`, `the answer is B`, a last line that is a letter.
        case statement

        static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
    }

    var option: Int
    var rank: Rank
    var stage: String
    var start: Int

    /// The surest, of several the last.
    static func best(_ all: [ChoiceEvidence]) -> ChoiceEvidence? {
        all.max { ($0.rank, $0.start) < ($1.rank, $1.start) }
    }
}
