import CEvalhPlugin

/// One arm on one item, one repeat: what a strategy's `solve` works with.
///
/// Unchecked: everything in it is touched only inside a call that the host makes on this session's instance. Such calls
/// never overlap, and the session's tasks run only inside them, on the calling thread (see `StepExecutor`).
public final class Session: @unchecked Sendable {
    /// The models of the suite, the arm's own first.
    public internal(set) var models: [Model] = []
    /// The item's prompt, as `generate` sends it if it is given no messages.
    public internal(set) var prompt: [Message] = []
    /// The services of the suite, in its order.
    public internal(set) var services: [ServiceInfo] = []
    /// The session's seed: the same for the same suite seed, item, arm and repeat.
    public internal(set) var seed: UInt64 = 0
    /// 0, 1, ... for the repeats of an arm on an item.
    public internal(set) var repeatIndex = 0
    /// Logical time since the session's start, in nanoseconds. It stands still between events and never decreases.
    public internal(set) var now: Int64 = 0
    /// Whether the host has said that less than a fifth of a limit remains.
    public internal(set) var isBudgetLow = false

    let host: UnsafePointer<evalh_host>
    let handle: UnsafeMutableRawPointer?
    let executor = StepExecutor()
    /// Where actions go; set only while the host is in `step`.
    var out: UnsafePointer<evalh_out>?
    /// Requests that still get events, by increasing id.
    var openRequests: [PendingRequest] = []
    var timers: [PendingTimer] = []
    /// Set once no request is carried out any more.
    var stopped: SessionStopped?
    private var lastSeq: UInt64 = 0
    private var lastRequest: UInt64 = 0
    var lastTimer: UInt64 = 0

    init(host: UnsafePointer<evalh_host>, handle: UnsafeMutableRawPointer?) {
        self.host = host
        self.handle = handle
    }

    /// The arm's own model.
    public var model: Model { models.first ?? Model(role: "main", name: "") }

    /// The model of a role; `nil` if the suite has none of that name. The empty role is the arm's own model.
    public func model(_ role: String) -> Model? {
        role.isEmpty ? model : models.first { $0.role == role }
    }

    /// The model of a role that the plugin's parameters name. The empty role is the arm's own model.
    ///
    /// - Throws: `ParameterError` if the suite has none of that name.
    @discardableResult
    public func requiredModel(_ role: String) throws -> Model {
        guard let model = model(role) else { throw ParameterError("the suite has no model with the role \(role)") }
        return model
    }

    /// 64 random bits of the session's own stream: the same in every replay.
    public func random() -> UInt64 {
        host.pointee.rand?(handle) ?? 0
    }

    /// A random number in [0, 1) from the session's own stream, on a grid of 2⁻⁵³.
    public func uniform() -> Double { Double(random() >> 11) * 0x1p-53 }

    /// The session's random numbers for the standard library: `list.shuffled(using: &session.generator)`.
    public var generator: SessionRandom {
        get { SessionRandom(session: self) }
        set { _ = newValue }
    }

    /// What is left to spend, after reservations for open requests.
    public var budget: Budget {
        var result = evalh_budget()
        result.struct_size = UInt32(MemoryLayout<evalh_budget>.size)
        result.tokens = -1
        result.usd = .nan
        result.seconds = .nan
        guard let budget = host.pointee.budget, budget(handle, &result) == EVALH_OK else { return Budget() }
        return Budget(result)
    }

    // MARK: Numbers of actions

    func nextSeq() -> UInt64 {
        lastSeq += 1
        return lastSeq
    }

    func nextRequest() -> UInt64 {
        lastRequest += 1
        return lastRequest
    }

    /// Whether a task waits for an event: if none does and `solve` has not returned, it never will.
    var isWaiting: Bool { openRequests.contains(where: \.isWaitedFor) || timers.contains(where: \.isWaitedFor) }

    /// Ends every wait, and every later one at once.
    func stop(_ error: SessionStopped) {
        guard stopped == nil else { return }
        stopped = error
        let requests = openRequests
        let waits = timers
        openRequests = []
        timers = []
        for request in requests { request.end(.stopped(error)) }
        for timer in waits { timer.end(error) }
    }
}

/// A session's random numbers as a generator of the standard library.
public struct SessionRandom: RandomNumberGenerator, Sendable {
    let session: Session

    public mutating func next() -> UInt64 { session.random() }
}
