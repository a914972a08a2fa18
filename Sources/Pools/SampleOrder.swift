internal import Completions

/// In which order a question's samples are dealt. File order, or a permutation that depends on a seed, the question,
/// the model and the repeat alone.
package struct SampleOrder: Hashable, Sendable {
    /// `nil`: as recorded, in every repeat.
    package var seed: UInt64?

    package init(seed: UInt64? = nil) {
        self.seed = seed
    }

    /// The recorded places 0..<count in the order they are dealt.
    func places(count: Int, itemID: String, model: String, repeatIndex: Int) -> [Int] {
        var order = Array(0..<count)
        guard let seed, count > 1 else { return order }
        var bytes = CanonicalBytes()
        bytes.append("evalh.sample-order")
        bytes.append(seed)
        bytes.append(itemID)
        bytes.append(model)
        bytes.append(repeatIndex)
        var state = bytes.seed
        // Fisher and Yates, with SplitMix64: the same order on every machine.
        for last in stride(from: count - 1, to: 0, by: -1) {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            z ^= z >> 31
            order.swapAt(last, Int(z.multipliedFullWidth(by: UInt64(last + 1)).high))
        }
        return order
    }
}
