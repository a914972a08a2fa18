import CEvalhPlugin
public import EvalhPluginKit

/// Plays a host to one session of a strategy, for tests: it delivers events through the real C table and keeps the
/// actions. No model, no network, no clock.
///
/// ```swift
/// let session = try ScriptedSession(FirstOfTwo.self)
/// let outcome = session.run { _, index in .text("x = \(index)") }
/// #expect(outcome == .finished(Answer("x = 0")))
/// ```
///
/// `run` answers each request by a closure. For full control, deliver events by `step` and look at `actions`.
public final class ScriptedSession {
    /// How a session ended.
    public enum Outcome: Hashable, Sendable {
        /// With an answer, which may be none.
        case finished(Answer)
        /// The strategy finished with an error: the session counts as failed, not as wrong.
        case error(String)
        /// `step` returned EVALH_FAILED, with this text.
        case failed(String)
        /// It has not ended.
        case open
    }

    /// The parameters as the suite gives them, a JSON object.
    public let parameters: String
    /// All events delivered, with their logical times in nanoseconds: another session can `replay` them.
    public private(set) var log: [(time: Int64, event: ScriptedEvent)] = []
    /// Logical time of the last event.
    public private(set) var now: Int64 = 0
    private let table: evalh_strategy
    private let host: UnsafeMutablePointer<evalh_host>
    private let state: ScriptedHostState
    private var instance: UnsafeMutableRawPointer?
    private var lastSeq: UInt64 = 0
    private var failure: String?

    /// - Parameters:
    ///   - plugin: A strategy of a library; `ScriptedLibrary` finds them.
    ///   - parameters: A JSON object, as the suite's `with:` has it with defaults filled in.
    ///   - host: What the session offers beside events.
    /// - Throws: `ScriptedError` if it is no strategy or makes no instance.
    public init(_ plugin: ScriptedPlugin, parameters: String = "{}", host: ScriptedHost = ScriptedHost()) throws {
        guard plugin.kind == EVALH_KIND_STRATEGY, let table = plugin.table else {
            throw ScriptedError("\(plugin.id) is no strategy")
        }
        self.table = table.load(as: evalh_strategy.self)
        self.parameters = parameters
        state = ScriptedHostState(host)
        self.host = .allocate(capacity: 1)
        self.host.initialize(to: ScriptedHostState.functions)
        instance = self.table.create?(self.host, Unmanaged.passUnretained(state).toOpaque())
        guard instance != nil else { throw ScriptedError(state.error ?? "create gave no instance") }
    }

    /// A session of a strategy of this process.
    public convenience init<S: Strategy>(_ type: S.Type, parameters: String = "{}", host: ScriptedHost = ScriptedHost())
        throws
    {
        try self.init(ScriptedLibrary.plugin(type), parameters: parameters, host: host)
    }

    deinit {
        destroy()
        host.deallocate()
    }

    /// All actions so far.
    public var actions: [ScriptedAction] { state.actions }

    /// How many actions the host takes before it refuses; for tests of what a strategy does then.
    public var room: Int {
        get { state.room }
        set { state.room = newValue }
    }

    /// How it ended, if it did.
    public var outcome: Outcome {
        if let failure { return .failed(failure) }
        guard case .finish(let answer, let isError) = actions.last?.body else { return .open }
        return isError ? .error(answer.reason) : .finished(answer)
    }

    /// Delivers events in one call, at a logical time not before that of the last ones.
    ///
    /// - Returns: The actions pushed by them.
    @discardableResult
    public func step(_ events: ScriptedEvent..., at time: Int64? = nil) -> [ScriptedAction] {
        step(events.map { (time ?? now, $0) })
    }

    /// Delivers events of a log in one call.
    @discardableResult
    public func step(_ events: [(time: Int64, event: ScriptedEvent)]) -> [ScriptedAction] {
        guard let instance, let step = table.step else { return [] }
        let before = actions.count
        var arena = Arena()
        var pointers: [UnsafePointer<evalh_event>?] = []
        for (time, event) in events {
            lastSeq += 1
            now = max(now, time)
            log.append((now, event))
            pointers.append(event == .start ? start(in: &arena) : event.wire(seq: lastSeq, time: now, in: &arena))
        }
        state.error = nil
        var out = evalh_out()
        out.struct_size = UInt32(MemoryLayout<evalh_out>.size)
        out.context = Unmanaged.passUnretained(state).toOpaque()
        out.push = { out, action in
            guard let out, let action, let state = ScriptedHostState.of(out.pointee.context) else {
                return EVALH_FAILED
            }
            return state.push(action)
        }
        if step(instance, pointers, UInt64(pointers.count), &out) != EVALH_OK {
            failure = state.error ?? "the strategy did not say why"
        }
        withExtendedLifetime(arena) {}
        return Array(actions[before...])
    }

    /// Ends the instance, wherever it is. Later steps do nothing.
    public func destroy() {
        if let instance { table.destroy?(instance) }
        instance = nil
    }

    private func start(in arena: inout Arena) -> UnsafePointer<evalh_event> {
        let host = state.host
        var models: [evalh_model] = []
        for model in host.models {
            var wire = evalh_model()
            wire.struct_size = UInt32(MemoryLayout<evalh_model>.size)
            wire.can = model.can.rawValue
            wire.top_logprobs = UInt32(clamping: model.topLogprobs)
            wire.role = arena.text(model.role)
            wire.name = arena.text(model.name)
            wire.sampling = arena.pointer(to: model.sampling.wire(in: &arena))
            models.append(wire)
        }
        var services: [evalh_service_info] = []
        for service in host.services {
            var wire = evalh_service_info()
            wire.struct_size = UInt32(MemoryLayout<evalh_service_info>.size)
            wire.name = arena.text(service.name)
            wire.kind = arena.text(service.kind)
            wire.description = arena.text(service.description.text)
            services.append(wire)
        }
        var event = evalh_event_start()
        event.header = evalh_event(
            struct_size: UInt32(MemoryLayout<evalh_event_start>.size), type: UInt16(EVALH_EVENT_START), flags: 0,
            seq: lastSeq,
            time_ns: now)
        event.item_id = arena.text(host.item.id)
        event.input = arena.text(host.item.input)
        event.fields_json = arena.text(host.item.fieldsJSON)
        event.messages = Session.wire(host.item.messages, in: &arena)
        event.message_count = UInt64(host.item.messages.count)
        event.parameters_json = arena.text(parameters)
        event.seed = host.seed
        event.models = arena.pointers(models)
        event.model_count = UInt64(models.count)
        event.repeat = Int64(host.repeatIndex)
        event.services = arena.pointers(services)
        event.service_count = UInt64(services.count)
        return arena.event(event)
    }
}

/// A test asked for something that is not there.
public struct ScriptedError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    /// What is wrong, in a sentence.
    public init(_ description: String) {
        self.description = description
    }
}
