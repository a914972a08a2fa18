internal import Journal

/// Whether a run's first requests are all refused for one reason. Then so will the others be, and it stops.
///
/// | state    | refused, as before | refused otherwise | answered |
/// |----------|--------------------|-------------------|----------|
/// | none yet | alike 1            | alike 1           | over     |
/// | alike n  | alike n + 1, at    | over              | over     |
/// |          | `limit` it stops   |                   |          |
/// | over     | –                  | –                 | –        |
///
/// Refusals are requests that were given up after all retries.
package struct FirstRefusals {
    package static let limit = 50

    private enum State {
        case none
        case alike(ErrorCause, Int)
        case over
    }

    private var state: State

    /// - Parameters:
    ///   - sessions: of the whole run. One that is small tells more by going to its end.
    ///   - answers: that the run has got already: what is refused now may be the few that always are.
    init(sessions: Int = .max, answers: Int = 0) {
        state = sessions < Self.limit || answers > 0 ? .over : .none
    }

    mutating func noteAnswer() { state = .over }

    /// - Returns: whether the run is to stop.
    mutating func noteRefusal(_ error: SessionError) -> Bool {
        switch state {
        case .over: return false
        case .none: state = .alike(ErrorCause.fold(error).cause, 1)
        case .alike(let cause, let count):
            guard ErrorCause.fold(error).cause == cause else {
                state = .over
                return false
            }
            state = .alike(cause, count + 1)
            return count + 1 == Self.limit
        }
        return false
    }
}
