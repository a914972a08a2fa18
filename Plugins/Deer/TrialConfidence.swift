import EvalhPluginKit

#if canImport(Glibc)
    import Glibc
#endif

/// How sure a model is of a trial answer, from the probabilities of its tokens.
enum TrialConfidence: String, CaseIterable, ParameterValue {
    /// avg1: the arithmetic mean.
    case mean
    /// avg2: the geometric mean.
    case geometric
    case minimum

    /// `nil` without tokens. The paper's code leaves out the first token; a trial of one token keeps it.
    func value(_ probabilities: [Double]) -> Double? {
        let counted = probabilities.count > 1 ? Array(probabilities.dropFirst()) : probabilities
        guard !counted.isEmpty else { return nil }
        switch self {
        case .mean: return counted.reduce(0, +) / Double(counted.count)
        case .geometric: return exp(counted.reduce(0) { $0 + log(max($1, 1e-300)) } / Double(counted.count))
        case .minimum: return counted.min()
        }
    }
}
