/// What a reading depends on.
package struct MathOptions: Hashable, Sendable {
    /// `3,14` is a number; points then group digits.
    package var decimalComma: Bool
    /// Differences of numbers up to these are none: absolute, and relative to the second.
    package var tolerance: Double
    package var relativeTolerance: Double
    /// Commas between groups of three digits separate: `100,200` is two numbers. Equality tries both.
    var commasSeparate = false

    package init(decimalComma: Bool = false, tolerance: Double = 0, relativeTolerance: Double = 0) {
        self.decimalComma = decimalComma
        self.tolerance = tolerance
        self.relativeTolerance = relativeTolerance
    }
}
