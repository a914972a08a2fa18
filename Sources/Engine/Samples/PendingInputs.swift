/// What will happen to a session at known logical times: recorded samples and timers. Equal times in order of
/// insertion.
struct PendingInputs {
    private var entries: [(time: Int64, input: SessionInput)] = []
    /// Entries before it were taken.
    private var head = 0
    /// Those with entries left.
    private var playbacks: [Playback] = []

    var isEmpty: Bool { head == entries.count }
    /// The logical time of the earliest.
    var firstTime: Int64? { isEmpty ? nil : entries[head].time }

    mutating func insert(_ playback: Playback) {
        for entry in playback.inputs { insert(entry.input, at: entry.time) }
        playbacks.append(playback)
    }

    /// A timer that is set again fires at the new time only.
    mutating func setTimer(_ id: UInt64, at time: Int64) {
        remove { if case .timer(id) = $0 { true } else { false } }
        insert(.timer(id: id), at: time)
    }

    mutating func popFirst() -> SessionInput? {
        guard !isEmpty else { return nil }
        let input = entries[head].input
        head += 1
        if isEmpty || head >= 64 && head * 2 >= entries.count {
            entries.removeSubrange(..<head)
            head = 0
        }
        if case .completed(let request, let choice, _) = input {
            if let index = playbacks.firstIndex(where: { $0.request == request && $0.choice == choice }) {
                playbacks.remove(at: index)
            }
        }
        return input
    }

    /// Takes out everything of one request.
    /// - Returns: the session's inputs for it: what its choices cost until `now`.
    mutating func cancel(request: UInt64, at now: Int64) -> [SessionInput] {
        let cancelled = playbacks.filter { $0.request == request }.sorted { $0.choice < $1.choice }
        guard !cancelled.isEmpty else { return [] }
        playbacks.removeAll { $0.request == request }
        remove { input in
            switch input {
            case .delta(let other, _, _, _, _, _), .reasoning(let other, _, _, _, _, _), .completed(let other, _, _):
                other == request
            default: false
            }
        }
        return cancelled.map { .cancelled(request: request, choice: $0.choice, partial: $0.partial(at: now)) }
    }

    private mutating func insert(_ input: SessionInput, at time: Int64) {
        var low = head
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].time <= time { low = middle + 1 } else { high = middle }
        }
        entries.insert((time, input), at: low)
    }

    private mutating func remove(where matches: (SessionInput) -> Bool) {
        entries.removeSubrange(..<head)
        head = 0
        entries.removeAll { matches($0.input) }
    }
}
