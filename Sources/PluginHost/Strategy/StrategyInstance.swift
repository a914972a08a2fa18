internal import CEvalhPlugin
internal import Glibc

/// One session's instance of a strategy plugin: turns events into the header's structs, calls `step`, and turns the
/// actions back. A suspended instance costs the host about 300 bytes beside the plugin's own memory.
package final class StrategyInstance: SessionStrategy {
    /// Events of one call of `step` hold at most about so many bytes; more events are given in several calls.
    private static let maximumBatchBytes = 8 << 20

    private enum State {
        case running
        case finished
        case failed(PluginFault)
    }

    private let plugin: StrategyPlugin
    private let session: HostSession
    private let instance: UnsafeMutableRawPointer
    private let out: UnsafeMutablePointer<evalh_out>
    private var state = State.running
    /// Seconds of wall time inside the plugin's `step` so far, less what the grader took.
    package private(set) var stepSeconds = 0.0

    init(plugin: StrategyPlugin, services: any SessionServices) throws(PluginFault) {
        let session = HostSession(services: services)
        let arena = StepArena.take()
        session.enter(arena)
        let created = plugin.guarded.call(.create, services.subject) {
            plugin.table.create(HostCallbacks.shared.table, Unmanaged.passUnretained(session).toOpaque())
        }
        session.leave()
        arena.giveBack()
        guard let created else {
            throw PluginFault(
                plugin: plugin.id, message: "create failed: \(session.reportedError ?? "no reason given")")
        }
        self.plugin = plugin
        self.session = session
        instance = created
        out = HostCallbacks.makeOut(session)
    }

    deinit {
        session.enter(nil)
        plugin.guarded.call(.destroy, session.services.subject) { plugin.table.destroy(instance) }
        session.leave()
        out.deallocate()
    }

    /// Gives events to the plugin. After FINISH it is not called again and there are no more actions; after a fault the
    /// same fault is thrown again.
    package func step(_ events: [SessionEvent]) throws(PluginFault) -> [SessionAction] {
        switch state {
        case .finished: return []
        case .failed(let fault): throw fault
        case .running: break
        }
        let arena = StepArena.take()
        defer { arena.giveBack() }
        var next = events.startIndex
        while next < events.endIndex, !session.isFinished {
            try step(events, from: &next, arena)
            arena.reset()
        }
        if session.isFinished { state = .finished }
        return session.takeActions()
    }

    /// One call of the plugin's `step`, with as many events as a batch holds.
    private func step(_ events: [SessionEvent], from next: inout Int, _ arena: StepArena) throws(PluginFault) {
        let encoder = EventEncoder(arena: arena)
        let list = arena.room(for: UnsafePointer<evalh_event>?.self, count: events.endIndex - next)
        var count = 0
        var mustFinish = false
        while next < events.endIndex, arena.used < Self.maximumBatchBytes {
            let event = events[next]
            if case .stop = event.body { mustFinish = true }
            list[count] = encoder.encode(event)
            count += 1
            next += 1
        }
        let result = call(UnsafePointer(list), count, arena)
        if let breach = session.ruleBreach { throw fail(breach) }
        guard result == EVALH_OK else { throw fail(session.reportedError ?? "step failed and gave no reason") }
        guard session.isFinished || !mustFinish else { throw fail("did not FINISH in the step that brought STOP") }
    }

    private func call(_ list: UnsafePointer<UnsafePointer<evalh_event>?>, _ count: Int, _ arena: StepArena) -> Int32 {
        session.enter(arena)
        let last = count > 0 ? list[count - 1]?.pointee.type ?? 0 : 0
        let start = Self.monotonicNanoseconds()
        let result = plugin.guarded.call(.step, session.services.subject, event: last) {
            plugin.table.step(instance, list, UInt64(count), out)
        }
        let nanoseconds = Self.monotonicNanoseconds() &- start &- session.graderNanoseconds
        session.leave()
        stepSeconds += Double(nanoseconds) / 1e9
        plugin.addStep(nanoseconds: nanoseconds, events: count)
        return result
    }

    private func fail(_ message: String) -> PluginFault {
        let fault = PluginFault(plugin: plugin.id, message: message)
        state = .failed(fault)
        return fault
    }

    static func monotonicNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
