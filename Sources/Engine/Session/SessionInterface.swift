package import Completions
package import Journal
package import PluginHost

/// A request of a session on its way to the pool and to models: its choices are samples 0..<samples.count.
package struct SampleRequest: Sendable {
    /// The number the strategy gave the request.
    package var request: UInt64
    package var role: String
    package var key: RequestKey
    package var completionRequest: CompletionRequest
    /// One a choice.
    package var samples: [SampleIndex]
    package var stream: Bool
    package var priority: Int
    /// The most a sample can cost, by what its session knows.
    package var worstCase: BudgetLedger.Amount
    /// Of that, the prompt's tokens.
    package var promptBound: Int
    /// Samples of which only a part is recorded are played back as far as it goes. Otherwise whole ones alone will do.
    package var takesParts = true
}

/// What happened to something a session asked for.
package enum SessionInput: Sendable {
    /// `seconds` since the request was sent.
    case delta(request: UInt64, choice: Int, text: String, tokens: [TokenLogprob], tokenCount: Int, seconds: Double)
    case reasoning(request: UInt64, choice: Int, text: String, tokens: [TokenLogprob], tokenCount: Int, seconds: Double)
    case completed(request: UInt64, choice: Int, Completion)
    case failed(request: UInt64, choice: Int, ModelFailure)
    /// The answer to a cancel, where the sample was not completed: what is recorded of it, which may be more than had
    /// come when the session gave it up.
    case cancelled(request: UInt64, choice: Int, partial: Completion)
    case timer(id: UInt64, at: Int64 = 0)
    /// The session must end now.
    case stop(reason: String, at: Int64 = 0)
}

/// What a session wants done.
package enum SessionEffect: Sendable {
    case request(SampleRequest)
    /// Every choice of the request that is still open is no longer wanted; each is answered by an input, at the latest
    /// when it has ended for others who want it.
    case cancel(request: UInt64)
    /// At this logical time of the session, in nanoseconds.
    case setTimer(id: UInt64, at: Int64)
    case finished(SessionOutcome)
}

/// How a session ended, before grading.
package struct SessionOutcome: Sendable {
    package var finish: FinishAction
    /// `finish.answer` without what the model thought.
    package var answer: ReasoningSplit
    /// Set: there is no answer to grade.
    package var error: SessionError?
    /// The answer is the text of a completion that was cut off.
    package var isCutOff: Bool
    package var measure: SessionMeasure
    package var draws: [SessionDraw]
    package var log: SessionLog
}
