internal import Completions
internal import Journal

/// A session under way, and what will happen to it at known logical times.
final class LiveSession {
    let id: UInt64
    let key: SessionKey
    let item: JournalItem
    let strategy: StrategySession
    /// The runtime's clock at the start.
    let startedAt: Int64
    var pending = PendingInputs()
    /// What it draws before a model is asked.
    var recorded: (any RecordedSamples)?
    var isQueued = false

    init(id: UInt64, key: SessionKey, item: JournalItem, strategy: StrategySession, startedAt: Int64) {
        self.id = id
        self.key = key
        self.item = item
        self.strategy = strategy
        self.startedAt = startedAt
    }

    /// A recorded sample for a request of the item's own prompt, if one is left.
    func drawRecorded(_ request: SampleRequest) -> Completion? {
        if RunService.name(ofRole: request.role) != nil { return drawCall(request) }
        guard recorded != nil, request.completionRequest.messages == strategy.start.messages else { return nil }
        return try? recorded?.draw(role: request.role, request: request.completionRequest).get()
    }

    private func drawCall(_ request: SampleRequest) -> Completion? {
        guard let sample = request.samples.first else { return nil }
        return try? recorded?.answer(role: request.role, request: request.completionRequest, sample)
    }
}
