import EvalhPluginKit
import Foundation

struct RegexParameters: PluginParameters {
    enum Match: String, CaseIterable, ParameterValue {
        case first, last
    }

    @Parameter(required: "Regular expression; ^ and $ match at line ends.") var pattern: String
    @Parameter("Capture group that is the answer; the first one, else the whole match.", range: 0...) var group: Int? =
        nil
    @Parameter("Which match counts.") var match = Match.last
    @Parameter("Upper and lower case are the same.") var ignoreCase = false
}

/// What a pattern finds equals the target.
struct RegexGrader: ComparingGrader {
    static let descriptor = Descriptor(
        id: "regex", version: "1.0.0", title: "What a pattern finds equals the target",
        description: """
            The pattern is looked for in the answer's last 64 KiB; what its `group` holds, less white space at both
            ends, is the answer. It is right if it equals the target, or what the pattern finds in the target. Patterns
            are ICU's regular expressions. One that backtracks too long finds what it has found by then, the same on
            every machine.
            """,
        source: "https://unicode-org.github.io/icu/userguide/strings/regexp.html")

    // Sendable: NSRegularExpression is immutable and documented as safe to use from several threads.
    private let expression: NSRegularExpression
    private let group: Int
    private let takesLast: Bool
    private let ignoresCase: Bool

    /// - Throws: `ParameterError` for a pattern that is none, or a group that it lacks.
    init(parameters: RegexParameters) throws {
        ignoresCase = parameters.ignoreCase
        takesLast = parameters.match == .last
        do {
            expression = try NSRegularExpression(
                pattern: parameters.pattern,
                options: ignoresCase ? [.caseInsensitive, .anchorsMatchLines] : [.anchorsMatchLines])
        } catch {
            throw ParameterError("pattern: not a regular expression: \(parameters.pattern)")
        }
        group = parameters.group ?? min(1, expression.numberOfCaptureGroups)
        guard (0...expression.numberOfCaptureGroups).contains(group) else {
            throw ParameterError("group: the pattern has \(expression.numberOfCaptureGroups) groups, not \(group)")
        }
    }

    func find(_ text: String) -> FoundAnswer? {
        let bounded = TextLimit.end(of: text, bytes: TextLimit.patternBytes)
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
        return FoundAnswer(canonical(String(bounded[range])), stage: "pattern")
    }

    func isRight(_ answer: String, target: String) -> Bool {
        answer == canonical(target) || find(target)?.extraction.answer == answer
    }

    private func canonical(_ text: String) -> String {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return ignoresCase ? trimmed.lowercased() : trimmed
    }
}
