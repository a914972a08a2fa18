internal import Foundation

/// How an endpoint's queue is doing, for the progress display.
package struct QueueSnapshot: Hashable, Sendable {
    package var inFlight = 0
    package var waiting = 0
    package var limit = 0
    package var ceiling = 0
    package var retries = 0
    /// Why the limit is below the ceiling; empty: it is not.
    package var reason = ""
}

/// One endpoint's requests: waits for room, sends, tries again. Lives on the loop's thread; joins `CurlLoop`,
/// `ConcurrencyLimiter` and `RetryPolicy`, which decide everything.
package final class RequestQueue: @unchecked Sendable {
    // Sendable: `published` is guarded by `lock`; everything else is touched on the loop's thread only.
    private static let maxErrorBody = 64 << 10

    /// A request from submission to its last event. Sendable: touched on the loop's thread only, like all of the queue.
    private final class Entry: @unchecked Sendable {
        let queued: QueuedRequest
        var attempts = 0
        var startedAt = 0.0
        var status = 0
        var headers = HTTPHeaders()
        var errorBody: [UInt8] = []
        var isInFlight = false
        /// A 2xx answer has begun: there is something of it that may have been shown, and was generated.
        var hasAnswer = false
        /// Not to be tried again, whatever comes first: the end of the attempt or its cancelling.
        var isCancelled = false

        init(_ queued: QueuedRequest) { self.queued = queued }
    }

    private let loop: CurlLoop
    private let policy: RetryPolicy
    private let budget: SharedRetryBudget
    private var limiter: ConcurrencyLimiter
    private var entries: [TransferID: Entry] = [:]
    private var waiting: [Entry] = []
    private var pausedUntil = -Double.infinity
    private var isWakeupSet = false
    private var isStopped = false
    private var retries = 0
    private let lock = NSLock()
    private var published = QueueSnapshot()

    /// - Parameter maxConnections: the ceiling of requests in flight.
    package init(loop: CurlLoop, maxConnections: Int, policy: RetryPolicy = RetryPolicy(), budget: SharedRetryBudget) {
        self.loop = loop
        self.policy = policy
        self.budget = budget
        limiter = ConcurrencyLimiter(ceiling: maxConnections)
        published.limit = limiter.limit
        published.ceiling = limiter.ceiling
        loop.atShutdown { [weak self] in self?.stop() }
    }

    package func submit(_ queued: QueuedRequest) {
        loop.perform { [self] in
            let entry = Entry(queued)
            guard !isStopped else {
                return queued.handler(.failed(Self.cancelled(CurlLoop.stopping), reason: "", attempts: 0))
            }
            guard entries[queued.id] == nil else {
                let failure = TransportFailure(kind: .other, message: "the request's identifier is in use")
                return queued.handler(.failed(failure, reason: "", attempts: 0))
            }
            entries[queued.id] = entry
            guard queued.attempts > 0 else {
                enqueue(entry)
                return pump()
            }
            entry.attempts = queued.attempts
            switch decide(entry, nil, LoopClock.seconds) {
            case .retry(let delay): again(entry, after: delay)
            case .giveUp(let reason):
                let failure = TransportFailure(kind: .other, message: "the answer broke off")
                finish(entry, .failed(failure, reason: reason, attempts: entry.attempts))
            }
        }
    }

    /// Ends a request, wherever it is. Its last event is `failed` with kind `cancelled`, unless it was over already.
    package func cancel(_ id: TransferID) {
        loop.perform { [self] in
            guard let entry = entries[id] else { return }
            withdraw(entry)
            publish()
        }
    }

    /// Ends all requests, as `cancel` does. New ones are taken still.
    package func cancelAll() {
        loop.perform { [self] in
            for entry in Array(entries.values) { withdraw(entry) }
            publish()
        }
    }

    package var snapshot: QueueSnapshot { lock.withLock { published } }

    // MARK: On the loop's thread

    private static func cancelled(_ message: String) -> TransportFailure {
        TransportFailure(kind: .cancelled, message: message)
    }

    private func withdraw(_ entry: Entry, _ message: String = "cancelled") {
        entry.isCancelled = true
        if entry.isInFlight { return loop.cancel(entry.queued.id) }
        waiting.removeAll { $0 === entry }
        finish(entry, .failed(Self.cancelled(message), reason: "", attempts: entry.attempts))
    }

    /// The loop is about to end what is in flight.
    private func stop() {
        isStopped = true
        for entry in Array(entries.values) where !entry.isInFlight { withdraw(entry, CurlLoop.stopping) }
        publish()
    }

    private func enqueue(_ entry: Entry) {
        let index = waiting.lastIndex { $0.queued.priority >= entry.queued.priority }.map { $0 + 1 } ?? 0
        waiting.insert(entry, at: index)
    }

    private func pump() {
        if isStopped { return publish() }
        let now = LoopClock.seconds
        if now < pausedUntil {
            guard !isWakeupSet, !waiting.isEmpty else { return publish() }
            isWakeupSet = true
            loop.schedule(after: pausedUntil - now) { [self] in
                isWakeupSet = false
                pump()
            }
            return publish()
        }
        while limiter.hasRoom, !waiting.isEmpty { send(waiting.removeFirst(), now) }
        publish()
    }

    private func send(_ entry: Entry, _ now: Double) {
        limiter.began()
        entry.attempts += 1
        entry.startedAt = now
        entry.isInFlight = true
        entry.hasAnswer = false
        entry.errorBody = []
        entry.queued.handler(.started)
        loop.start(entry.queued.id, entry.queued.request) { [self] event in
            receive(event, entry)
        }
    }

    private func receive(_ event: TransferEvent, _ entry: Entry) {
        switch event {
        case .head(let status, let headers):
            entry.status = status
            entry.headers = headers
            entry.hasAnswer = (200..<300).contains(status)
            if entry.hasAnswer { entry.queued.handler(.head(status: status, headers)) }
        case .data(let bytes):
            if (200..<300).contains(entry.status) {
                entry.queued.handler(.data(bytes))
            } else {
                entry.errorBody.append(contentsOf: bytes.prefix(max(0, Self.maxErrorBody - entry.errorBody.count)))
            }
        case .end(let timing):
            entry.isInFlight = false
            if (200..<300).contains(entry.status) {
                limiter.succeeded(after: timing.total, now: LoopClock.seconds)
                finish(entry, .end(timing, attempts: entry.attempts))
            } else {
                answered(entry)
            }
            pump()
        case .failed(let failure):
            entry.isInFlight = false
            broke(entry, failure)
            pump()
        }
    }

    /// An answer that is not 2xx.
    private func answered(_ entry: Entry) {
        let now = LoopClock.seconds
        let kind = entry.queued.classify(entry.status, entry.headers, entry.errorBody)
        var serverDelay: Double?
        switch kind {
        case .ok, .permanent, .quotaExhausted:
            limiter.ended()
            return reject(entry, isQuota: kind == .quotaExhausted, reason: "")
        case .rateLimited(let after):
            limiter.rateLimited(now: now)
            serverDelay = after
        case .retryable(let after):
            limiter.serverFailed(now: now)
            serverDelay = after
        }
        if entry.isCancelled {
            return finish(entry, .failed(Self.cancelled("cancelled"), reason: "", attempts: entry.attempts))
        }
        switch decide(entry, serverDelay, now) {
        case .retry(let delay):
            // A rate limit is the whole endpoint's: nobody else is sent into it.
            if case .rateLimited = kind { pausedUntil = max(pausedUntil, now + min(delay, serverDelay ?? delay)) }
            again(entry, after: delay)
        case .giveUp(let reason):
            var isQuota = false
            if case .rateLimited(let after) = kind, (after ?? 0) > 60 { isQuota = true }
            reject(entry, isQuota: isQuota, reason: reason)
        }
    }

    private func broke(_ entry: Entry, _ failure: TransportFailure) {
        let now = LoopClock.seconds
        if failure.kind == .cancelled || failure.kind == .tooLarge {
            limiter.ended()
        } else {
            limiter.serverFailed(now: now)
        }
        guard failure.kind.isTransient, !entry.isCancelled, !entry.hasAnswer || entry.queued.isRestartable() else {
            return finish(entry, .failed(failure, reason: "", attempts: entry.attempts))
        }
        switch decide(entry, nil, now) {
        case .retry(let delay):
            if entry.hasAnswer { entry.queued.handler(.restarted) }
            again(entry, after: delay)
        case .giveUp(let reason):
            finish(entry, .failed(failure, reason: reason, attempts: entry.attempts))
        }
    }

    private func decide(_ entry: Entry, _ serverDelay: Double?, _ now: Double) -> RetryPolicy.Decision {
        budget.withBudget {
            policy.decide(
                attempt: entry.attempts, serverDelay: serverDelay, uniform: .random(in: 0..<1), budget: &$0, now: now)
        }
    }

    private func again(_ entry: Entry, after delay: Double) {
        retries += 1
        loop.schedule(after: delay) { [self] in
            guard entries[entry.queued.id] === entry else { return }
            enqueue(entry)
            pump()
        }
    }

    private func reject(_ entry: Entry, isQuota: Bool, reason: String) {
        finish(
            entry,
            .rejected(
                status: entry.status, entry.headers, body: entry.errorBody, isQuota: isQuota, reason: reason,
                attempts: entry.attempts))
    }

    private func finish(_ entry: Entry, _ event: QueueEvent) {
        entries[entry.queued.id] = nil
        entry.queued.handler(event)
    }

    private func publish() {
        let snapshot = QueueSnapshot(
            inFlight: limiter.inFlight, waiting: waiting.count, limit: limiter.limit, ceiling: limiter.ceiling,
            retries: retries,
            reason: limiter.reason)
        lock.withLock { published = snapshot }
    }
}
