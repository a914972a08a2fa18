/// What a scripted host does to a session: everything that a run may do, at the worst moments.
struct HostScript {
    enum Order: String {
        /// By the model's own times.
        case time
        /// The last asked for first.
        case reversed
        case shuffled
    }

    enum Refusal: String {
        case none
        /// Every SUBMIT after the first few.
        case budgetLater
        /// Every SUBMIT.
        case budget
        case unsupported
    }

    var seed: UInt64
    var model: ScriptedModel
    var order = Order.time
    /// Share of requests that fail.
    var failures = 0.0
    var refusal = Refusal.none
    /// CANCEL comes too late: the completions are done.
    var losesCancelRaces = false
    /// Events of later hosts before every event.
    var hasUnknownEvents = false
    /// Timers come an hour late.
    var hasLateTimers = false
    /// A TIMER that was never set and a BUDGET come between.
    var hasStrayEvents = false
    /// STOP comes in the place of this event, counted from 0, START being the first.
    var stopAt: Int?
    /// The session is given up before this event.
    var abandonAt: Int?
    /// The suite's grader finds answers.
    var findsAnswers = true
    /// Tokens in a DELTA.
    var piece = 8
    /// Whether steps are kept, for comparisons.
    var keepsSteps = true

    /// After so many completions a session counts as endless.
    static let maximumCompletions = 10_000
    static let maximumEvents = 100_000

    init(seed: UInt64, style: ScriptedModel.Style = .ordinary) {
        self.seed = seed
        model = ScriptedModel(seed: seed, style: style)
    }

    /// How the situation reads in a finding.
    var words: String {
        var words: [String] = []
        switch model.style {
        case .ordinary: break
        case .agreeing: words.append("answers that agree")
        case .disagreeing: words.append("answers that all differ")
        case .empty: words.append("empty answers")
        case .thinking: words.append("answers that are never more than thought")
        case .characters: words.append("answers with characters of all planes")
        case .huge: words.append("answers of 10 MB")
        case .cut: words.append("cut-off answers")
        }
        if order != .time { words.append("choices in \(order.rawValue) order") }
        if failures >= 1 { words.append("every request fails") } else if failures > 0 { words.append("requests fail") }
        switch refusal {
        case .none: break
        case .budgetLater: words.append("the budget refuses later requests")
        case .budget: words.append("the budget refuses every request")
        case .unsupported: words.append("the endpoint cannot do what is asked")
        }
        if losesCancelRaces { words.append("cancels come too late") }
        if hasUnknownEvents { words.append("events of later hosts") }
        if hasLateTimers { words.append("late timers") }
        if hasStrayEvents { words.append("stray TIMER and BUDGET events") }
        if let stopAt { words.append("STOP at event \(stopAt)") }
        if !model.hasLogprobs { words.append("no log-probabilities") }
        if !findsAnswers { words.append("no answer is found in any text") }
        return words.isEmpty ? "an ordinary session" : words.joined(separator: ", ")
    }
}
