/// Krippendorff's α for nominal data: how much less any number of raters disagree than chance would make them, with
/// ratings missing as they may (Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, University of
/// Pennsylvania, section C).
public struct KrippendorffsAlpha: Sendable {
    /// o_ck: how often category c met category k in one unit, each unit with m ratings counted 1/(m − 1) a pair.
    private var coincidences: [[Double]]

    /// - Parameter categories: How many there are, at least 1.
    public init(categories: Int) {
        coincidences = Array(repeating: Array(repeating: 0, count: categories), count: categories)
    }

    /// One more unit.
    /// - Parameters:
    ///   - ratings: The categories that its raters gave it, from 0; of whom did not rate it nothing. A unit with fewer
    ///     than two ratings says nothing.
    ///   - weight: How often it counts.
    public mutating func add(_ ratings: [Int], weight: Double = 1) {
        guard ratings.count > 1 else { return }
        let share = weight / Double(ratings.count - 1)
        for (place, first) in ratings.enumerated() {
            for (other, second) in ratings.enumerated() where other != place { coincidences[first][second] += share }
        }
    }

    /// α = 1 − D₀/Dₑ = ((n − 1)·Σ o_cc − Σ n_c(n_c − 1)) / (n(n − 1) − Σ n_c(n_c − 1)), with n_c the ratings of
    /// category c in units with two or more and n all of them.
    /// - Returns: At most 1; NaN if nothing can be compared, or only one category was ever given.
    public var value: Double {
        let totals = coincidences.map { $0.reduce(0, +) }
        let n = totals.reduce(0, +)
        let equal = coincidences.indices.reduce(0) { $0 + coincidences[$1][$1] }
        let chance = totals.reduce(0) { $0 + $1 * ($1 - 1) }
        let most = n * (n - 1) - chance
        return most > 0 ? ((n - 1) * equal - chance) / most : .nan
    }
}
