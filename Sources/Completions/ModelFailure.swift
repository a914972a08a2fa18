/// Why a request got no completion, after all retries.
package struct ModelFailure: Error, Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Sendable {
        /// No connection, or broken off.
        case connection
        /// One of the four deadlines passed.
        case timeout
        /// 5xx after all retries.
        case server
        /// The answer makes no sense: not JSON, no choices, a stream that ends without a finish reason, too large.
        case malformed
        case rateLimited = "rate_limited"
        /// Quota used up: asking again soon cannot help.
        case quota
        /// The server refuses this request.
        case badRequest = "bad_request"
        /// The prompt is longer than the context.
        case contextExceeded = "context_exceeded"
        case authentication
        /// The endpoint cannot do what was asked.
        case unsupported

        /// Whether the run as a whole cannot go on when requests fail like this.
        package var isFatalForProvider: Bool { self == .authentication || self == .quota }
    }

    package var kind: Kind
    /// For people: what, where, and what to do. Never holds a secret.
    package var message: String
    package var httpStatus: Int?
    /// Whether asking again later may help.
    package var isRetryable: Bool
    /// Tokens paid for nothing, as far as known; its `requests` are those whose prompts are counted in it.
    package var spent: TokenUsage
    /// Attempts made.
    package var attempts: Int
    /// The answer broke off after its beginning, nobody was shown a piece of it, and the rules for retries allow one
    /// more attempt: the caller, who asks again itself (`ModelCall.attempt`), may do so now.
    package var mayAskAgain = false

    enum CodingKeys: String, CodingKey { case kind, message, httpStatus, isRetryable, spent, attempts }

    package init(
        kind: Kind, message: String, httpStatus: Int? = nil, isRetryable: Bool = false,
        spent: TokenUsage = TokenUsage(), attempts: Int = 1
    ) {
        self.kind = kind
        self.message = message
        self.httpStatus = httpStatus
        self.isRetryable = isRetryable
        self.spent = spent
        self.attempts = attempts
    }
}
