/// A number with its 95 % interval, where one is defined.
package struct Estimate: Hashable, Sendable {
    package var value: Double
    package var ciLow: Double?
    package var ciHigh: Double?
    package var stderr: Double?
    /// Independent units, usually items.
    package var n: Int
    /// How the interval was made.
    package var method: String

    package init(value: Double, ciLow: Double?, ciHigh: Double?, stderr: Double?, n: Int, method: String) {
        self.value = value
        self.ciLow = ciLow
        self.ciHigh = ciHigh
        self.stderr = stderr
        self.n = n
        self.method = method
    }
}
