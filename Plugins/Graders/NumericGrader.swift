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
        id: "numeric", version: "2.0.0", title: "The number of the answer equals the target's",
        description: """
            Stages, the first that holds an answer counts: `marker` (behind the last `####`, if what follows is an
            answer and no heading such as `#### 5. Sum`, and no box or phrase comes later), `boxed` (`\\boxed{}`),
            `phrase` ("the answer is" and the like), `alone` (the text is a number and little else), `last_number` (the
            last number of the last paragraph that has one; at most two closing paragraphs are passed over), which is a
            guess that the strict score does not count. What follows a question that the model asks itself is not read.

            A place that holds more than a number and a unit ends the search with the stage `not_a_number`: no answer,
            score 0, no vote, no guess. So `\\boxed{\\sqrt{18}}`, `\\boxed{x>3}`, `1331 and 1728` and matrices are no
            numbers; use `math` for them. Where the target is no number either, the very same text is right.

            Numbers of any length are compared exactly, fractions too, in the digits of any script: `1,234.50`, `2469/2`
            and `1.2345e3` are equal. A percentage equals the number before the sign, and the share it stands for.
            Votes count by the same equality, tolerances included. A target that is a list is one of several right ones.
            """,
        source: "evalh; the marker is GSM8K's (Cobbe et al. 2021, arXiv:2110.14168)")

    private let parameters: NumericParameters

    init(parameters: NumericParameters) { self.parameters = parameters }

    func extract(_ text: String) -> Extraction? {
        guard case .number(let reading) = reader.find(text) else { return nil }
        return reading.found.extraction
    }

    func grade(_ input: GradeInput) -> Grade {
        let answer = reader.find(input.answer)
        if input.isUnfinished { return .unfinished(answer.number?.found) }
        let wanted = input.targets.map { (target: $0, reading: reader.find($0)) }
        switch answer {
        case .nothing: return .noAnswer("no number found")
        case .notANumber(let text):
            if wanted.contains(where: { $0.reading.number == nil && Self.isSameText(text, $0.target) }) {
                return Grade(
                    1, strict: 1, stage: "not_a_number", explanation: "the target's very text; it is no number")
            }
            return Grade(0, stage: "not_a_number", explanation: "not a number: " + text.prefix(80))
        case .number(let reading):
            let numbers = wanted.compactMap(\.reading.number)
            guard !numbers.isEmpty else {
                return Grade(reading.found, isRight: false, explanation: "the target is not a number")
            }
            return Grade(
                reading.found, isRight: numbers.contains { areEqual(reading.number, $0.number, isTarget: true) })
        }
    }

    func expected(_ input: GradeInput) -> String? {
        input.targets.lazy.compactMap { reader.find($0).number?.found.extraction.answer }.first
    }

    func areSame(_ first: String, _ other: String) -> Bool {
        guard let a = FoundNumber(canonical: first), let b = FoundNumber(canonical: other) else {
            return first == other
        }
        return areEqual(b, a, isTarget: false)
    }

    private var reader: NumericReader { NumericReader(marker: parameters.marker) }

    /// - Parameter isTarget: `b` is what the relative difference is relative to; else the larger of both is.
    private func areEqual(_ a: FoundNumber, _ b: FoundNumber, isTarget: Bool) -> Bool {
        if a.value.key == b.value.key { return true }
        if a.isPercent != b.isPercent {
            let share = a.isPercent ? a.value.hundredth : b.value.hundredth
            if let share, share.key == (a.isPercent ? b : a).value.key { return true }
        }
        guard parameters.tolerance > 0 || parameters.relativeTolerance > 0 else { return false }
        let (x, y) = (a.value.approximate, b.value.approximate)
        let scale = isTarget ? abs(y) : max(abs(x), abs(y))
        return abs(x - y) <= parameters.tolerance || abs(x - y) <= parameters.relativeTolerance * scale
    }

    private static func isSameText(_ a: String, _ b: String) -> Bool {
        let plain = { (text: String) in NumberText.normalised(text).filter { !$0.isWhitespace && $0 != "$" } }
        return plain(a) == plain(b)
    }
}

extension FoundNumber {
    /// The canonical text of votes: the number, and a percent sign if one follows it.
    var canonical: String { value.key + (isPercent ? "%" : "") }

    init?(canonical text: String) {
        let isPercent = text.hasSuffix("%")
        guard let value = ExactNumber(key: isPercent ? String(text.dropLast()) : text) else { return nil }
        self.init(value: value, isPercent: isPercent, range: 0..<0)
    }
}
