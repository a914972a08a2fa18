internal import CCurl
internal import Foundation

/// libcurl's sockets in epoll: only those at which something happened are looked at, where `curl_multi_perform` asks
/// every transfer in flight. Touched by the loop's thread only, but for `wake`.
final class SocketPoll {
    private static let batch = 256

    private let multi: UnsafeMutableRawPointer
    private let epoll: Int32
    private let wakeup: Int32
    private let events = UnsafeMutablePointer<epoll_event>.allocate(capacity: batch)
    /// When libcurl wants to be called though nothing has happened, in seconds of the loop's clock.
    private(set) var expiresAt = Double.infinity

    /// `nil` if the system has no more descriptors.
    init?(multi: UnsafeMutableRawPointer) {
        self.multi = multi
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        wakeup = evalh_eventfd()
        guard epoll >= 0, wakeup >= 0, evalh_epoll_watch(epoll, wakeup, CURL_POLL_IN) == 0 else { return nil }
        let user = Unmanaged.passUnretained(self).toOpaque()
        evalh_curl_multi_set_callbacks(
            multi,
            { _, socket, what, user, _ in
                guard let user else { return 0 }
                _ = evalh_epoll_watch(Unmanaged<SocketPoll>.fromOpaque(user).takeUnretainedValue().epoll, socket, what)
                return 0
            },
            { _, milliseconds, user in
                guard let user else { return 0 }
                let poll = Unmanaged<SocketPoll>.fromOpaque(user).takeUnretainedValue()
                poll.expiresAt = milliseconds < 0 ? .infinity : LoopClock.seconds + Double(milliseconds) / 1000
                return 0
            }, user)
    }

    deinit {
        if epoll >= 0 { close(epoll) }
        if wakeup >= 0 { close(wakeup) }
        events.deallocate()
    }

    /// Waits until something happens at a socket, `wake` is called or the time is over, and tells libcurl.
    func wait(milliseconds: Int32) {
        let count = epoll_wait(epoll, events, Int32(Self.batch), milliseconds)
        guard count > 0 else { return }
        var running: Int32 = 0
        for index in 0..<Int(count) {
            let socket = evalh_epoll_socket(events + index)
            if socket == wakeup {
                var value: UInt64 = 0
                _ = read(wakeup, &value, MemoryLayout<UInt64>.size)
            } else {
                curl_multi_socket_action(multi, socket, evalh_epoll_mask(events + index), &running)
            }
        }
    }

    /// Calls libcurl if its time has come.
    func expire(now: Double) {
        guard expiresAt <= now else { return }
        expiresAt = .infinity
        var running: Int32 = 0
        curl_multi_socket_action(multi, curl_socket_t(CURL_SOCKET_TIMEOUT), 0, &running)
    }

    /// Ends a `wait` of the loop's thread; from any thread.
    func wake() {
        var value: UInt64 = 1
        _ = write(wakeup, &value, MemoryLayout<UInt64>.size)
    }
}
