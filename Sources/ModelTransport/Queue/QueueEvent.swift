/// What an answer's status means for a retry.
package enum ResponseClass: Hashable, Sendable {
    case ok
    /// 429: ask later, `after` seconds if the server says so.
    case rateLimited(after: Double?)
    /// Used up: asking soon cannot help.
    case quotaExhausted
    /// 5xx and the like.
    case retryable(after: Double?)
    case permanent

    /// The usual reading of a status code.
    package init(status: Int, headers: HTTPHeaders, now: Double) {
        switch status {
        case 200..<300: self = .ok
        case 429: self = .rateLimited(after: ServerDelay.parse(headers, now: now))
        case 408, 425, 500, 502, 503, 504, 520...524, 529:
            self = .retryable(after: ServerDelay.parse(headers, now: now))
        default: self = .permanent
        }
    }
}

/// What happens to a queued request, told on the loop's thread. One of `end`, `rejected` and `failed` comes last.
package enum QueueEvent {
    /// An attempt leaves the queue: times of the answer count from here.
    case started
    /// A 2xx answer begins.
    case head(status: Int, HTTPHeaders)
    /// More of a 2xx answer's body; valid during the call only.
    case data(UnsafeRawBufferPointer)
    /// The answer broke off and is asked for again from the start: forget what came.
    case restarted
    case end(TransferTiming, attempts: Int)
    /// An answer other than 2xx, after all retries. `reason` says why there are no more.
    case rejected(status: Int, HTTPHeaders, body: [UInt8], isQuota: Bool, reason: String, attempts: Int)
    case failed(TransportFailure, reason: String, attempts: Int)
}

/// A request on its way to an endpoint.
package struct QueuedRequest: Sendable {
    package var id: TransferID
    package var request: HTTPRequest
    /// Higher first; equal ones in order of submission.
    package var priority: Int
    /// Reads an answer that is not 2xx; gets at most 64 KiB of its body.
    package var classify: @Sendable (Int, HTTPHeaders, [UInt8]) -> ResponseClass
    /// Whether an answer that broke off may be asked for again: nothing of it was shown to anybody.
    package var isRestartable: @Sendable () -> Bool
    /// Attempts that were made before it was submitted: above 0 it waits as the retry policy says before it is sent.
    package var attempts: Int
    package var handler: @Sendable (QueueEvent) -> Void

    package init(
        id: TransferID, request: HTTPRequest, priority: Int = 0,
        classify: @escaping @Sendable (Int, HTTPHeaders, [UInt8]) -> ResponseClass = { status, headers, _ in
            ResponseClass(status: status, headers: headers, now: WallClock.seconds)
        },
        isRestartable: @escaping @Sendable () -> Bool = { true }, attempts: Int = 0,
        handler: @escaping @Sendable (QueueEvent) -> Void
    ) {
        self.id = id
        self.request = request
        self.priority = priority
        self.classify = classify
        self.isRestartable = isRestartable
        self.attempts = attempts
        self.handler = handler
    }
}
