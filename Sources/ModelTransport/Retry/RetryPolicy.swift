internal import Foundation

/// When a failed request is tried again.
package struct RetryPolicy: Hashable, Sendable {
    /// First try included.
    package var maxAttempts: Int
    /// Seconds; doubled with each attempt up to `maxDelay`.
    package var baseDelay: Double
    package var maxDelay: Double

    package init(maxAttempts: Int = 6, baseDelay: Double = 0.5, maxDelay: Double = 30) {
        self.maxAttempts = maxAttempts
        self.baseDelay = baseDelay
        self.maxDelay = maxDelay
    }

    package enum Decision: Hashable, Sendable {
        case retry(after: Double)
        case giveUp(String)
    }

    /// Full jitter (Brooker, "Exponential Backoff and Jitter", AWS 2015): uniform in [0, min(maxDelay, base ·
    /// 2^attempt)]. A delay that the server names is kept, with up to a tenth on top so that not everybody comes back
    /// at once.
    /// - Parameters:
    ///   - attempt: attempts made so far, 1 or more.
    ///   - uniform: a random number in [0, 1).
    package func decide(attempt: Int, serverDelay: Double?, uniform: Double, budget: inout RetryBudget, now: Double)
        -> Decision
    {
        guard attempt < maxAttempts else { return .giveUp("after \(attempt) attempts") }
        let backoff = min(maxDelay, baseDelay * pow(2, Double(min(attempt - 1, 30))))
        let delay = serverDelay.map { $0 + min($0, 10) * 0.1 * uniform } ?? backoff * uniform
        guard budget.take(delay, now: now) else {
            let used = "the run's retry time of \(Int(budget.limit)) s is used up"
            return .giveUp(serverDelay == nil ? used : "\(used); the server asks to wait \(Int(delay.rounded(.up))) s")
        }
        return .retry(after: delay)
    }
}

/// Time that a run may spend waiting for retries: the union of all waits, so that fifty requests waiting out the same
/// minute cost one.
package struct RetryBudget: Hashable, Sendable {
    package let limit: Double
    package private(set) var used = 0.0
    private var coveredUntil = -Double.infinity

    package init(limit: Double) {
        self.limit = limit
    }

    /// Books a wait of `seconds` from `now`; false, and nothing is booked, if that is too much.
    package mutating func take(_ seconds: Double, now: Double) -> Bool {
        let added = max(0, now + seconds - max(now, coveredUntil))
        guard used + added <= limit else { return false }
        used += added
        coveredUntil = max(coveredUntil, now + seconds)
        return true
    }
}
