/// A number with its 95 % interval, where one is defined.
public struct Estimate: Hashable, Sendable {
    public var value: Double
    public var ciLow: Double?
    public var ciHigh: Double?
    public var stderr: Double?
    /// Independent units, usually items.
    public var n: Int
    /// How the interval was made.
    public var method: String

    public init(value: Double, ciLow: Double?, ciHigh: Double?, stderr: Double?, n: Int, method: String) {
        self.value = value
        self.ciLow = ciLow
        self.ciHigh = ciHigh
        self.stderr = stderr
        self.n = n
        self.method = method
    }
}
