internal import CCurl
internal import Foundation

/// The loop's clock: seconds that never go back.
enum LoopClock {
    static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// One thread that drives all transfers with libcurl's multi interface. Commands come from any thread; handlers run on
/// the loop's.
package final class CurlLoop: @unchecked Sendable {
    // Sendable: what is above the empty line is guarded by `lock`; everything else is touched by the loop's thread
    // alone, and by the serial queue `afterwards` once that thread has ended.
    private let lock = NSLock()
    private var commands: [@Sendable () -> Void] = []
    private var isSleeping = false
    /// The thread is over: `multi` must not be touched any more.
    private var hasEnded = false

    private let multi: UnsafeMutableRawPointer
    private let poll: SocketPoll
    private var transfers: [TransferID: Transfer] = [:]
    private var idleHandles: [EasyHandle] = []
    private var timers: [(at: Double, work: () -> Void)] = []
    /// No transfer's deadline is earlier.
    private var nextCheck = Double.infinity
    private var isStopping = false
    private var stopHooks: [() -> Void] = []
    private let afterwards = DispatchQueue(label: "evalh-transport-ended")
    private let finished = DispatchSemaphore(value: 0)

    /// `nil` if libcurl cannot be set up.
    package init?(maxConnections: Int = 4096) {
        CurlLoop.globalInit
        guard let multi = curl_multi_init() else { return nil }
        guard let poll = SocketPoll(multi: multi) else {
            curl_multi_cleanup(multi)
            return nil
        }
        self.multi = multi
        self.poll = poll
        evalh_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, maxConnections)
        evalh_curl_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
        let thread = Thread { [self] in run() }
        thread.name = "evalh-transport"
        thread.stackSize = 1 << 20
        thread.start()
    }

