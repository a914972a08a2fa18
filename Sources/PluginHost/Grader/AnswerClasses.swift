/// Puts canonical answers that mean the same into classes, so that 1/2, 0.5 and 50 % are one answer to votes.
///
/// A grader's equality need not be transitive: with a tolerance, 1.0 and 1.1 may be the same, 1.1 and 1.2 too, and 1.0
/// and 1.2 not. The rule: an answer joins the first class, in order of appearance, whose first answer it is the same
/// as, else it opens a class. It depends on the order of answers alone.
package struct AnswerClasses {
    /// An answer is compared with so many classes, then it stands for itself: bounds the work on many answers.
    package static let maximumCompared = 256

    private var firstAnswers: [String] = []
    private var classOf: [String: String] = [:]

    package init() {}

    /// The first answer of the class that `answer` belongs to. `areSame` is asked for pairs of different bytes, the
    /// class's first answer first.
    package mutating func first(
        of answer: String, areSame: (String, String) throws -> Bool
    ) rethrows -> String {
        if let known = classOf[answer] { return known }
        let found = try foreseen(of: answer, areSame: areSame)
        if found == answer { firstAnswers.append(answer) }
        classOf[answer] = found
        return found
    }

    /// What `first` would give now.
    package func foreseen(of answer: String, areSame: (String, String) throws -> Bool) rethrows -> String {
        try classOf[answer] ?? firstAnswers.prefix(Self.maximumCompared).first { try areSame($0, answer) } ?? answer
    }
}
