internal import Glibc

/// Nonlinear least squares within bounds: Levenberg's and Marquardt's method (Marquardt 1963) with steps cut off at the
/// bounds, a numeric Jacobian, and, if asked for, Huber's loss by iterated weights (Huber 1964).
public struct LeastSquares: Sendable {
    /// A parameter's start and limits.
    public struct Bound: Hashable, Sendable {
        public var low: Double
        public var high: Double

        public init(_ low: Double, _ high: Double) {
            self.low = low
            self.high = high
        }
    }

    public struct Solution: Hashable, Sendable {
        public var parameters: [Double]
        /// Sum of squared residuals, or of Huber's losses.
        public var objective: Double
        /// Places of parameters that ended on a limit.
        public var onBound: [Int]
    }

    public var bounds: [Bound]
    /// Residuals above it count linearly; `nil`: squares throughout.
    public var huber: Double?
    public var iterations: Int

    public init(bounds: [Bound], huber: Double? = nil, iterations: Int = 400) {
        self.bounds = bounds
        self.huber = huber
        self.iterations = iterations
    }

    /// The best end of several starts; `nil` if the residuals are not finite at any of them.
    /// - Parameter residuals: One a point, weighted as they shall count; of the same number for all parameters.
    public func fit(starts: [[Double]], residuals: ([Double]) -> [Double]) -> Solution? {
        starts.compactMap { descend(from: clamp($0), residuals) }.min { $0.objective < $1.objective }
    }

    /// Σ r²/2 within δ, δ·(|r| − δ/2) beyond; without δ Σ r².
    public func objective(_ residuals: [Double]) -> Double {
        guard let delta = huber else { return residuals.reduce(0) { $0 + $1 * $1 } }
        return residuals.reduce(0) { $0 + (abs($1) <= delta ? $1 * $1 / 2 : delta * (abs($1) - delta / 2)) }
    }

    private func clamp(_ x: [Double]) -> [Double] { zip(x, bounds).map { min(max($0, $1.low), $1.high) } }

    private func descend(from start: [Double], _ residuals: ([Double]) -> [Double]) -> Solution? {
        var x = start
        var r = residuals(x)
        var best = objective(r)
        guard best.isFinite else { return nil }
        var damping = 1e-3
        for _ in 0..<iterations {
            let jacobian = jacobian(at: x, residuals)
            let weights = r.map { residual in huber.map { abs(residual) <= $0 ? 1 : $0 / abs(residual) } ?? 1 }
            var improved = false
            while damping < 1e14 {
                guard let step = step(jacobian, r, weights, at: x, damping) else {
                    damping *= 10
                    continue
                }
                let next = clamp(zip(x, step).map { $0 + $1 })
                let nextResiduals = residuals(next)
                let value = objective(nextResiduals)
                if value < best {
                    let gain = (best - value) / max(best, 1e-300)
                    (x, r, best, improved) = (next, nextResiduals, value, true)
                    damping = max(damping / 10, 1e-15)
                    if gain < 1e-15 { improved = false }
                    break
                }
                damping *= 10
            }
            guard improved else { break }
        }
        let onBound = x.indices.filter { place in
            let width = max(1e-12, 1e-9 * (bounds[place].high - bounds[place].low))
            return x[place] - bounds[place].low <= width || bounds[place].high - x[place] <= width
        }
        return Solution(parameters: x, objective: best, onBound: onBound)
    }

    /// By central differences, one-sided at a limit: one row a parameter.
    private func jacobian(at x: [Double], _ residuals: ([Double]) -> [Double]) -> [[Double]] {
        x.indices.map { place in
            let step = 6e-6 * max(abs(x[place]), 1e-3)
            var (up, down) = (x, x)
            up[place] = min(x[place] + step, bounds[place].high)
            down[place] = max(x[place] - step, bounds[place].low)
            let width = up[place] - down[place]
            guard width > 0 else { return residuals(x).map { _ in 0 } }
            return zip(residuals(up), residuals(down)).map { ($0 - $1) / width }
        }
    }

