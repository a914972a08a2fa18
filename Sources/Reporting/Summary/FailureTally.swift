internal import Journal

/// Counts failed sessions by cause while they pass by. Memory is bounded, whatever servers say.
struct FailureTally {
    /// Causes that are told apart; sessions of later ones are counted together.
    static let mostCauses = 256
    /// Causes that a summary lists.
    static let mostListed = 20

    private struct Group {
        /// Its place among the causes, by the first session of each.
        var place: Int
        /// The message's words that vary; `nil`: two sessions had different ones there.
        var words: [String?]
        var sessions = 0
        var byRow: [Int: Int] = [:]
    }

    private var groups: [ErrorCause: Group] = [:]
    private var sessions = 0

    mutating func add(_ error: SessionError, row: Int) {
        sessions += 1
        let (cause, words) = ErrorCause.fold(error)
        guard groups[cause] != nil || groups.count < Self.mostCauses else { return }
        var group = groups.removeValue(forKey: cause) ?? Group(place: groups.count, words: words)
        for place in words.indices where group.words[place] != words[place] { group.words[place] = nil }
        group.sessions += 1
        group.byRow[row, default: 0] += 1
        groups[cause] = group
    }

    /// The commonest first; `nil`: no session failed.
    /// - Parameter names: of rows.
    func summary(_ names: [String]) -> RunSummary.Failures? {
        guard sessions > 0 else { return nil }
        let sorted = groups.sorted { ($1.value.sessions, $0.value.place) < ($0.value.sessions, $1.value.place) }
        let causes = sorted.prefix(Self.mostListed).map { cause, group in
            RunSummary.Failures.Cause(
                kind: cause.kind, message: cause.message(group.words), sessions: group.sessions,
                arms: Dictionary(group.byRow.map { (names[$0.key], $0.value) }, uniquingKeysWith: +),
                next: cause.kind.nextStep)
        }
        return RunSummary.Failures(
            sessions: sessions, causes: causes, unlisted: sessions - causes.reduce(0) { $0 + $1.sessions })
    }
}
