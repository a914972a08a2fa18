import EvalhPluginKit

struct EscParameters: PluginParameters {
    @Parameter("Completions in a window (w), all asked for at once.", range: 1...256) var window = 5
    @Parameter("The most completions a session samples (L).", range: 1...1024) var maxSamples = 40
    @Parameter(
        """
        Window sizes among which the control scheme chooses after the first window, which has `window`: the one with \
        the fewest expected completions. Empty: `window` for all.
        """) var windows: [Int] = []
    @Parameter(
        "The risk above which a window size is not used; if none is left nothing stops early. Left out: any.",
        range: 0...1)
    var maxRisk: Double? = nil

    func validate() throws {
        guard window <= maxSamples else {
            throw ParameterError("window (\(window)) is more than max_samples (\(maxSamples))")
        }
        for size in windows where !(1...maxSamples).contains(size) {
            throw ParameterError("windows has \(size), which is not between 1 and max_samples (\(maxSamples))")
        }
    }
}

/// Samples windows of completions until one is unanimous.
struct EscStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "esc", version: "1.0.0", title: "Early-stopping self-consistency: stop at a unanimous window",
        description: """
            Samples completions in windows of `window`. If all completions of a window give the same answer, that is the
            session's answer, even if earlier windows voted otherwise. After `max_samples` the majority of all decides.
            The answer differs from that of all `max_samples` only if a unanimous window is not of their most frequent
            answer. A last window that `max_samples` cuts short stops nothing.

            Control scheme: from the first window's answer frequencies it finds the expected completions and the risk,
            both noted. Expected: as in the published code, with the completions that fill no window added where
            `window` does not divide `max_samples`. Risk: the sum over all answers but the most frequent of the
            probability that one fills a window, by the normal approximation; the code's published figures are means of
            it over questions. `windows` lets the scheme choose the size of the further windows: of those with a risk of
            at most `max_risk` (<=) the one with the fewest expected completions, the earlier of equal ones. If none
            has, the rest is sampled at once without early stopping. A first window that is unanimous stops whatever the
            scheme says: it foretells no risk. The paper applies the scheme to a set of questions; here each question
            has its own.

            Ties: the answer that appeared first. A completion that is cut off or has no answer does not vote, and its
            window is not unanimous. Out of budget, or after a request that failed, the votes so far decide (reason
            "budget", "request_failed"), and after a failure the session is marked as served in part; a window that
            lacks completions stops nothing. Without any completion the session is an error, or no answer for want of
            budget. Confidence: the answer's share of all votes. Nothing is needed of the endpoint.

            Cost: `window` to `max_samples` completions; the prompt once a window where the endpoint returns n choices a
            request.
            """,
        source: """
            Li et al. 2024, Escape Sky-high Cost: Early-stopping Self-Consistency for Multi-step Reasoning, \
            arXiv:2401.10480; code Yiwei98/ESC, control_scheme.py
            """,
        needs: .partial)

    private let parameters: EscParameters

    init(parameters: EscParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        var tally = VoteTally()
        var drawn = 0
        var window: Int? = parameters.window
        while drawn < parameters.maxSamples {
            let left = parameters.maxSamples - drawn
            let asked = min(window ?? left, left)
            let before = tally.voteCount
            let batch = await session.gather(n: asked)
            for choice in batch.choices { try session.vote(choice, in: &tally) }
            if let interruption = batch.interruption {
                guard drawn + batch.choices.count > 0 else { throw interruption }
                return conclude(tally, batch.interruptionReason ?? "interrupted", session)
            }
            let isFirst = drawn == 0
            let isWindow = asked == window
            drawn += asked
            if isFirst { window = plan(tally, session) }
            if isWindow, let answer = unanimous(tally.votes[before...], of: asked) {
                return conclude(tally, "unanimous", session, answer: answer)
            }
        }
        return conclude(tally, "max_samples", session)
    }

    /// The size of the windows to come, by the first one's votes; `nil`: nothing stops early.
    private func plan(_ tally: VoteTally, _ session: Session) -> Int? {
        let shares = tally.candidates.map { Double($0.count) / Double(parameters.window) }.sorted(by: >)
        let sizes = parameters.windows.isEmpty ? [parameters.window] : parameters.windows
        let schemes = sizes.map { ControlScheme(window: $0, limit: parameters.maxSamples, shares: shares) }
        let allowed = schemes.filter { $0.risk <= parameters.maxRisk ?? .infinity }
        let chosen = allowed.min { $0.expectedSamples < $1.expectedSamples }
        if let scheme = chosen ?? schemes.min(by: { $0.risk < $1.risk }) {
            session.note("expected_samples", "\(scheme.expectedSamples)")
            session.note("risk", "\(scheme.risk)")
        }
        session.note("window", chosen.map { "\($0.window)" } ?? "none: the risk is above max_risk")
        return chosen?.window
    }

    /// The answer that all completions of a window gave.
    private func unanimous(_ votes: ArraySlice<VoteTally.Vote>, of size: Int) -> String? {
        guard votes.count == size, let first = votes.first, votes.allSatisfy({ $0.answer == first.answer }) else {
            return nil
        }
        return first.answer
    }

    private func conclude(_ tally: VoteTally, _ reason: String, _ session: Session, answer: String? = nil) -> Answer {
        session.emit(tally)
        guard let candidate = tally.candidates.first(where: { $0.answer == answer }) else {
            return tally.answer(reason: reason)
        }
        return Answer(candidate.first.text, confidence: candidate.weight / tally.totalWeight, reason: reason)
    }

    static func estimate(_ parameters: EscParameters) -> Estimate? {
        let smallest = parameters.windows.min() ?? parameters.window
        let windows = 1 + (parameters.maxSamples - parameters.window + smallest - 1) / smallest
        return Estimate(completions: parameters.window...parameters.maxSamples, promptPasses: Double(windows))
    }
}
