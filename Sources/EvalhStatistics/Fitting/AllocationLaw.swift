internal import Glibc

/// Performance of retrieval-augmented generation by what its context is spent on: σ⁻¹(P(θ)) ≈ (a + b ⊙ i)ᵀ log θ + c,
/// with θ = (documents, shots, rounds) + ε and i how much a first document and a first shot inform (Yue et al. 2025,
/// "Inference Scaling for Long-Context Retrieval Augmented Generation", eq. 2). P is standardised: mean 0, deviation 1.
public struct AllocationLaw: Hashable, Sendable {
    /// Added to every part of θ.
    public static let epsilon = 0.01

    public var a: [Double]
    public var b: [Double]
    public var c: Double

    public init(a: [Double], b: [Double], c: Double) {
        self.a = a
        self.b = b
        self.c = c
    }

    /// The published link σ(x) = 3.30 / (1 + e^{−1.81(x + 0.46)}) − 2.18, into (−2.18, 1.12).
    public static func link(_ x: Double) -> Double { 3.30 / (1 + exp(-1.81 * (x + 0.46))) - 2.18 }

    /// σ⁻¹; values at or beyond its ends are moved inside by a thousandth of its range.
    public static func inverseLink(_ y: Double) -> Double {
        let inside = min(max(y, -2.18 + 0.0033), 1.12 - 0.0033)
        return -log(3.30 / (inside + 2.18) - 1) / 1.81 - 0.46
    }

    /// - Parameters:
    ///   - theta: Documents, shots, rounds, or whatever is allocated; at least 0.
    ///   - informativeness: i, one an axis; 0 where an axis has none.
    public func value(_ theta: [Double], informativeness: [Double]) -> Double {
        var x = c
        for axis in a.indices { x += (a[axis] + b[axis] * informativeness[axis]) * log(theta[axis] + Self.epsilon) }
        return Self.link(x)
    }

    /// Ordinary least squares on σ⁻¹(P). Where an axis's informativeness is the same in all points, b cannot be told
    /// from a and is 0.
    /// - Returns: `nil` where the points do not determine the parameters.
    public static func fit(theta: [[Double]], performance: [Double], informativeness: [[Double]]) -> AllocationLaw? {
        guard let axes = theta.first?.count, axes > 0 else { return nil }
        let told = (0..<axes).filter { axis in Set(informativeness.map { $0[axis] }).count > 1 }
        let rows = theta.indices.map { point -> [Double] in
            let logs = theta[point].map { log($0 + epsilon) }
            return logs + told.map { informativeness[point][$0] * logs[$0] } + [1]
        }
        guard rows.count > axes + told.count, let solution = LinearSystem.regression(rows, performance.map(inverseLink))
        else { return nil }
        var b = Array(repeating: 0.0, count: axes)
        for (place, axis) in told.enumerated() { b[axis] = solution[axes + place] }
        return AllocationLaw(a: Array(solution[..<axes]), b: b, c: solution[axes + told.count])
    }
}
