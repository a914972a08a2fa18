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

/// One thread that drives all transfers with libcurl's multi interface. Commands come from any thread; handlers run on the loop's.
package final class CurlLoop: @unchecked Sendable {
    // Sendable: `commands` is guarded by `lock`; everything else is touched by the loop's thread alone.
    private let lock = NSLock()
    private var commands: [() -> Void] = []
    private var isSleeping = false
    private var isStopping = false

    private let multi: UnsafeMutableRawPointer
    private var transfers: [TransferID: Transfer] = [:]
    private var idleHandles: [UnsafeMutableRawPointer] = []
    private var timers: [(at: Double, work: () -> Void)] = []
    /// No transfer's deadline is earlier.
    private var nextCheck = Double.infinity
    private var newlyAnswered: [Transfer] = []
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

    /// Ends a transfer at once: the connection, or the HTTP/2 stream, is closed. Its last event is `failed` with kind `cancelled`, unless it
    /// was over already.
    package func cancel(_ id: TransferID) {
        perform { [self] in
            guard let transfer = transfers[id] else { return }
            conclude(transfer, .failed(TransportFailure(kind: .cancelled, message: "cancelled", bytesReceived: transfer.bodyBytes)))
        }
    }

    /// Runs `work` on the loop's thread after a time.
    package func schedule(after seconds: Double, _ work: @escaping @Sendable () -> Void) {
        let at = LoopClock.seconds + seconds
        perform { [self] in
            let index = timers.firstIndex { $0.at < at } ?? timers.count
            timers.insert((at, work), at: index)
        }
    }

    /// Runs `work` on the loop's thread soon.
    package func perform(_ work: @escaping () -> Void) {
        lock.lock()
        commands.append(work)
        let mustWake = isSleeping
        isSleeping = false
        lock.unlock()
        if mustWake { curl_multi_wakeup(multi) }
    }

    /// Ends all transfers with `cancelled` and the thread; returns when that is done.
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
        for transfer in Array(transfers.values) {
            conclude(transfer, .failed(TransportFailure(kind: .cancelled, message: "evalh is stopping", bytesReceived: transfer.bodyBytes)))
        }
        for easy in idleHandles { curl_easy_cleanup(easy) }
        curl_multi_cleanup(multi)
        finished.signal()
    }

    private func runCommands() {
        lock.lock()
        let work = commands
        commands.removeAll(keepingCapacity: true)
        lock.unlock()
        for command in work { command() }
    }

    private func begin(_ id: TransferID, _ request: HTTPRequest, _ handler: @escaping @Sendable (TransferEvent) -> Void) {
        guard let easy = idleHandles.popLast() ?? curl_easy_init() else {
            handler(.failed(TransportFailure(kind: .other, message: "out of memory")))
            return
        }
        let transfer = Transfer(id, request, easy: easy, now: LoopClock.seconds, handler: handler)
        transfer.onFirstByte = { [unowned self, unowned transfer] in newlyAnswered.append(transfer) }
        EasySetup.configure(transfer)
        transfers[id] = transfer
        nextCheck = min(nextCheck, transfer.deadline)
        curl_multi_add_handle(multi, easy)
    }

    /// Tells the transfers that libcurl is done with.
    private func collect() {
        var code = CURLE_OK
        while let easy = evalh_curl_multi_next_done(multi, &code) {
            var user: UnsafeMutableRawPointer?
            evalh_curl_get_pointer(easy, &user)
            guard let user else { continue }
            let transfer = Unmanaged<Transfer>.fromOpaque(user).takeUnretainedValue()
            if let failure = transfer.failure {
                conclude(transfer, .failed(failure))
            } else if code == CURLE_OK {
                transfer.tellHead()
                conclude(transfer, .end(timing(transfer)))
            } else {
                conclude(transfer, .failed(TransportFailure(code, transfer: transfer)))
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
            connect: connect, firstByte: firstByte, total: total, bytesReceived: transfer.bodyBytes, isConnectionReused: connections == 0)
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
