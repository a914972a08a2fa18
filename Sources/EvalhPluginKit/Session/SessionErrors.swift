import CEvalhPlugin

/// A request failed, after all retries the suite allows.
public struct RequestFailed: Error, Hashable, Sendable, CustomStringConvertible {
    /// Classes of failures.
    public enum Failure: UInt32, Hashable, Sendable {
        /// No connection, broken off, timed out.
        case transport = 1
        /// An error of the server, or an answer that makes no sense.
        case server = 2
        /// Rate limit or quota.
        case rate = 3
        /// The server refuses this request: bad parameters, too long a prompt.
        case request = 4
        /// Not allowed.
        case auth = 5
    }

    /// Its class.
    public var failure: Failure
    /// Asking again later may help.
    public var isRetryable: Bool
    /// What happened, in the host's words.
    public var message: String

    /// A failure; for tests, as strategies get theirs from the session.
    public init(_ failure: Failure, isRetryable: Bool = false, message: String) {
        self.failure = failure
        self.isRetryable = isRetryable
        self.message = message
    }

    public var description: String { "a request failed (\(failure)): \(message)" }
}

/// The host did not carry out what was asked.
public struct Rejected: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why.
    public enum Reason: UInt32, Hashable, Sendable {
        /// The worst case of the request exceeds what is left. Finish with what you have.
        case budget = 1
        /// The endpoint or this host cannot do that.
        case unsupported = 2
        /// Malformed: unknown model, number out of range.
        case invalid = 3
        /// Too many requests or timers open, or too many in this session.
        case limit = 4
    }

    /// Why.
    public var reason: Reason
    /// What was wrong, in the host's words.
    public var message: String

    /// A rejection; for tests, as strategies get theirs from the session.
    public init(_ reason: Reason, message: String) {
        self.reason = reason
        self.message = message
    }

    public var description: String { "the host rejected a request (\(reason)): \(message)" }
}

/// The session must end now: every await of it throws this. `solve` may still return an answer made of what it has, but
/// no request is carried out any more.
public struct SessionStopped: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why, in the host's words.
    public var reason: String

    /// A stop; for tests, as strategies get theirs from the session.
    public init(reason: String) {
        self.reason = reason
    }

    public var description: String { "the session was stopped: \(reason)" }
}

/// A completion came without the log-probabilities that were asked for.
public struct MissingLogprobs: Error, Hashable, Sendable, CustomStringConvertible {
    /// The model's role.
    public var model: String

    /// The model of a role gave none.
    public init(model: String) {
        self.model = model
    }

    public var description: String {
        "the model \(model) gave no log-probabilities; see what its endpoint can do with `evalh models probe`"
    }
}
