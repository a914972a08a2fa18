/// Names one call to a model within a process.
package struct CallID: Hashable, Sendable {
    package var value: UInt64

    package init(_ value: UInt64) {
        self.value = value
    }
}

/// A call to a model: one or more samples of one request.
package struct ModelCall: Sendable {
    package var id: CallID
    /// The model's role in the suite: "main", ...
    package var role: String
    package var request: CompletionRequest
    /// One seed a sample; their number is n. Servers take one seed a request: the first.
    package var seeds: [UInt64]
    /// Whether events must show the text as it is generated.
    package var stream: Bool
    /// Higher first.
    package var priority: Int
    /// Which attempt of the caller's this is, from 1: it asks again itself for answers that break off (`mayAskAgain`),
    /// so that each attempt has its place in a budget. `nil`: the endpoint asks again.
    package var attempt: Int?

    package init(
        id: CallID, role: String, request: CompletionRequest, seeds: [UInt64], stream: Bool, priority: Int = 0,
        attempt: Int? = nil
    ) {
        self.attempt = attempt
        self.id = id
        self.role = role
        self.request = request
        self.seeds = seeds
        self.stream = stream
        self.priority = priority
    }
}

/// What comes back from a call. Each choice ends in one `completed`; a call ends after its last choice, or with one
/// `failed` or `cancelled`, which stands for all choices not completed yet.
package enum ModelEvent: Sendable {
    /// More of a streamed choice. `tokenCount` is what is known to be in this piece, at least 1 if there is text;
    /// `seconds` is the time since the request was sent.
    case delta(choice: Int, text: String, tokens: [TokenLogprob], tokenCount: Int, seconds: Double)
    /// More of a streamed choice's reasoning that the server sends apart from its text; comes in order with `delta`.
    case reasoning(choice: Int, text: String, tokens: [TokenLogprob], tokenCount: Int, seconds: Double)
    case completed(choice: Int, Completion)
    case failed(ModelFailure)
    /// The answer to a cancel: what was received until then, one entry a choice begun.
    case cancelled(partial: [Int: Completion])
}

/// The engine's way to models: all effects of a run that cost money go through it.
package protocol ModelBackend: AnyObject, Sendable {
    /// Starts a call; returns at once. Events come from any thread, those of one call in order.
    func send(_ call: ModelCall, events: @escaping @Sendable (CallID, ModelEvent) -> Void)
    /// Ends a call early. Its last event is `cancelled`, unless it was over already.
    func cancel(_ id: CallID)
    /// What the endpoint behind a role can do.
    func capabilities(of role: String) -> EndpointCapabilities
}
