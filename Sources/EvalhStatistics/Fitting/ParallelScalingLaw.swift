internal import Glibc

/// Loss of a model of N parameters with P parallel streams: L(N, P) = E + (A / (N·(k·ln P + 1)))^α (Chen et al. 2025,
/// "Parallel Scaling Law for Language Models", ParScale).
public struct ParallelScalingLaw: Hashable, Sendable {
    public var floor: Double
    public var amplitude: Double
    public var exponent: Double
    /// k: a stream more multiplies the parameters by 1 + k·ln P.
    public var streams: Double

    public init(floor: Double, amplitude: Double, exponent: Double, streams: Double) {
        self.floor = floor
        self.amplitude = amplitude
        self.exponent = exponent
        self.streams = streams
    }

    public func loss(parameters: Double, streams p: Double) -> Double {
        floor + pow(amplitude / (parameters * (streams * log(p) + 1)), exponent)
    }

    /// Huber's loss (δ = 0.001) of the logarithms' differences, from the published grid of starts.
    /// - Returns: the law and Σ of Huber's losses.
    public static func fit(parameters: [Double], streams: [Double], loss: [Double]) -> (
        law: ParallelScalingLaw, objective: Double
    )? {
        let squares = LeastSquares(
            bounds: [.init(-10, 5), .init(-10, 60), .init(0, 5), .init(0, 10)], huber: 0.001, iterations: 3000)
        var starts: [[Double]] = []
        for floor in [-1.0, -0.5, 0] {
            for amplitude in stride(from: -4.0, through: 4, by: 2) {
                for exponent in [0.0, 0.5, 1, 1.5, 2] {
                    for streams in [0.2, 0.4, 0.6, 0.8] {
                        starts.append([floor, amplitude + log(1e9), exponent, streams])
                    }
                }
            }
        }
        // Starts that are far off all end at the same place: the nearest ones do.
        func residuals(_ x: [Double]) -> [Double] {
            let law = ParallelScalingLaw(floor: exp(x[0]), amplitude: exp(x[1]), exponent: x[2], streams: x[3])
            return loss.indices.map { log(law.loss(parameters: parameters[$0], streams: streams[$0])) - log(loss[$0]) }
        }
        let nearest = starts.sorted { squares.objective(residuals($0)) < squares.objective(residuals($1)) }.prefix(12)
        return squares.fit(starts: Array(nearest), residuals: residuals).map {
            let x = $0.parameters
            return (
                ParallelScalingLaw(floor: exp(x[0]), amplitude: exp(x[1]), exponent: x[2], streams: x[3]), $0.objective
            )
        }
    }
}
