/// Why a text has no exact form, or none at all.
enum MathFault: Error {
    /// It is not written as this library reads mathematics.
    case notRead
    /// A number, a power or the whole is beyond the bounds on the work.
    case tooLarge
    /// A division by zero, or a function where it has no value.
    case undefined
}

/// What one reading or one comparison may cost. Every loop that a hostile text could lengthen takes from it.
final class Work {
    /// Steps of one comparison: a term times a term, a limb times a limb, a node of a tree.
    static let limit = 400_000

    private(set) var left: Int

    init(limit: Int = Work.limit) { left = limit }

    func take(_ steps: Int = 1) throws(MathFault) {
        left -= steps
        if left < 0 { throw .tooLarge }
    }
}
