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
    private var transfers: [TransferID: Transfer] = [:]
    private var idleHandles: [UnsafeMutableRawPointer] = []
    private var timers: [(at: Double, work: () -> Void)] = []
    /// No transfer's deadline is earlier.
    private var nextCheck = Double.infinity
    private var newlyAnswered: [Transfer] = []
    private var isStopping = false
    private var stopHooks: [() -> Void] = []
    private let afterwards = DispatchQueue(label: "evalh-transport-ended")
    private let finished = DispatchSemaphore(value: 0)

    /// `nil` if libcurl cannot be set up.
    package init?(maxConnections: Int = 4096) {
        CurlLoop.globalInit
        guard let multi = curl_multi_init() else { return nil }
        self.multi = multi
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
        // Under the lock, so that `multi` is not gone by now.
        if isSleeping { curl_multi_wakeup(multi) }
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
        var running: Int32 = 0
        while true {
            runCommands()
            if isStopping { break }
            curl_multi_perform(multi, &running)
            // A first byte changes which deadline comes next.
            for transfer in newlyAnswered { nextCheck = min(nextCheck, transfer.deadline) }
            newlyAnswered.removeAll(keepingCapacity: true)
            collect()
            let now = LoopClock.seconds
            while let timer = timers.last, timer.at <= now {
                timers.removeLast()
                timer.work()
            }
            if now >= nextCheck { enforceDeadlines(now) }
            lock.lock()
            let isIdle = commands.isEmpty
            isSleeping = isIdle
            lock.unlock()
            guard isIdle else { continue }
            let wake = min(nextCheck, timers.last?.at ?? .infinity)
            let milliseconds = wake.isFinite ? max(0, min((wake - now) * 1000 + 1, 60_000)) : 60_000
            curl_multi_poll(multi, nil, 0, Int32(milliseconds), nil)
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
        for easy in idleHandles { curl_easy_cleanup(easy) }
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
        guard let easy = idleHandles.popLast() ?? curl_easy_init() else {
            return handler(.failed(TransportFailure(kind: .other, message: "out of memory")))
        }
        let transfer = Transfer(id, request, easy: easy, now: LoopClock.seconds, handler: handler)
        transfer.onFirstByte = { [unowned self, unowned transfer] in newlyAnswered.append(transfer) }
        transfers[id] = transfer
        if let failure = EasySetup.configure(transfer) { return conclude(transfer, .failed(failure)) }
        guard curl_multi_add_handle(multi, easy) == CURLM_OK else {
            return conclude(
                transfer, .failed(TransportFailure(kind: .other, message: "libcurl does not take the transfer")))
        }
        nextCheck = min(nextCheck, transfer.deadline)
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
                nextCheck = min(nextCheck, transfer.deadline)
            }
        }
    }

    private func conclude(_ transfer: Transfer, _ event: TransferEvent) {
        transfers[transfer.id] = nil
        curl_multi_remove_handle(multi, transfer.easy)
        curl_slist_free_all(transfer.headerList)
        transfer.headerList = nil
        if idleHandles.count < 256 {
            curl_easy_reset(transfer.easy)
            idleHandles.append(transfer.easy)
        } else {
            curl_easy_cleanup(transfer.easy)
        }
        transfer.handler(event)
    }
}
