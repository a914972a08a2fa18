/// Bounds on what a server may send; beyond them a call fails as `malformed`.
package enum WireLimits {
    /// Bytes of a response body that is not a stream.
    package static let body = 64 << 20
    /// Bytes of a whole stream.
    package static let stream = 512 << 20
    /// Bytes of one line or event of a stream.
    package static let line = 8 << 20
    /// Choices of one request.
    package static let choices = 1024
    /// Bytes of one choice's text.
    package static let text = 16 << 20
    /// Log-probability entries of one choice.
    package static let tokens = 1 << 20
    /// Alternatives kept with one token.
    package static let alternatives = 1024
    /// Characters of a message about a failure.
    package static let message = 500
    /// Pieces recorded with one streamed completion; more are merged.
    package static let chunks = 512
}
