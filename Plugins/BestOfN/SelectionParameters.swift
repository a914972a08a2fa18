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
    var rating: RatingParameters { get }
}

extension SelectionParameters {
    var estimate: Estimate {
        let ratings =
            switch by {
            case .majority, .logprob: 0
            case .graderModel, .verifier: n
            case .steps: n * rating.maxSteps
            }
        return Estimate(completions: n...(n + ratings), promptPasses: Double(1 + ratings))
    }
}
