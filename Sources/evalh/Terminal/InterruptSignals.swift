internal import Foundation
internal import Runs

/// Ctrl-C and SIGTERM end a run cleanly; another one, a second or more later, at once. Sooner ones are the same wish
/// told twice: `timeout` signals the process and then its group.
final class InterruptSignals {
    private static let numbers = [SIGINT, SIGTERM, SIGHUP]
    private var sources: [any DispatchSourceSignal] = []

    init(interrupt: @escaping @Sendable () -> Void) {
        let first = FirstSignal()
        for number in Self.numbers {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: first.queue)
            source.setEventHandler {
                if first.secondsSince() > 1 { Leave.with(.interrupted) }
                interrupt()
            }
            source.resume()
            sources.append(source)
        }
    }

    func stop() {
        for source in sources { source.cancel() }
        for number in Self.numbers { signal(number, SIG_DFL) }
    }

    /// Sendable: touched on its queue only.
    private final class FirstSignal: @unchecked Sendable {
        let queue = DispatchQueue(label: "evalh.signals")
        private var at: DispatchTime?

        /// Seconds since the first call.
        func secondsSince() -> Double {
            let now = DispatchTime.now()
            defer { at = at ?? now }
            return at.map { Double(now.uptimeNanoseconds - $0.uptimeNanoseconds) / 1e9 } ?? 0
        }
    }
}
