/// What will happen to a session at known logical times: samples and timers.
///
/// It happens in one order, whether samples come from a model or from a record: by time, then samples by request and
/// choice, then timers as they were set, then the session's limit of time, and last the ends of samples of which only a
/// part is recorded.
struct PendingInputs {
    struct Order: Comparable {
        var time: Int64
        /// Of things at the same time.
        fileprivate var rank: Rank
        fileprivate var request: UInt64 = 0
        fileprivate var choice = 0

        static let first = Order(time: .min, rank: .sample)

        static func sample(_ request: UInt64, _ choice: Int, at time: Int64) -> Order {
            Order(time: time, rank: .sample, request: request, choice: choice)
        }

        static func < (a: Order, b: Order) -> Bool {
            (a.time, a.rank.rawValue, a.request, a.choice) < (b.time, b.rank.rawValue, b.request, b.choice)
        }
    }

    fileprivate enum Rank: Int {
        case sample, timer, limit, lapse
    }

    enum Event {
        case input(SessionInput)
        /// A sample has shown all that was recorded of it, and was not given up until then: the session wants the rest.
        case lapse(Playback)
    }

    private var entries: [(order: Order, event: Event)] = []
    /// Entries before it were taken.
    private var head = 0

    var isEmpty: Bool { head == entries.count }
    /// The earliest.
    var first: (order: Order, event: Event)? { isEmpty ? nil : entries[head] }

    /// - Returns: when its first piece comes.
    @discardableResult
    mutating func insert(_ playback: Playback) -> Order {
        var first: Order?
        for (time, input) in playback.inputs {
            let order = Order.sample(playback.request, playback.choice, at: time)
            insert(.input(input), order)
            first = first ?? order
        }
        let end = Order(time: playback.end, rank: .lapse, request: playback.request, choice: playback.choice)
        if playback.isPart { insert(.lapse(playback), end) }
        return first ?? end
    }

    /// Something of a sample that a model has just said.
    mutating func insert(_ input: SessionInput, _ order: Order) { insert(.input(input), order) }

    /// A timer that is set again fires at the new time only.
    mutating func setTimer(_ id: UInt64, at time: Int64) {
        remove { if case .input(.timer(id, _)) = $0 { true } else { false } }
        insert(.input(.timer(id: id, at: time)), Order(time: time, rank: .timer))
    }

    /// The session is told to stop then.
    mutating func setLimit(seconds: Double) {
        let time = LogicalTime.nanoseconds(seconds)
        insert(.input(.stop(reason: "budget", at: time)), Order(time: time, rank: .limit))
    }

    mutating func popFirst() -> (order: Order, event: Event)? {
        guard let first else { return nil }
        head += 1
        if isEmpty || head >= 64 && head * 2 >= entries.count {
            entries.removeSubrange(..<head)
            head = 0
        }
        return first
    }

    /// Takes out everything of one request.
    /// - Returns: what its choices end with, by choice: the answers to a cancel.
    mutating func cancel(request: UInt64) -> [SessionInput] {
        var answers: [(choice: Int, input: SessionInput)] = []
        remove { event in
            switch event {
            case .input(.delta(request, _, _, _, _, _)), .input(.reasoning(request, _, _, _, _, _)): return true
            case .input(.completed(request, let choice, let completion)):
                answers.append((choice, .completed(request: request, choice: choice, completion)))
            case .input(.failed(request, let choice, let failure)):
                answers.append((choice, .failed(request: request, choice: choice, failure)))
            case .lapse(let playback) where playback.request == request:
                answers.append(
                    (
                        playback.choice,
                        .cancelled(request: request, choice: playback.choice, partial: playback.completion)
                    ))
            default: return false
            }
            return true
        }
        return answers.sorted { $0.choice < $1.choice }.map(\.input)
    }

    private mutating func insert(_ event: Event, _ order: Order) {
        var low = head
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].order <= order { low = middle + 1 } else { high = middle }
        }
        entries.insert((order, event), at: low)
    }

    private mutating func remove(where matches: (Event) -> Bool) {
        entries.removeSubrange(..<head)
        head = 0
        entries.removeAll { matches($0.event) }
    }
}
