/// Holm's step-down correction for several tests (Holm 1979, Scandinavian Journal of Statistics 6:65). It needs no
/// assumption on how the tests depend on each other.
public enum Holm {
    /// Adjusted p-values in the order given: reject those at or below α, and the chance of any false rejection is at
    /// most α. The i-th smallest of m becomes max over j ≤ i of min(1, (m − j + 1)·p₍ⱼ₎).
    /// - Parameter pValues: `nil`, or not a number: not tested; stays `nil` and does not count.
    public static func adjusted(_ pValues: [Double?]) -> [Double?] {
        var adjusted = [Double?](repeating: nil, count: pValues.count)
        let tested = pValues.enumerated().compactMap { index, p in
            p.flatMap { $0.isNaN ? nil : (index: index, p: min(1, max(0, $0))) }
        }
        var largest = 0.0
        for (rank, test) in tested.sorted(by: { ($0.p, $0.index) < ($1.p, $1.index) }).enumerated() {
            largest = max(largest, min(1, Double(tested.count - rank) * test.p))
            adjusted[test.index] = largest
        }
        return adjusted
    }
}
