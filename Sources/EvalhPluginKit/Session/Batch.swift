/// What came of a request.
public struct Batch: Sendable {
    /// By index.
    public var choices: [Choice]
    /// Why there are not more: `RequestFailed`, `Rejected`, `SessionStopped` or `CancellationError`; `nil`: they are
    /// all there.
    public var interruption: (any Error)?

    /// Choices that came, and what kept further ones from coming.
    public init(choices: [Choice], interruption: (any Error)? = nil) {
        self.choices = choices
        self.interruption = interruption
    }

    /// The interruption as an answer's reason; `nil`: none.
    public var interruptionReason: String? { Self.reason(of: interruption) }

    /// What an await of the session threw as an answer's reason: a short fixed word, or the host's own if it stopped
    /// the session; `nil`: it threw nothing.
    public static func reason(of interruption: (any Error)?) -> String? {
        switch interruption {
        case nil: nil
        case let error as SessionStopped: error.reason
        case let error as Rejected: error.reason == .budget ? "budget" : "rejected"
        case is RequestFailed: "request_failed"
        default: "interrupted"
        }
    }

    /// Throws a rejection that no budget would have prevented: the endpoint or the host can never do what was asked,
    /// so that going on with what there is would hide a mistake of the suite.
    public func throwIfImpossible() throws {
        if let rejected = interruption as? Rejected, rejected.reason != .budget { throw rejected }
    }

    /// The choice of the lowest index.
    ///
    /// - Throws: What kept all of them from coming.
    public func first() throws -> Choice {
        guard let choice = choices.first else { throw interruption ?? Self.empty }
        return choice
    }

    /// All choices, or the interruption thrown.
    func all() throws -> [Choice] {
        if let interruption { throw interruption }
        guard !choices.isEmpty else { throw Self.empty }
        return choices
    }

    func one() throws -> Choice {
        if let interruption { throw interruption }
        return try first()
    }

    /// A request came to its end with nothing to show for it: the host broke its word.
    private static var empty: RequestFailed {
        RequestFailed(.server, message: "the request ended without a completion")
    }
}
