internal import Completions
internal import Synchronization

extension ModelEndpoint {
    /// Sends one request that is answered whole, with the endpoint's concurrency, retries and deadlines.
    /// - Parameters:
    ///   - read: Makes sense of the answer's bytes; called on the transport's thread.
    ///   - done: Called once, from any thread; after a cancel it may be left out. Secrets are taken out of failures.
    /// - Returns: ends the request early.
    func single<Answer: Sendable>(
        _ exchange: Exchange, read: @escaping @Sendable ([UInt8]) -> Result<Answer, ModelFailure>,
        done: @escaping @Sendable (Result<Answer, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        let body = SingleBody()
        let id = transport.start(exchange, isRestartable: { true }) { event in
            switch event {
            case .started: body.bytes.withLock { $0 = [] }
            case .head: break
            case .piece(let piece): body.bytes.withLock { $0.append(contentsOf: piece) }
            case .ended:
                // Taken out, so that a large answer is not copied.
                let whole = body.bytes.withLock { bytes in
                    defer { bytes = [] }
                    return bytes
                }
                done(read(whole).mapError(\.redacted))
            case .failed(let failure): done(.failure(failure.redacted))
            }
        }
        let transport = transport
        return { transport.cancel(id) }
    }
}

private final class SingleBody: Sendable {
    let bytes = Mutex<[UInt8]>([])
}

extension ModelFailure {
    /// Servers quote what they were sent, keys included.
    var redacted: ModelFailure {
        var failure = self
        failure.message = CleanText.bounded(Redactor.shared.redact(message))
        return failure
    }
}
