import EvalhPluginKit

struct RegexParameters: PluginParameters {
    enum Match: String, CaseIterable, ParameterValue {
        case first, last
    }

    @Parameter(required: "Regular expression; ^ and $ match at line ends.") var pattern: String
    @Parameter(
        "Capture group that is the answer; left out: the first one that takes part in the match, else the whole match.",
        range: 0...) var group: Int? = nil
    @Parameter("Which match counts.") var match = Match.last
    @Parameter("Upper and lower case are the same.") var ignoreCase = false
}

/// What a pattern finds equals the target.
struct RegexGrader: ComparingGrader {
    static let descriptor = Descriptor(
        id: "regex", version: "2.0.0", title: "What a pattern finds equals the target",
        description: """
            The pattern is looked for in the whole answer, wherever it stands; what its `group` holds, less white space
            at both ends, is the answer. It is right if it equals the target, or what the pattern finds in the target;
            of a target that is a list, one of its elements.

            Matching takes time in proportion to the text, whatever the pattern. The usual syntax is known: sets,
            `\\d \\w \\s \\b` and `\\p{L}` over all of Unicode, groups, `(?:…)`, `(?<name>…)`, `|`, greedy and lazy
            quantifiers, `^ $ \\A \\z`, and the flags `(?i) (?s) (?m) (?x)`; matches are those of ICU, Perl and Python.
            What cannot be matched so (references back to a group, looks ahead and behind, atomic groups) is refused
            when the suite is read. A text on which a pattern needs too many states, or one beyond 16 MiB, is an error
            of its session.
            """,
        source: "A. Frisch, L. Cardelli, Greedy Regular Expression Matching, ICALP 2004")

    /// A longer answer is refused: a part of it would be another answer.
    static let maximumBytes = 16 << 20

    private let program: PatternProgram
    private let group: Int?
    private let takesLast: Bool
    private let ignoresCase: Bool

    /// - Throws: `ParameterError` for a pattern that cannot be used, or a group that it lacks.
    init(parameters: RegexParameters) throws {
        ignoresCase = parameters.ignoreCase
        takesLast = parameters.match == .last
        group = parameters.group
        do {
            program = try PatternProgram(parameters.pattern, ignoresCase: ignoresCase)
        } catch {
            throw ParameterError("pattern: not a regular expression: \(parameters.pattern): \(error.message)")
        }
        if let group, group > program.groups {
            throw ParameterError("group: the pattern has \(program.groups) groups, not \(group)")
        }
    }

    func find(_ text: String) throws -> FoundAnswer? {
        guard text.utf8.count <= Self.maximumBytes else {
            throw PatternError(message: "the answer has more than \(Self.maximumBytes >> 20) MiB")
        }
        var search = try PatternSearch(program, text)
        var match: PatternSearch.Match?
        if takesLast {
            match = search.last()
        } else {
            search.forEach {
                match = $0
                return false
            }
        }
        guard let match else { return nil }
        let found = group.map { match.groups[$0] } ?? firstGroup(of: match)
        return found.map { FoundAnswer(canonical($0), stage: "pattern") }
    }

    func isRight(_ answer: String, target: String) throws -> Bool {
        if answer == canonical(target) { return true }
        return try find(target)?.extraction.answer == answer
    }

    private func firstGroup(of match: PatternSearch.Match) -> String? {
        match.groups.count > 1 ? match.groups.dropFirst().compactMap(\.self).first : match.groups[0]
    }

    private func canonical(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
        return ignoresCase ? end.lowercased() : String(end)
    }
}

extension PatternError: CustomStringConvertible {
    var description: String { message }
}
