import EvalhPluginKit

/// How the scores of a solution's steps become the solution's.
enum Aggregate: String, CaseIterable, ParameterValue {
    /// The last step's: what a process verifier thinks of the whole (Snell et al. 2024).
    case last
    case min
    /// Arithmetic.
    case mean
    case product

    /// 0 without steps.
    func value(_ scores: [Double]) -> Double {
        switch self {
        case .last: scores.last ?? 0
        case .min: scores.min() ?? 0
        case .mean: scores.isEmpty ? 0 : scores.reduce(0, +) / Double(scores.count)
        case .product: scores.isEmpty ? 0 : scores.reduce(1, *)
        }
    }
}
