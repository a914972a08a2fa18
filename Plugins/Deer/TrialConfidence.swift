import EvalhPluginKit

/// How sure a model is of a trial answer, from the probabilities of its tokens. Trials are greedy, so that a token's
/// probability is the largest there was.
enum TrialConfidence: String, CaseIterable, ParameterValue {
    /// avg1: the arithmetic mean.
    case mean
    /// avg2: the geometric mean.
    case geometric
    case minimum

    /// `nil` without tokens, or if one has no number. The paper's code leaves out its first token, the brace that opens
    /// the box; here that brace is part of the lead-in, so all tokens count.
    func value(_ probabilities: [Double]) -> Double? {
        guard !probabilities.isEmpty, !probabilities.contains(where: \.isNaN) else { return nil }
        switch self {
        case .mean: return probabilities.reduce(0, +) / Double(probabilities.count)
        case .geometric: return probabilities.geometricMean
        case .minimum: return probabilities.min()
        }
    }
}
