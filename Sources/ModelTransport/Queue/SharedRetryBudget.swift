internal import Foundation

/// The run's retry time, shared by all endpoints. Sendable: the lock guards the value.
package final class SharedRetryBudget: @unchecked Sendable {
    private let lock = NSLock()
    private var budget: RetryBudget

    /// - Parameter seconds: all the time that a run may wait for retries.
    package init(seconds: Double = 900) {
        budget = RetryBudget(limit: seconds)
    }

    func withBudget<T>(_ body: (inout RetryBudget) -> T) -> T { lock.withLock { body(&budget) } }
}
