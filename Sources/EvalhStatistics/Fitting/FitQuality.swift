internal import Glibc

/// How well a curve meets its points.
public struct FitQuality: Hashable, Sendable {
    /// Share of the values' variance that is met; 1 where nothing varies and all is met, `nil` where nothing varies and
    /// it is not.
    public let rSquared: Double?
    /// Root of the mean squared residual, in the values' unit.
    public let rmse: Double
    /// n·ln(SSE/n) + 2p (Akaike 1974), for comparing curves on the same points.
    public let aic: Double

    /// - Parameters:
    ///   - weights: one a point; `nil`: all alike.
    ///   - parameters: how many were fitted.
    public init(values: [Double], fitted: [Double], weights: [Double]? = nil, parameters: Int) {
        let weights = weights ?? Array(repeating: 1, count: values.count)
        let sum = weights.reduce(0, +)
        let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / sum
        let total = zip(values, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
        let left = values.indices.reduce(0) { $0 + weights[$1] * (values[$1] - fitted[$1]) * (values[$1] - fitted[$1]) }
        rSquared = total > 0 ? 1 - left / total : left < 1e-20 ? 1 : nil
        rmse = (left / sum).squareRoot()
        let n = Double(values.count)
        aic = n * log(max(left / sum, 1e-300)) + 2 * Double(parameters)
    }
}
