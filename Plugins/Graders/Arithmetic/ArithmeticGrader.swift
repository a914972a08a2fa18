import EvalhPluginKit

struct ArithmeticParameters: PluginParameters {
    @Parameter("The item's field with the numbers to use: a text with numbers in it, or a list.") var numbers =
        "numbers"
    @Parameter("The value to reach where the item's target is no whole number.") var goal = 24
    @Parameter("Every number must be used; otherwise each at most once.") var useAll = true
}

/// Puzzles such as Game of 24 and Countdown: an expression over given numbers that reaches a value.
struct ArithmeticGrader: ExtractingGrader {
    static let descriptor = Descriptor(
        id: "arithmetic", version: "1.0.0", title: "An expression over given numbers reaches a value",
        description: """
            For Game of 24, Countdown and the like. Stages, the first that finds an expression counts: `boxed`
            (`\\boxed{}`), `phrase` (behind the last "answer:" or "answer is"), `last_line` (the last line that is an
            expression, or an equation with one), which the strict score does not count unless it stands alone.

            Of an equation such as `(13 - 9) * (10 - 4) = 24` the side with the operators counts. It is right if it has
            the numbers of the field `numbers`, each as often as there, and its value, in exact fractions, is the item's
            target, or `goal` where the target is no whole number. Items need no target.
            """,
        source: "Yao et al. 2023, Tree of Thoughts, arXiv:2305.10601, §4.1", needs: .noTarget)

    private let parameters: ArithmeticParameters

    init(parameters: ArithmeticParameters) { self.parameters = parameters }

    func extract(_ text: String) -> Extraction? { find(text)?.found.extraction }

    func grade(_ input: GradeInput) throws -> Grade {
        let answer = find(input.answer)
        if input.isUnfinished { return .unfinished(answer?.found) }
        guard let answer else { return .noAnswer("no expression found") }
        let given = try numbers(of: input)
        let goal = Int(input.target.trimmingPrefix { $0.isWhitespace }) ?? parameters.goal
        if let fault = fault(answer.expression, given, goal) {
            return Grade(answer.found, isRight: false, explanation: fault)
        }
        return Grade(answer.found, isRight: true)
    }

    /// What is wrong with an expression, if anything.
    private func fault(_ expression: ArithmeticExpression, _ given: [Int], _ goal: Int) -> String? {
        var left = given
        for number in expression.numbers {
            guard let place = left.firstIndex(of: number) else {
                return "\(number) is not given, or used more often than given"
            }
            left.remove(at: place)
        }
        if parameters.useAll, let unused = left.first { return "\(unused) is not used" }
        guard let value = expression.value else { return "it has no value" }
        guard value == Fraction(goal) else {
            let shown = value.denominator == 1 ? "\(value.numerator)" : "\(value.numerator)/\(value.denominator)"
            return "its value is \(shown), not \(goal)"
        }
        return nil
    }

    private func numbers(of input: GradeInput) throws -> [Int] {
        let field = (try? JSONValue(parsing: input.fieldsJSON))?[parameters.numbers]
        let texts = field?.elements?.map(\.canonicalText) ?? field?.string.map { [$0] } ?? []
        let numbers = texts.flatMap { text in
            text.split { !("0"..."9").contains($0) }.compactMap { Int($0) }
        }
        guard !numbers.isEmpty, numbers.count <= 64 else {
            throw ParameterError(
                "the item's field \"\(parameters.numbers)\" holds no numbers to use: name the right one by `numbers`")
        }
        return numbers
    }

    // MARK: Stages

    private struct Reading {
        var expression: ArithmeticExpression
        var found: FoundAnswer

        init(_ expression: ArithmeticExpression, _ stage: String, isMarked: Bool = true) {
            self.expression = expression
            found = FoundAnswer(expression.text, stage: stage, isMarked: isMarked)
        }
    }

    private func find(_ raw: String) -> Reading? {
        let places = AnswerPlaces(String(decoding: raw.utf8.suffix(Self.readBytes), as: UTF8.self))
        for content in places.boxed(by: "\\boxed") {
            if let expression = expression(in: content) { return Reading(expression, "boxed") }
        }
        for end in places.ends(of: Self.phrases) {
            if let expression = expression(in: places.line(from: end, skipping: " \n\r\t*:")) {
                return Reading(expression, "phrase")
            }
        }
        let lines = places.text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }
        for line in lines.reversed() {
            if let expression = expression(in: String(line)) {
                return Reading(expression, "last_line", isMarked: lines.count == 1)
            }
        }
        return nil
    }

    /// Of longer texts the end is read: expressions are short, and stand last.
    private static let readBytes = 1 << 16

    private static let phrases = ["answer is", "answer:", "answer**:", "answer ="].map { Array($0.utf8) }

    /// Of what `=` parts, the first that is an expression; a full stop and emphasis around it do not count.
    private func expression(in content: String) -> ArithmeticExpression? {
        for part in content.split(separator: "=", maxSplits: 8) {
            var text = part.drop { $0.isWhitespace || $0 == "*" || $0 == "`" }
            // The mark of a list, not a sign.
            if text.hasPrefix("- ") { text = text.dropFirst(2) }
            let end = text.lastIndex { !($0.isWhitespace || $0 == "*" || $0 == "`" || $0 == ".") }
            guard let end else { continue }
            if let expression = ArithmeticExpression(String(text[...end])) { return expression }
        }
        return nil
    }
}
