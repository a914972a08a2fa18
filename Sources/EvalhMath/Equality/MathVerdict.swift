/// Whether two answers are the same, and how that was found.
package struct MathVerdict: Hashable, Sendable {
    package var isEqual: Bool
    package var method: MathMethod
}

/// What decided, from the surest to the least sure.
package enum MathMethod: String, Comparable, Sendable {
    /// Whole numbers, fractions, roots of them, i and π, computed exactly.
    case exact
    /// Polynomials and their fractions in canonical form.
    case canonical
    /// Values at many points, with bounds on their errors.
    case numeric
    /// The words, or what is written.
    case text
    /// One of them is not understood, and they are not written alike: never equal.
    case notRead = "not read"

    package static func < (a: MathMethod, b: MathMethod) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .exact: 0
        case .canonical: 1
        case .numeric: 2
        case .text: 3
        case .notRead: 4
        }
    }
}
