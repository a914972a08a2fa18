/// How many requests an endpoint gets at once: grows by one each time a full window went well, is halved by a rate
/// limit (429), and does not grow for a while after server errors. Additive increase, multiplicative decrease, as TCP
/// does it. A value: time comes in.
package struct ConcurrencyLimiter: Sendable {
    package let ceiling: Int
    package private(set) var inFlight = 0
    private var window: Double
    /// Decreases within one round trip count once.
    private var lastDecrease = -Double.infinity
    private var growthPausedUntil = -Double.infinity
    private var roundTrip = 1.0
    /// Why the limit is below the ceiling; empty: it is not.
    package private(set) var reason = ""

    package init(ceiling: Int, initial: Int? = nil) {
        self.ceiling = max(1, ceiling)
        window = Double(max(1, min(initial ?? ceiling, max(1, ceiling))))
    }

    package var limit: Int { max(1, min(ceiling, Int(window))) }
    package var hasRoom: Bool { inFlight < limit }

    package mutating func began() { inFlight += 1 }

    /// A request ended well after `seconds`.
    package mutating func succeeded(after seconds: Double, now: Double) {
        let wasFull = inFlight >= limit
        inFlight -= 1
        roundTrip = 0.9 * roundTrip + 0.1 * seconds
        guard wasFull, now >= growthPausedUntil, window < Double(ceiling) else { return }
        window = min(Double(ceiling), window + 1 / max(1, window))
        if limit == ceiling { reason = "" }
    }

    /// The server said 429.
    package mutating func rateLimited(now: Double) {
        inFlight -= 1
        guard now - lastDecrease >= roundTrip else { return }
        lastDecrease = now
        window = max(1, window / 2)
        if limit < ceiling { reason = "rate limit (429)" }
    }

    /// 5xx, or no connection.
    package mutating func serverFailed(now: Double) {
        inFlight -= 1
        growthPausedUntil = now + 10
        if limit < ceiling { reason = "server errors" }
    }

    /// Ended without telling anything about the server: cancelled, or refused as a bad request.
    package mutating func ended() { inFlight -= 1 }
}
