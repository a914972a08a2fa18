import EvalhPluginKit

/// What makes a completion the best.
enum Selection: String, CaseIterable, ParameterValue {
    case majority
    case logprob
    case graderModel = "grader_model"
    case verifier
    case steps
}

/// The parameters that best-of-n and weighted-best-of-n share.
protocol SelectionParameters: PluginParameters {
    var n: Int { get }
    var by: Selection { get }
    var isWeighted: Bool { get }
    var graderRole: String { get }
    var graderTokens: Int { get }
    var graderPrompt: String { get }
    var verifierReads: VerifierReading { get }
    var positive: String { get }
    var negative: String { get }
    var verifierPrompt: String? { get }
    var stepDelimiter: String? { get }
    var maxSteps: Int { get }
    var aggregate: Aggregate { get }
}

extension SelectionParameters {
    func validateWords() throws {
        if positive.isEmpty || negative.isEmpty { throw ParameterError("positive and negative must not be empty") }
        if positive.lowercased() == negative.lowercased() {
            throw ParameterError("positive and negative are the same word, \(positive)")
        }
        if stepDelimiter == "" { throw ParameterError("step_delimiter must not be empty") }
    }

    var estimate: Estimate {
        let ratings =
            switch by {
            case .majority, .logprob: 0
            case .graderModel, .verifier: n
            case .steps: n * maxSteps
            }
        return Estimate(completions: n...(n + ratings), promptPasses: Double(1 + ratings))
    }
}
