package import Engine
package import Journal

/// Tries a suite's grader on an item's expected answer, as models write answers.
package struct GoldCheck {
    /// Grades that take time (a program is run) are tried on so many items.
    private static let slowItems = 3

    private let grader: any AnswerGrader

    package init(_ grader: any AnswerGrader) {
        self.grader = grader
    }

    /// The best score of all forms; 0 where the grader cannot read the expected answer. `nil`: nothing can be told,
    /// because the grader looks for answers in a form of its own, or its grades take time and enough were tried.
    package func score(_ item: JournalItem) -> Double? {
        guard let expected = grader.expected(item) else { return 0 }
        var best: Double?
        for form in [item.target] + Self.forms(of: expected) {
            guard let step = try? grader.grade(answer: form, isUnfinished: false, item: item) else { continue }
            if case .work = step, grader.isSlow, item.ordinal >= Self.slowItems { return nil }
            guard let grade = try? step.waited() else { continue }
            if grade.score >= 1 { return grade.score }
            // A pattern that finds nothing is made for answers of another form.
            if grade.extracted != nil || grade.stage != "none" { best = max(best ?? 0, grade.score) }
        }
        return best
    }

    private static func forms(of answer: String) -> [String] {
        [answer, "\\boxed{\(answer)}", "The answer is \(answer).", "The answer is \(answer)", "#### \(answer)"]
    }
}
