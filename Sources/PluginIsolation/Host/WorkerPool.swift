internal import Completions
internal import Foundation
internal import PluginHost
internal import Synchronization

/// The workers of one library for one kind of its plugins: started when they are first needed, at most one a core.
///
/// Kinds are kept apart because a strategy's step may ask the host for an extraction, which a grader of the same
/// library then does: in one process both would wait for each other.
final class WorkerPool: Sendable {
    let library: String
    let isolation: Isolation
    let limits: WorkerLimits
    private let slots: [WorkerSlot]
    private let made = Atomic<UInt64>(0)

    init(_ program: WorkerProgram, library: String, isolation: Isolation) {
        self.library = library
        self.isolation = isolation
        limits = program.limits
        slots = (0..<program.processes).map { _ in WorkerSlot(program, library: library, isolation: isolation) }
    }

    var slotCount: Int { slots.count }

    /// The place of the next instance, by its number.
    func next() -> (number: UInt64, slot: WorkerSlot) {
        let number = made.wrappingAdd(1, ordering: .relaxed).newValue
        return (number, slots[Int(number % UInt64(slots.count))])
    }

    /// Starts a worker and says what the kernel lets it be confined by, as the bits of `evalh_worker_confine`.
    func confinement() throws(WorkerEnd) -> UInt32 {
        try slots[1 % slots.count].use { (slot) throws(WorkerEnd) in try slot.worker().confinement }
    }
}

/// The place of one worker, and of those that come after it.
final class WorkerSlot: @unchecked Sendable {
    // Sendable: `lock` guards all but `gone`, which has its own.
    private let program: WorkerProgram
    private let library: String
    private let isolation: Isolation
    private let lock = NSLock()
    private let gone = Mutex<[UInt64]>([])
    private var current: WorkerProcess?
    /// Counts workers, from 1.
    private(set) var generation = 0

    init(_ program: WorkerProgram, library: String, isolation: Isolation) {
        self.program = program
        self.library = library
        self.isolation = isolation
    }

    /// Only what `body` does may use the worker.
    func use<T>(_ body: (WorkerSlot) throws(WorkerEnd) -> T) throws(WorkerEnd) -> T {
        lock.lock()
        defer { lock.unlock() }
        return try body(self)
    }

    /// The worker that is there, or a new one.
    func worker() throws(WorkerEnd) -> WorkerProcess {
        if let current { return current }
        let fresh = try WorkerProcess(program, library: library, isolation: isolation)
        generation += 1
        gone.withLock { $0 = [] }
        current = fresh
        return fresh
    }

    /// The worker is gone.
    func discard() { current = nil }

    /// An instance is not needed any more; its worker is told with the next message. Any thread.
    func forget(_ instance: UInt64) { gone.withLock { $0.append(instance) } }

    func takeForgotten() -> [UInt64] {
        gone.withLock { gone in
            defer { gone = [] }
            return gone
        }
    }
}