    /// Solves (JᵀWJ + λ·diag) δ = −JᵀWr for the parameters that are free to move.
    private func step(_ jacobian: [[Double]], _ r: [Double], _ weights: [Double], at x: [Double], _ damping: Double)
        -> [Double]?
    {
        let gradient = jacobian.map { row in zip(zip(row, r), weights).reduce(0) { $0 + $1.0.0 * $1.0.1 * $1.1 } }
        let free = x.indices.filter { place in
            !(x[place] <= bounds[place].low && gradient[place] > 0)
                && !(x[place] >= bounds[place].high && gradient[place] < 0)
        }
        guard !free.isEmpty else { return nil }
        var matrix = free.map { a in
            free.map { b in zip(zip(jacobian[a], jacobian[b]), weights).reduce(0) { $0 + $1.0.0 * $1.0.1 * $1.1 } }
        }
        for place in matrix.indices { matrix[place][place] += damping * max(matrix[place][place], 1e-30) }
        guard let solved = LinearSystem.solve(matrix, free.map { -gradient[$0] }) else { return nil }
        var step = Array(repeating: 0.0, count: x.count)
        for (index, place) in free.enumerated() { step[place] = solved[index] }
        return step
    }
}

/// Small systems of linear equations.
public enum LinearSystem {
    /// By Gauss's elimination with pivots; `nil` where there is no single solution.
    public static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double]? {
        var a = zip(matrix, right).map { $0 + [$1] }
        let n = a.count
        for column in 0..<n {
            guard let pivot = (column..<n).max(by: { abs(a[$0][column]) < abs(a[$1][column]) }),
                abs(a[pivot][column]) > 1e-300,
                a[pivot][column].isFinite
            else { return nil }
            a.swapAt(column, pivot)
            for row in 0..<n where row != column {
                let factor = a[row][column] / a[column][column]
                guard factor != 0 else { continue }
                for place in column...n { a[row][place] -= factor * a[column][place] }
            }
        }
        let solution = (0..<n).map { a[$0][n] / a[$0][$0] }
        return solution.allSatisfy(\.isFinite) ? solution : nil
    }

    /// Weighted linear regression; `nil` where predictors are dependent or there are fewer points than predictors.
    /// - Parameters:
    ///   - rows: the predictors of each point; a constant one, if wanted, among them.
    ///   - weights: one a point; `nil`: all alike.
    public static func regression(_ rows: [[Double]], _ values: [Double], weights: [Double]? = nil) -> [Double]? {
        guard let width = rows.first?.count, rows.count >= width else { return nil }
        let weights = weights ?? Array(repeating: 1, count: rows.count)
        var matrix = Array(repeating: Array(repeating: 0.0, count: width), count: width)
        var right = Array(repeating: 0.0, count: width)
        for (index, row) in rows.enumerated() {
            for a in 0..<width {
                right[a] += weights[index] * row[a] * values[index]
                for b in 0..<width { matrix[a][b] += weights[index] * row[a] * row[b] }
            }
        }
        // Columns of very different sizes would look dependent.
        let sizes = (0..<width).map { max(matrix[$0][$0].squareRoot(), 1e-300) }
        let scaled = (0..<width).map { a in (0..<width).map { b in matrix[a][b] / sizes[a] / sizes[b] } }
        guard determinantIsClear(scaled), let solution = solve(scaled, zip(right, sizes).map { $0 / $1 }) else {
            return nil
        }
        return zip(solution, sizes).map { $0 / $1 }
    }

    /// Whether the correlations of the predictors leave something of each.
    private static func determinantIsClear(_ matrix: [[Double]]) -> Bool {
        var a = matrix
        for column in a.indices {
            guard a[column][column] > 1e-10 else { return false }
            for row in a.indices where row > column {
                let factor = a[row][column] / a[column][column]
                for place in column..<a.count { a[row][place] -= factor * a[column][place] }
            }
        }
        return true
    }
}
