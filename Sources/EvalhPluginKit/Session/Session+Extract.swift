import CEvalhPlugin

extension Session {
    /// The canonical answer in a completion's text, by the suite's grader, and the rule that found it: what votes are
    /// counted by. Within the session two texts give the same answer if and only if the grader holds their answers
    /// equal; it is given as the first of them. It knows nothing of the target.
    ///
    /// - Returns: `nil` if there is no answer; an unfinished text has none.
    /// - Throws: `Rejected` (unsupported) if the suite's grader finds no answers in texts.
    public func extract(_ text: String, finish: Finish = .stop) throws -> Extraction? {
        guard finish != .length, finish != .cancelled else { return nil }
        guard let extract = host.pointee.extract else { throw Self.noExtraction }
        var result = evalh_extraction()
        result.struct_size = UInt32(MemoryLayout<evalh_extraction>.size)
        var arena = Arena()
        let code = extract(handle, arena.text(text), finish.rawValue, &result)
        withExtendedLifetime(arena) {}
        guard code == EVALH_OK else { throw Self.noExtraction }
        return result.found == 1 ? Extraction(answer: String(result.answer), stage: String(result.stage)) : nil
    }

    /// The canonical answer in a completion; `nil` if it is unfinished or has none.
    public func extract(_ choice: Choice) throws -> Extraction? {
        choice.isFinished ? try extract(choice.text, finish: choice.finish) : nil
    }

    private static let noExtraction = Rejected(
        .unsupported, message: "the suite's grader finds no answers in texts, so votes cannot be counted")
}

/// An answer found in a text.
public struct Extraction: Hashable, Sendable {
    /// Canonical: equal bytes mean equal answers.
    public var answer: String
    /// Which rule found it, for example "marker".
    public var stage: String

    /// An answer and the rule that found it.
    public init(answer: String, stage: String = "") {
        self.answer = answer
        self.stage = stage
    }
}
