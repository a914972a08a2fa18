internal import Completions
internal import Foundation
internal import Synchronization

/// Threads for calls that block, one call each at a time, in the order they come. Each has a slot with what is kept
/// from call to call, such as a running program; a slot is used by one thread at a time.
final class CallWorkers<Slot: Sendable>: Sendable {
    typealias Outcome = Result<ServiceResult, ModelFailure>

    private struct Job: Sendable {
        let stop = CallStop()
        let work: @Sendable (Slot, CallStop) -> Outcome
        let done: @Sendable (Outcome) -> Void
    }

    private struct Inside {
        /// The next one is the last.
        var waiting: [Job] = []
        var arriving: [Job] = []
        var running: [ObjectIdentifier: CallStop] = [:]
        var idle: [Slot] = []
        var threads = 0
        var isClosed = false
    }

    private let inside = Mutex(Inside())
    private let limit: Int
    private let make: @Sendable () -> Slot
    private let drop: @Sendable (Slot) -> Void
    private let threads = DispatchGroup()

    /// - Parameters:
    ///   - limit: threads at once; at least one.
    ///   - slots: some that are there already, `limit` at most.
    ///   - drop: ends what a slot keeps.
    init(
        _ limit: Int, slots: [Slot] = [], make: @escaping @Sendable () -> Slot,
        drop: @escaping @Sendable (Slot) -> Void = { _ in }
    ) {
        self.limit = max(1, limit)
        self.make = make
        self.drop = drop
        inside.withLock { $0.idle = slots }
    }

    /// - Returns: ends the call early; `done` is then left out, or told what the call came to all the same.
    func add(
        done: @escaping @Sendable (Outcome) -> Void, _ work: @escaping @Sendable (Slot, CallStop) -> Outcome
    ) -> @Sendable () -> Void {
        let job = Job(work: work, done: done)
        let isNewThread = inside.withLock { inside in
            guard !inside.isClosed else { return false }
            inside.arriving.append(job)
            guard inside.threads < limit else { return false }
            inside.threads += 1
            threads.enter()
            return true
        }
        if isNewThread {
            Thread.detachNewThread { [self] in
                runAll()
                threads.leave()
            }
        }
        return { job.stop.stop() }
    }

    /// Stops all calls and waits for the threads, some seconds at most, then drops the slots. `done` of calls that
    /// waited is left out.
    func close() {
        let running = inside.withLock { inside in
            inside.isClosed = true
            inside.waiting = []
            inside.arriving = []
            return Array(inside.running.values)
        }
        for stop in running { stop.stop() }
        _ = threads.wait(timeout: .now() + 15)
        let slots = inside.withLock { inside in
            defer { inside.idle = [] }
            return inside.idle
        }
        for slot in slots { drop(slot) }
    }

    private func runAll() {
        // A program that ends while it is written to costs its call, not this process.
        var pipe = sigset_t()
        sigemptyset(&pipe)
        sigaddset(&pipe, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &pipe, nil)
        let slot = inside.withLock { $0.idle.popLast() } ?? make()
        while let job = next() {
            let outcome = job.work(slot, job.stop)
            let isClosed = inside.withLock { inside in
                inside.running[ObjectIdentifier(job.stop)] = nil
                return inside.isClosed
            }
            if !isClosed { job.done(outcome) }
        }
        inside.withLock { $0.idle.append(slot) }
    }

    private func next() -> Job? {
        inside.withLock { inside in
            while true {
                if inside.waiting.isEmpty {
                    inside.waiting = inside.arriving.reversed()
                    inside.arriving = []
                }
                guard let job = inside.waiting.popLast() else {
                    inside.threads -= 1
                    return nil
                }
                guard !job.stop.isStopped else { continue }
                inside.running[ObjectIdentifier(job.stop)] = job.stop
                return job
            }
        }
    }
}
