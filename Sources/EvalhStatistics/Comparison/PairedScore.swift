/// The score test of the difference of two arms' accuracies on the same items, one right-or-wrong session each (Tango
/// 1998, Statistics in Medicine 17:891). It holds its level where few items flip, and is defined where none does.
public enum PairedScore {
    /// The standard normal deviate of what was seen, if the true difference a − b were `difference`. It falls as
    /// `difference` grows.
    /// - Parameters:
    ///   - aOnly: Items only a got right.
    ///   - bOnly: Items only b got right.
    ///   - n: All items, at least 1 and at least aOnly + bOnly.
    ///   - difference: In [-1, 1].
    public static func deviate(aOnly: Int, bOnly: Int, n: Int, difference: Double) -> Double {
        let (a, b, n) = (Double(aOnly), Double(bOnly), Double(n))
        // The most likely share of items that only b gets right, given the difference, solves 2n·q² + linear·q +
        // constant = 0.
        let linear = -(a + b) + (2 * n - a + b) * difference
        let constant = -b * difference * (1 - difference)
        let share = ((linear * linear - 8 * n * constant).squareRoot() - linear) / (4 * n)
        let variance = n * (2 * share + difference * (1 - difference))
        let distance = a - b - n * difference
        guard variance > 0 else { return distance == 0 ? 0 : distance > 0 ? .infinity : -.infinity }
        return distance / variance.squareRoot()
    }

    /// The differences that the test does not reject.
    /// - Returns: Within [-1, 1]; `nil` for n = 0 or counts that do not fit.
    public static func interval(aOnly: Int, bOnly: Int, n: Int, confidence: Double = 0.95) -> (
        low: Double, high: Double
    )? {
        guard n > 0, aOnly >= 0, bOnly >= 0, aOnly + bOnly <= n else { return nil }
        let z = Normal.quantile(0.5 + confidence / 2)
        /// Where the deviate falls below `bound`.
        func end(_ bound: Double) -> Double {
            var (low, high) = (-1.0, 1.0)
            for _ in 0..<60 {
                let middle = (low + high) / 2
                if deviate(aOnly: aOnly, bOnly: bOnly, n: n, difference: middle) > bound {
                    low = middle
                } else {
                    high = middle
                }
            }
            return (low + high) / 2
        }
        return (end(z), end(-z))
    }
}
