internal import Completions
package import Journal

/// Where a run stands, for people who watch it.
package struct RunProgress: Sendable {
    package struct Arm: Sendable {
        package var id: String
        package var levelJSON: String
        package var sessions = 0
        package var errors = 0
        package var scoreSum = 0.0
        package var draws = 0
        package var cutOffDraws = 0

        package init(id: String, levelJSON: String) {
            self.id = id
            self.levelJSON = levelJSON
        }
    }

    package var arms: [Arm]
    package var sessionsDone = 0
    package var sessionsTotal: Int
    package var samplesInFlight = 0
    package var liveSessions = 0
    /// Really paid in this run, earlier parts of a resumed one included.
    package var paid = PaidTotals()
    package var elapsedSeconds = 0.0

    package init(arms: [Arm], sessionsTotal: Int) {
        self.arms = arms
        self.sessionsTotal = sessionsTotal
    }
}

/// How a run ended.
package enum RunEnd: Hashable, Sendable {
    case complete
    case interrupted
    /// A limit of the run's budget was reached; the text says which.
    case budgetReached(String)
    /// A limit was passed, because a server counted more than was foreseen; the text says which.
    case budgetPassed(String)
    /// The provider does not answer, or lets us not in; the text says how.
    case providerFailure(String)
    /// The first requests were all refused for one reason: this one.
    case refused(SessionError)
    /// An endpoint cannot do what an arm needs; the text says what, and what to do.
    case unsupported(String)
    /// The allocator failed; the text says how.
    case allocatorFault(String)
}
