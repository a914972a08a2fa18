internal import Completions
internal import Glibc
internal import JSON
internal import SuiteModel

/// Reads what a judge said. Only what it was told to end with counts: the rest of its text may quote what it judges.
struct VerdictReader {
    enum Reading: Hashable {
        case verdict(JudgeVerdict)
        /// Of `right` against `wrong`.
        case probability(Double)
        case none(NoVerdict)
    }

    private let form: JudgeSpec.Form
    private let isPairwise: Bool

    init(_ judge: JudgeSpec) {
        form = judge.form
        isPairwise = judge.isPairwise
    }

    /// - Parameter isSwapped: whether the answer that is judged was shown second.
    /// - Throws: `MissingLogprobs` if the endpoint gave none.
    func read(_ completion: Completion, isSwapped: Bool) throws -> Reading {
        guard completion.finish != .filter else { return .none(.withheld) }
        let reading = try form == .probability ? probability(completion) : word(completion)
        guard isSwapped else { return reading }
        switch reading {
        case .verdict(.right): return .verdict(.wrong)
        case .verdict(.wrong): return .verdict(.right)
        case .probability(let p): return .probability(1 - p)
        case .verdict(.tie), .none: return reading
        }
    }

    struct MissingLogprobs: Error {}

    // MARK: Words

    private func word(_ completion: Completion) -> Reading {
        guard !completion.finish.isUnfinished else { return .none(.cutOff) }
        let said = form == .json ? Self.member(completion.text) : Self.lastLine(completion.text)
        let verdict: JudgeVerdict? =
            switch (said, isPairwise) {
            case ("CORRECT", false), ("A", true): .right
            case ("INCORRECT", false), ("B", true): .wrong
            case ("TIE", true): .tie
            default: nil
            }
        return verdict.map(Reading.verdict) ?? .none(.unread)
    }

    private static func member(_ text: String) -> String? {
        (try? JSONValue(parsing: text))?["verdict"]?.string
    }

    /// The word after `VERDICT:` in the last line that is not blank, Markdown's marks and a full stop left out.
    private static func lastLine(_ text: String) -> String? {
        guard let line = text.split(whereSeparator: \.isNewline).last(where: { !$0.allSatisfy(\.isWhitespace) }) else {
            return nil
        }
        let bare = line.filter { !"*_`".contains($0) && !$0.isWhitespace }.uppercased()
        guard bare.hasPrefix("VERDICT:") else { return nil }
        let word = bare.dropFirst("VERDICT:".count)
        return String(word.hasSuffix(".") ? word.dropLast() : word)
    }

    // MARK: Probabilities

    /// The two words must have half of the probability together; else the judge wanted to say something else.
    private static let leastMass = 0.5

    private func probability(_ completion: Completion) throws -> Reading {
        guard !completion.tokens.isEmpty else {
            if completion.text.isEmpty { return .none(.unread) }
            throw MissingLogprobs()
        }
        guard let token = completion.tokens.first(where: { !Self.normalised($0.token).isEmpty }) else {
            return .none(.unread)
        }
        var seen: Set<String> = []
        var (right, wrong) = (0.0, 0.0)
        for choice in token.alternatives + [TokenAlternative(token: token.token, logprob: token.logprob)]
        where seen.insert(choice.token).inserted {
            switch (Self.normalised(choice.token), isPairwise) {
            case ("yes", false), ("a", true): right += exp(choice.logprob)
            case ("no", false), ("b", true): wrong += exp(choice.logprob)
            default: break
            }
        }
        guard (right + wrong).isFinite, right + wrong >= Self.leastMass else { return .none(.unlikely) }
        return .probability(right / (right + wrong))
    }

    private static func normalised(_ token: String) -> String {
        token.filter { $0.isLetter || $0.isNumber }.lowercased()
    }
}
