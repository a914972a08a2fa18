package import Completions
internal import Dispatch
package import JSON
internal import Synchronization

/// A call of a service that somebody waits for.
package final class PendingAnswer: Sendable {
    private let answer = Mutex<Result<ServiceResult, ModelFailure>?>(nil)
    private let arrived = DispatchSemaphore(value: 0)
    private let cancel = Mutex<(@Sendable () -> Void)?>(nil)

    /// Starts the call.
    package init(_ service: any HostService, _ payload: JSONValue, seed: UInt64 = 0) {
        let end = service.call(payload, seed: seed) { [self] in put($0) }
        cancel.withLock { $0 = end }
    }

    /// Blocks until the result is there.
    /// - Parameter stop: ends the call early; it is then a failure.
    package func wait(_ stop: CallStop = CallStop()) -> Result<ServiceResult, ModelFailure> {
        stop.whenStopped { [self] in
            cancel.withLock { $0 }?()
            arrived.signal()
        }
        arrived.wait()
        stop.whenStopped(nil)
        return answer.withLock { $0 }
            ?? .failure(ModelFailure(kind: .server, message: "the call was ended early", isRetryable: true))
    }

    private func put(_ result: Result<ServiceResult, ModelFailure>) {
        answer.withLock { $0 = $0 ?? result }
        arrived.signal()
    }

}
