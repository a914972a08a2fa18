internal import Completions
internal import Journal

/// A session under way, and what will happen to it at known logical times.
///
/// What models say comes in the order of the day, and is shown in it; the session's own order is that of logical times
/// (`PendingInputs`). Where the two differ, the session is played again from its records once it has ended, so that it
/// is charged what any equal one is charged, whoever asked first. A session is a function of what is recorded:
///
/// | what happens                                        | what follows                                           |
/// |-----------------------------------------------------|--------------------------------------------------------|
/// | something comes from before what was shown          | it is shown; at its end the session is played again    |
/// | a sample's record has other pieces than were shown  | the same                                               |
/// | a part ends, and nothing of it was shown            | the next generation of the sample is played, or asked; |
/// |                                                     | if that is from before what was shown: begins anew     |
/// | a part ends that was shown                          | once it waits for no call the session begins anew,     |
/// |                                                     | with the next generation of that sample                |
/// | a request failed, or the plugin                     | as it came: failures are not recorded for others       |
final class LiveSession {
    /// A session is played again that often at most. It asks no model then, unless the right order leads it elsewhere;
    /// a server that shows other pieces than it ends with could lead it on and on.
    static let maxAttempts = 32

    let id: UInt64
    let key: SessionKey
    let item: JournalItem
    let strategy: StrategySession
    /// The runtime's clock at the start.
    let startedAt: Int64
    var pending = PendingInputs()
    /// What it draws before a model is asked.
    var recorded: (any RecordedSamples)?
    /// What it drew: the generations of each sample.
    var drawn: [SamplePlace: [Completion]] = [:]
    var isQueued = false
    /// The time it was last put among the wakeups for.
    var wakeAt: Int64?

    /// How often it was played before.
    var attempt = 0
    /// How many parts of a sample it has seen to their end.
    var generations: [SamplePlace: Int] = [:]
    /// Whole completions that came, for being played again.
    private(set) var received: [SamplePlace: Completion] = [:]
    private static let mostReceived = 256
    /// It has waited for a model.
    var hasWaited = false
    /// What was shown, was shown in the order of logical times.
    var isInOrder = true
    /// Nothing of it can turn out otherwise: what is all recorded is in order.
    var isSure: Bool { isInOrder && strategy.hasSeenRecords || !hasWaited }
    /// A request failed that it wanted.
    var hasFailed = false
    /// The last thing that happened to it.
    var last = PendingInputs.Order.first
    /// The latest logical time that a model has told of.
    var toldUntil = Int64.min
    /// Pending inputs that it was given in a turn of the run's loop.
    var turn: (number: Int, inputs: Int) = (0, 0)

    init(id: UInt64, key: SessionKey, item: JournalItem, strategy: StrategySession, startedAt: Int64) {
        self.id = id
        self.key = key
        self.item = item
        self.strategy = strategy
        self.startedAt = startedAt
    }

    /// The same session from its beginning.
    func again(id: UInt64, _ strategy: StrategySession) -> LiveSession {
        let session = LiveSession(id: id, key: key, item: item, strategy: strategy, startedAt: startedAt)
        session.attempt = attempt + 1
        session.received = received
        return session
    }

    /// Its outcome is not yet what its records say.
    var mustBePlayedAgain: Bool {
        !isSure && !hasFailed && !strategy.hasFaulted && attempt < Self.maxAttempts
    }

    /// Keeps a whole completion that came as the first of its sample.
    func keep(_ completion: Completion, of request: UInt64, _ choice: Int) {
        guard received.count < Self.mostReceived, let place = place(request, choice), generations[place] == nil else {
            return
        }
        received[place] = completion
    }

    func place(_ request: UInt64, _ choice: Int) -> SamplePlace? {
        guard let asked = strategy.asked(request)?.request, asked.samples.indices.contains(choice) else { return nil }
        return SamplePlace(key: asked.key, sample: asked.samples[choice])
    }

    /// Recorded generations of a sample of the item's own prompt, if one is left.
    func drawRecorded(_ request: SampleRequest, _ place: SamplePlace) -> [Completion] {
        if RunService.name(ofRole: request.role) != nil { return drawCall(request).map { [$0] } ?? [] }
        guard recorded != nil, request.completionRequest.messages == strategy.start.messages else { return [] }
        if let drawn = drawn[place] { return drawn }
        let samples = try? recorded?.generations(role: request.role, request: request.completionRequest).get()
        drawn[place] = samples ?? []
        return samples ?? []
    }

    private func drawCall(_ request: SampleRequest) -> Completion? {
        guard let sample = request.samples.first else { return nil }
        return try? recorded?.answer(role: request.role, request: request.completionRequest, sample)
    }
}
