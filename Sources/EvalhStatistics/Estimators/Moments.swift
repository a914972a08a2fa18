/// Mean and spread of some numbers.
public struct Moments: Hashable, Sendable {
    public let count: Int
    public let mean: Double
    /// With n − 1; 0 for fewer than two.
    public let deviation: Double

    public init(_ values: [Double]) {
        count = values.count
        let mean = values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
        self.mean = mean
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0
    }

    /// Of the mean; `nil` for fewer than two.
    public var standardError: Double? { count > 1 ? deviation / Double(count).squareRoot() : nil }
}
