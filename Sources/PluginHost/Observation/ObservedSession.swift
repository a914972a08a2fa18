internal import CEvalhPlugin
internal import Glibc

/// One session of a strategy, driven by the bare ABI: sees what `StrategyInstance` repairs, forgives or ends a session
/// for. Events lie in memory that is taken away when `step` returns.
package final class ObservedSession {
    private let plugin: StrategyPlugin
    private let session: HostSession
    private let instance: UnsafeMutableRawPointer
    private let recorder = ActionRecorder()
    private let memory: GuardedMemory?

    /// - Parameter memory: for events; `nil`: ordinary memory, as in a run.
    package init(_ plugin: StrategyPlugin, _ services: any SessionServices, memory: GuardedMemory?)
        throws(PluginFault)
    {
        let session = HostSession(services: services)
        let arena = StepArena(guarded: memory)
        session.enter(arena)
        let created = plugin.table.create(HostCallbacks.shared.table, Unmanaged.passUnretained(session).toOpaque())
        session.leave()
        arena.reset()
        guard let created else {
            throw PluginFault(
                plugin: plugin.id, message: "create failed: \(session.reportedError ?? "no reason given")")
        }
        self.plugin = plugin
        self.session = session
        self.memory = memory
        instance = created
    }

    deinit {
        let arena = StepArena(guarded: memory)
        session.enter(arena)
        plugin.table.destroy(instance)
        session.leave()
        arena.reset()
    }

    /// Processor time of the calling thread: what others do at the same time does not count.
    private static func threadNanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// Gives events to the plugin in one call of `step`.
    package func step(_ events: [ObservedEvent]) -> ObservedStep {
        // Of its own: all sessions share the guarded memory, and the end of one step takes all of it away.
        let arena = StepArena(guarded: memory)
        let list = arena.room(for: UnsafePointer<evalh_event>?.self, count: max(1, events.count))
        let encoder = EventEncoder(arena: arena)
        for (index, event) in events.enumerated() {
            switch event {
            case .event(let event): list[index] = encoder.encode(event)
            case .unknown(let type, let seq, let time):
                let bytes = MemoryLayout<evalh_event>.size + 8
                let target = arena.room(for: evalh_event.self, count: 2)
                target.initialize(
                    to: evalh_event(
                        struct_size: UInt32(bytes), type: type, flags: 0, seq: seq, time_ns: time))
                list[index] = UnsafePointer(target)
            }
        }
        recorder.begin()
        session.enter(arena)
        var out = evalh_out(
            struct_size: UInt32(MemoryLayout<evalh_out>.size), reserved: 0,
            context: Unmanaged.passUnretained(recorder).toOpaque(),
            push: { out, action in
                guard let action, let context = out?.pointee.context else { return EVALH_FAILED }
                return Unmanaged<ActionRecorder>.fromOpaque(context).takeUnretainedValue().push(action)
            })
        let start = Self.threadNanoseconds()
        let result = plugin.table.step(instance, UnsafePointer(list), UInt64(events.count), &out)
        let nanoseconds = Self.threadNanoseconds() &- start
        session.leave()
        let error = session.reportedError
        arena.reset()
        return ObservedStep(
            isOK: result == EVALH_OK, result: result, error: error, actions: recorder.actions,
            breaches: recorder.breaches + [session.ruleBreach].compactMap(\.self),
            refusedPushes: recorder.refused, nanoseconds: nanoseconds)
    }
}

/// Takes a step's actions.
private final class ActionRecorder {
    private(set) var actions: [ObservedAction] = []
    private(set) var breaches: [String] = []
    private(set) var refused = 0
    private var lastSeq: UInt64 = 0
    private var isFinished = false

    func begin() {
        actions = []
        breaches = []
        refused = 0
    }

    func push(_ pointer: UnsafePointer<evalh_action>) -> Int32 {
        guard actions.count < HostSession.maximumActionsAStep else {
            refused += 1
            return EVALH_FAILED
        }
        guard var decoder = ActionDecoder(pointer, textBudget: HostSession.maximumTextBytesAStep) else {
            breaches.append("pushed an action whose struct_size \(pointer.pointee.struct_size) does not fit its header")
            return EVALH_FAILED
        }
        let header = decoder.header
        guard !isFinished else {
            breaches.append("pushed an action of type \(header.type) after FINISH")
            return EVALH_FAILED
        }
        if header.seq <= lastSeq {
            breaches.append("gave an action the seq \(header.seq) after \(lastSeq): seq must increase")
        }
        lastSeq = max(lastSeq, header.seq)
        var action = ObservedAction(seq: header.seq, type: header.type, structSize: header.struct_size)
        do {
            switch try decoder.decode() {
            case .body(let body): action.body = body
            case .malformed:
                breaches.append("pushed an action of type \(header.type) with struct_size \(header.struct_size)")
            }
        } catch {
            action.body = .invalid(request: decoder.request, message: error.message)
        }
        if Int32(header.type) == EVALH_ACTION_FINISH { isFinished = true }
        actions.append(action)
        return EVALH_OK
    }
}
