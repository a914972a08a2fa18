/// A request the host has been asked for, until its last event.
///
/// Unchecked: it is touched only by code that its session's executor runs and by the session's event handling, both
/// inside a call of the host on this session, which never overlap.
final class PendingRequest: @unchecked Sendable {
    enum Ending {
        case complete
        case failed(RequestFailed)
        case rejected(Rejected)
        case cancelled(tokensReceived: Int, isEstimated: Bool)
        case result(ServiceResult)
        case stopped(SessionStopped)
        /// The task that waited was cancelled.
        case abandoned
    }

    let id: UInt64
    let submitSeq: UInt64
    let isStream: Bool
    var cancelSeq: UInt64?
    /// As they came.
    var choices: [Choice] = []
    /// Streamed and not yet read.
    var chunks: ArraySlice<Chunk> = []
    /// All streamed text and tokens.
    var text = ""
    var reasoning = ""
    var tokens: [Token] = []
    var ending: Ending?
    private var waiters: [UnsafeContinuation<Void, Never>] = []

    init(id: UInt64, submitSeq: UInt64, isStream: Bool) {
        self.id = id
        self.submitSeq = submitSeq
        self.isStream = isStream
    }

    var isWaitedFor: Bool { !waiters.isEmpty }

    /// Until something about this request changes.
    func nextChange() async {
        await withUnsafeContinuation { waiters.append($0) }
    }

    /// Lets those who wait look again.
    func signal() {
        let waiting = waiters
        waiters = []
        for waiter in waiting { waiter.resume() }
    }

    func end(_ ending: Ending) {
        guard self.ending == nil else { return }
        self.ending = ending
        signal()
    }

    /// What a caller that wanted completions is thrown; `nil` if it has them all.
    var interruption: (any Error)? {
        switch ending {
        case .complete, .result, nil: nil
        case .failed(let error): error
        case .rejected(let error): error
        case .stopped(let error): error
        case .cancelled, .abandoned: CancellationError()
        }
    }
}
