/// Cohen's κ: how much more two raters agree than their own frequencies would make them by chance (Cohen 1960,
/// Educational and Psychological Measurement 20:37).
public enum CohensKappa {
    /// κ = (p₀ − pₑ) / (1 − pₑ) with p₀ the share of equal ratings and pₑ the share expected of raters who do not look.
    /// - Parameter table: Square; `table[a][b]` units were rated a by the first and b by the second. Counts or weights,
    ///   0 or more.
    /// - Returns: At most 1; NaN without units, or if both raters know only one and the same category.
    public static func value(_ table: [[Double]]) -> Double {
        let shares = Shares(table)
        return shares.kappa
    }

    /// κ with the 95 % interval of its large-sample standard error (Fleiss, Cohen and Everitt 1969, Psychological
    /// Bulletin 72:323, eq. 13).
    /// - Parameter table: As above; units must be independent.
    /// - Returns: `nil` where κ is not defined. Without an interval where no unit disagrees, or a rater knows one
    ///   category only: the formula would claim certainty.
    public static func estimate(_ table: [[Double]]) -> Estimate? {
        let shares = Shares(table)
        let kappa = shares.kappa
        guard kappa.isFinite else { return nil }
        var estimate = Estimate(
            value: kappa, ciLow: nil, ciHigh: nil, stderr: nil, n: Int(shares.units), method: "no interval")
        guard shares.observed < 1, shares.variance > 1e-12 else { return estimate }
        let stderr = shares.variance.squareRoot()
        let half = Normal.quantile(0.975) * stderr
        estimate.stderr = stderr
        (estimate.ciLow, estimate.ciHigh) = (max(-1, kappa - half), min(1, kappa + half))
        estimate.method = "Fleiss, Cohen and Everitt 1969"
        return estimate
    }

    private struct Shares {
        let units: Double
        private let cells: [[Double]]
        private let rows: [Double]
        private let columns: [Double]
        let observed: Double
        private let expected: Double

        init(_ table: [[Double]]) {
            let sum = table.joined().reduce(0, +)
            units = sum
            let cells = table.map { $0.map { $0 / sum } }
            let rows = cells.map { $0.reduce(0, +) }
            let columns = cells.indices.map { column in cells.reduce(0) { $0 + $1[column] } }
            observed = cells.indices.reduce(0) { $0 + cells[$1][$1] }
            expected = zip(rows, columns).reduce(0) { $0 + $1.0 * $1.1 }
            (self.cells, self.rows, self.columns) = (cells, rows, columns)
        }

        var kappa: Double { expected < 1 ? (observed - expected) / (1 - expected) : .nan }

        var variance: Double {
            var (agreeing, disagreeing) = (0.0, 0.0)
            for a in cells.indices {
                for b in cells.indices {
                    if a == b {
                        let term = (1 - expected) - (rows[a] + columns[a]) * (1 - observed)
                        agreeing += cells[a][a] * term * term
                    } else {
                        let term = columns[a] + rows[b]
                        disagreeing += cells[a][b] * term * term
                    }
                }
            }
            let middle = observed * expected - 2 * expected + observed
            let sum = agreeing + (1 - observed) * (1 - observed) * disagreeing - middle * middle
            let rest = (1 - expected) * (1 - expected)
            return max(0, sum) / (units * rest * rest)
        }
    }
}