    private static let globalInit: Void = { curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

    // MARK: From any thread

    /// Starts a transfer; its events go to `handler`.
    package func start(_ id: TransferID, _ request: HTTPRequest, handler: @escaping @Sendable (TransferEvent) -> Void) {
        perform { [self] in begin(id, request, handler) }
    }

    /// Ends a transfer at once: the connection, or the HTTP/2 stream, is closed. Its last event is `failed` with kind
    /// `cancelled`, unless it was over already.
    package func cancel(_ id: TransferID) {
        perform { [self] in
            guard let transfer = transfers[id] else { return }
            conclude(
                transfer,
                .failed(TransportFailure(kind: .cancelled, message: "cancelled", bytesReceived: transfer.bodyBytes)))
        }
    }

    /// Runs `work` on the loop's thread after a time.
    package func schedule(after seconds: Double, _ work: @escaping @Sendable () -> Void) {
        let at = LoopClock.seconds + seconds
        perform { [self] in
            if isStopping { return }
            let index = timers.firstIndex { $0.at < at } ?? timers.count
            timers.insert((at, work), at: index)
        }
    }

    /// Runs `work` on the loop's thread soon; after `shutdown`, on another one, still one at a time.
    package func perform(_ work: @escaping @Sendable () -> Void) {
        lock.lock()
        defer { lock.unlock() }
        guard !hasEnded else { return afterwards.async(execute: work) }
        commands.append(work)
        // Under the lock, so that the thread has not ended by now.
        if isSleeping { poll.wake() }
        isSleeping = false
    }

    /// Runs `work` when the loop is told to stop, before it ends its transfers. For whoever holds requests back.
    func atShutdown(_ work: @escaping @Sendable () -> Void) {
        perform { [self] in if isStopping { work() } else { stopHooks.append(work) } }
    }

    /// Ends all transfers with `cancelled` and the thread; returns when that is done. A transfer that is started later
    /// ends so at once, and timers do not fire any more. Not to be called on the loop's thread.
    package func shutdown() {
        perform { [self] in isStopping = true }
        finished.wait()
        finished.signal()
    }

    // MARK: The loop

    private func run() {
        while true {
            runCommands()
            // What a command asks for is begun at once.
            runCommands()
            if isStopping { break }
            var now = LoopClock.seconds
            poll.expire(now: now)
            collect()
            now = LoopClock.seconds
            while let timer = timers.last, timer.at <= now {
                timers.removeLast()
                timer.work()
            }
            if now >= nextCheck { enforceDeadlines(now) }
            lock.lock()
            let isIdle = commands.isEmpty
            isSleeping = isIdle
            lock.unlock()
            let wake = min(nextCheck, timers.last?.at ?? .infinity, poll.expiresAt)
            let milliseconds = wake.isFinite ? max(0, min(((wake - now) * 1000).rounded(.up), 60_000)) : 60_000
            poll.wait(milliseconds: isIdle ? Int32(milliseconds) : 0)
            lock.lock()
            isSleeping = false
            lock.unlock()
        }
        end()
        finished.signal()
    }

    private func end() {
        timers = []
        for hook in stopHooks { hook() }
        stopHooks = []
        for transfer in Array(transfers.values) {
            conclude(
                transfer,
                .failed(TransportFailure(kind: .cancelled, message: Self.stopping, bytesReceived: transfer.bodyBytes)))
        }
        lock.lock()
        hasEnded = true
        for command in commands { afterwards.async(execute: command) }
        commands = []
        lock.unlock()
        idleHandles = []
        curl_multi_cleanup(multi)
    }

    static let stopping = "evalh is stopping"

    private func runCommands() {
        lock.lock()
        let work = commands
        commands = []
        lock.unlock()
        for command in work { command() }
    }

    private func begin(_ id: TransferID, _ request: HTTPRequest, _ handler: @escaping @Sendable (TransferEvent) -> Void)
    {
        guard !isStopping else { return handler(.failed(TransportFailure(kind: .cancelled, message: Self.stopping))) }
        guard transfers[id] == nil else {
            return handler(.failed(TransportFailure(kind: .other, message: "the transfer's identifier is in use")))
        }
        guard let handle = idleHandles.popLast() ?? EasyHandle() else {
            return handler(.failed(TransportFailure(kind: .other, message: "out of memory")))
        }
        let now = LoopClock.seconds
        let transfer = Transfer(id, request, handle: handle, now: now, handler: handler)
        transfers[id] = transfer
        if let failure = handle.prepare(transfer) { return conclude(transfer, .failed(failure)) }
        guard curl_multi_add_handle(multi, handle.easy) == CURLM_OK else {
            return conclude(
                transfer, .failed(TransportFailure(kind: .other, message: "libcurl does not take the transfer")))
        }
        nextCheck = min(nextCheck, transfer.nextCheck(now: now))
    }

    /// Tells the transfers that libcurl is done with.
    private func collect() {
        var code = CURLE_OK
        while let easy = evalh_curl_multi_next_done(multi, &code) {
            var user: UnsafeMutableRawPointer?
            evalh_curl_get_pointer(easy, &user)
            guard let user else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue()
            if let failure = transfer.failure
                ?? (code == CURLE_OK ? transfer.completion() : TransportFailure(code, transfer: transfer))
            {
                conclude(transfer, .failed(failure))
            } else {
                transfer.tellHead()
                conclude(transfer, .end(timing(transfer)))
            }
        }
    }

    private func timing(_ transfer: Transfer) -> TransferTiming {
        var connect = 0.0
        var firstByte = 0.0
        var total = 0.0
        var connections = 0
        evalh_curl_get_double(transfer.easy, CURLINFO_PRETRANSFER_TIME, &connect)
        evalh_curl_get_double(transfer.easy, CURLINFO_STARTTRANSFER_TIME, &firstByte)
        evalh_curl_get_double(transfer.easy, CURLINFO_TOTAL_TIME, &total)
        evalh_curl_get_long(transfer.easy, CURLINFO_NUM_CONNECTS, &connections)
        return TransferTiming(
            connect: connect, firstByte: firstByte, total: total, bytesReceived: transfer.bodyBytes,
            isConnectionReused: connections == 0)
    }

    private func enforceDeadlines(_ now: Double) {
        nextCheck = .infinity
        for transfer in Array(transfers.values) {
            if transfer.deadline <= now {
                conclude(transfer, .failed(transfer.timeout()))
            } else {
                nextCheck = min(nextCheck, transfer.nextCheck(now: now))
            }
        }
    }

    private func conclude(_ transfer: Transfer, _ event: TransferEvent) {
        transfers[transfer.id] = nil
        curl_multi_remove_handle(multi, transfer.easy)
        transfer.handle.rest(after: transfer.request)
        if idleHandles.count < 256 { idleHandles.append(transfer.handle) }
        transfer.handler(event)
    }
}
