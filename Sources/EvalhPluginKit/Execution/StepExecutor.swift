import Synchronization

/// Runs a session's jobs only when told to, on the thread that tells.
///
/// Swift hands a task's jobs to its preferred executor instead of the global pool; child tasks inherit the preference.
/// The jobs wait here until the host's next call of `step` runs them, first in, first out: the order depends on nothing
/// else.
final class StepExecutor: TaskExecutor {
    /// Locked although one session is entered by one thread at a time: a plugin that breaks the rules and resumes a
    /// task from a thread of its own must not corrupt memory.
    private let jobs = Mutex<JobQueue>(JobQueue())

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    /// Runs jobs, and those they cause, until there are none.
    func runUntilIdle() {
        let executor = asUnownedTaskExecutor()
        while let job = jobs.withLock({ $0.popFirst() }) {
            job.runSynchronously(on: executor)
        }
    }
}

/// First in, first out. Most of the time there is one job or none, so that one is kept without an allocation.
private struct JobQueue {
    private var first: UnownedJob?
    private var others: [UnownedJob] = []
    private var head = 0

    mutating func append(_ job: UnownedJob) {
        if first == nil { first = job } else { others.append(job) }
    }

    mutating func popFirst() -> UnownedJob? {
        guard let job = first else { return nil }
        if head < others.count {
            first = others[head]
            head += 1
        } else {
            first = nil
        }
        if head == others.count, head > 0 {
            others = []
            head = 0
        }
        return job
    }
}
