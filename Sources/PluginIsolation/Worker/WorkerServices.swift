internal import Completions
internal import EvalhStatistics
internal import PluginHost

/// The host's services for one session, as far as they need the host: its random numbers are drawn here, what is left
/// of its budget comes with each step, and so does what is found in the completion that the step is about.
final class WorkerServices: SessionServices {
    private let line: WorkerLine
    private let hasPeers: Bool
    private var generator: SplitMix64?
    private var budget = RemainingBudget()
    /// The step's completion and what its extraction will give, until an answer is asked for.
    private var foreseen: (text: String, isUnfinished: Bool, extraction: ForeseenExtraction)?
    /// Whether the host has not heard yet that what it foresaw was taken.
    private(set) var hasTakenForeseen = false
    private var knownPeers: PeerView?

    init(_ line: WorkerLine, seed: UInt64?, hasPeers: Bool) {
        self.line = line
        self.hasPeers = hasPeers
        generator = seed.map { SplitMix64(seed: $0) }
    }

    func begin(_ budget: RemainingBudget, foreseen: ForeseenExtraction? = nil, events: [SessionEvent] = []) {
        self.budget = budget
        self.foreseen = nil
        hasTakenForeseen = false
        guard let foreseen, case .done(_, _, let completion, _)? = events.first?.body else { return }
        self.foreseen = (completion.text, completion.finish.isUnfinished, foreseen)
    }

    func random() -> UInt64 {
        if generator != nil { return generator?.next() ?? 0 }
        var answer = line.ask(.random) { _ in }
        return Self.sound { () throws(WireFault) in try answer.get(UInt64.self) }
    }

    func extract(_ text: String, isUnfinished: Bool) -> (answer: String, stage: String)? {
        if let foreseen, foreseen.isUnfinished == isUnfinished, foreseen.text == text {
            self.foreseen = nil
            hasTakenForeseen = true
            return foreseen.extraction.answer.map { ($0, foreseen.extraction.stage) }
        }
        // Answers join their classes in the order in which they are asked for: what was foreseen may be wrong now.
        foreseen = nil
        var answer = line.ask(.extract) { writer in
            writer.put(hasTakenForeseen)
            writer.put(isUnfinished)
            writer.text(text)
        }
        hasTakenForeseen = false
        return Self.sound { () throws(WireFault) in
            try answer.get(Bool.self) ? (try answer.text(), try answer.text()) : nil
        }
    }

    func remainingBudget() -> RemainingBudget { budget }

    var peers: PeerView? {
        guard hasPeers else { return nil }
        if let knownPeers { return knownPeers }
        var answer = line.ask(.peers) { _ in }
        let view = Self.sound { () throws(WireFault) in
            let (item, count) = (try answer.get(Int.self), try answer.get(Int.self))
            let rows = try answer.get([PeerResult].self)
            // The host has left out what this session must not see.
            return PeerView(item: item, itemCount: count, rows: rows, showsOwnScore: true) { [line] index in
                var answer = line.ask(.peerAnswer) { $0.put(index) }
                return Self.sound { () throws(WireFault) in
                    try answer.get(Bool.self) ? PeerAnswer(text: try answer.text(), kind: try answer.get()) : nil
                }
            }
        }
        knownPeers = view
        return view
    }

    /// What the host writes can be read, unless this process has changed it.
    private static func sound<T>(_ read: () throws(WireFault) -> T) -> T {
        do { return try read() } catch { WorkerLine.giveUp() }
    }
}
