internal import EvalhStatistics

enum Speculation {
    /// The proposed token or the one that takes its place. `p` is overwritten.
    static func verify(
        _ token: Int, p: UnsafeMutablePointer<Float>, q: UnsafePointer<Float>, count: Int, _ random: inout SplitMix64
    ) -> Int {
        if random.unit() * Double(q[token]) < Double(p[token]) { return token }
        for index in 0..<count { p[index] = max(0, p[index] - q[index]) }
        return TokenDistribution.draw(p, count, random.unit())
    }
}
