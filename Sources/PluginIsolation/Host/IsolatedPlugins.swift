internal import CPluginWorker
package import Completions
package import PluginHost
internal import Synchronization

/// Opens plugins in processes of their own, for one run.
package final class IsolatedPlugins: Sendable {
    private struct Place: Hashable {
        var library: String
        var kind: PluginKind
        var isolation: Isolation
    }

    private let program: WorkerProgram
    private let quarantine: Quarantine
    private let say: @Sendable (String) -> Void
    private let pools = Mutex<[Place: WorkerPool]>([:])
    private let hasToldLacks = Atomic<Bool>(false)

    /// - Parameter say: told once what the kernel does not let sandboxes have, and once of each plugin that is out
    ///   after it broke down too often.
    package init(_ program: WorkerProgram, say: @escaping @Sendable (String) -> Void) {
        self.program = program
        self.say = say
        quarantine = Quarantine(say: say)
    }

    package func strategy(_ info: PluginInfo, _ isolation: Isolation) -> IsolatedStrategy {
        IsolatedStrategy(info, pool(info, isolation), quarantine)
    }

    package func grader(
        _ info: PluginInfo, parametersJSON: String, _ isolation: Isolation
    ) throws(PluginFault) -> IsolatedGrader {
        try IsolatedGrader(info, parametersJSON: parametersJSON, pool(info, isolation), quarantine)
    }

    package func metric(
        _ info: PluginInfo, parametersJSON: String, seed: UInt64, _ isolation: Isolation
    ) throws(PluginFault) -> IsolatedMetric {
        try IsolatedMetric(info, parametersJSON: parametersJSON, seed: seed, pool(info, isolation), quarantine)
    }

    package func allocator(
        _ info: PluginInfo, parametersJSON: String, setup: AllocationSetup, seed: UInt64, _ isolation: Isolation
    ) throws(PluginFault) -> IsolatedAllocator {
        try IsolatedAllocator(
            info, parametersJSON: parametersJSON, setup: setup, seed: seed, pool(info, isolation), quarantine)
    }

    private func pool(_ info: PluginInfo, _ isolation: Isolation) -> WorkerPool {
        let place = Place(library: info.file, kind: info.kind, isolation: isolation)
        let pool = pools.withLock { pools in
            if let pool = pools[place] { return pool }
            let pool = WorkerPool(program, library: info.file, isolation: isolation)
            pools[place] = pool
            return pool
        }
        if isolation == .sandbox, !hasToldLacks.exchange(true, ordering: .relaxed) { tellLacks(pool) }
        return pool
    }

    /// Says what a sandbox has to do without here. A library that cannot be opened tells so when it is used.
    private func tellLacks(_ pool: WorkerPool) {
        guard let has = try? pool.confinement() else { return }
        let lacks = Self.confinements.filter { has & $0.bit == 0 }.map(\.what)
        guard !lacks.isEmpty else { return }
        say("plugins in a sandbox are not kept from \(lacks.joined(separator: ", nor from ")): this kernel cannot")
    }

    private static let confinements: [(bit: UInt32, what: String)] = [
        (UInt32(EVALH_CONFINED_NETWORK), "the network"),
        (UInt32(EVALH_CONFINED_FILES), "writing files"),
        (UInt32(EVALH_CONFINED_CALLS), "starting programs"),
        (UInt32(EVALH_CONFINED_LIMITS), "using many files"),
    ]
}
