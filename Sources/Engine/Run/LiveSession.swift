internal import Completions
internal import Journal

/// A session under way: its machine and what will happen to it at known logical times.
final class LiveSession {
    let id: UInt64
    let key: SessionKey
    let item: JournalItem
    let machine: SessionMachine
    /// The runtime's clock at the start.
    let startedAt: Int64
    /// Choices that are being generated for it, or for another session it waits with.
    var awaited = 0
    var pending = PendingInputs()
    /// What it draws before a model is asked.
    var recorded: (any RecordedSamples)?
    var isQueued = false

    init(id: UInt64, key: SessionKey, item: JournalItem, machine: SessionMachine, startedAt: Int64) {
        self.id = id
        self.key = key
        self.item = item
        self.machine = machine
        self.startedAt = startedAt
    }

    /// A recorded sample for a request of the item's own prompt, if one is left.
    func drawRecorded(_ ask: Ask) -> Completion? {
        guard recorded != nil, ask.completionRequest.messages == machine.start.messages else { return nil }
        return try? recorded?.draw(role: ask.role, request: ask.completionRequest).get()
    }

    /// Whether the earliest pending input may be delivered: nothing that is being generated can come before it any
    /// more.
    func isDue(at now: Int64) -> Bool {
        guard let first = pending.first else { return false }
        return awaited == 0 || first.time <= now - startedAt
    }
}

/// Inputs in order of their logical time; equal times in order of insertion.
struct PendingInputs {
    struct Entry {
        var time: Int64
        var input: SessionInput
        /// The recorded completion this belongs to, to count a cancel by.
        var playback: Playback?
    }

    /// A recorded completion on its way to a session.
    struct Playback {
        var request: UInt64
        var choice: Int
        var askedAt: Int64
        var completion: Completion
    }

    private var entries: [Entry] = []

    var first: Entry? { entries.first }
    var isEmpty: Bool { entries.isEmpty }

    mutating func insert(_ entry: Entry) {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].time <= entry.time { low = middle + 1 } else { high = middle }
        }
        entries.insert(entry, at: low)
    }

    mutating func popFirst() -> Entry? { entries.isEmpty ? nil : entries.removeFirst() }

    /// Takes out everything of one request; gives the playbacks that were under way, one a choice.
    mutating func remove(request: UInt64) -> [Playback] {
        var playbacks: [Int: Playback] = [:]
        entries.removeAll { entry in
            guard let playback = entry.playback, playback.request == request else { return false }
            playbacks[playback.choice] = playback
            return true
        }
        return playbacks.values.sorted { $0.choice < $1.choice }
    }

    mutating func removeTimer(_ id: UInt64) {
        entries.removeAll { entry in
            if case .timer(let other) = entry.input { return other == id }
            return false
        }
    }
}
