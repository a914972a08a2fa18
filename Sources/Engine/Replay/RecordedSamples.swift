package import Completions

/// Recorded completions that a session draws instead of asking a model. One session's; entered by one thread.
package protocol RecordedSamples {
    /// The next recorded completion of the item's own prompt; an error's text says why there is none.
    mutating func draw(role: String, request: CompletionRequest) -> Result<Completion, RecordedMiss>
    /// The same sample with what was recorded of it before: first parts that were given up, and then the whole, if
    /// there is one.
    mutating func generations(role: String, request: CompletionRequest) -> Result<[Completion], RecordedMiss>
    /// The very sample that a session asks for, in the same form, where samples are recorded by request and number;
    /// `nil`: they are not, and `generations` gives those of the item's own prompt in their order.
    mutating func sample(_ sample: SampleIndex, of request: SampleRequest) -> Result<[Completion], RecordedMiss>?
    /// What a service answered to a call; `nil`: that was not recorded.
    func answer(role: String, request: CompletionRequest, _ sample: SampleIndex) throws -> Completion?
}

extension RecordedSamples {
    package mutating func generations(role: String, request: CompletionRequest) -> Result<[Completion], RecordedMiss> {
        draw(role: role, request: request).map { [$0] }
    }

    package mutating func sample(_ sample: SampleIndex, of request: SampleRequest)
        -> Result<[Completion], RecordedMiss>?
    { nil }

    package func answer(role: String, request: CompletionRequest, _ sample: SampleIndex) throws -> Completion? { nil }
}

/// A request that no recorded sample answers.
package struct RecordedMiss: Error, Hashable, Sendable {
    package var message: String

    package init(_ message: String) {
        self.message = message
    }

    static let unasked = RecordedMiss("the grader asks a model, and here only recorded answers are looked up")
    static let onlyPart = RecordedMiss(
        "only the beginning of a sample is recorded, for it was given up when it was recorded, and now it is waited for"
    )
    static let otherPrompt = RecordedMiss(
        """
        the strategy asks something else than the item's prompt, such as a rating; only the prompt's own completions \
        are recorded
        """
    )
}
