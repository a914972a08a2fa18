/// A hash that is the same in every process, so that what the server says and which fault it picks can be predicted
/// from the request alone. FNV-1a (Fowler, Noll, Vo) over bytes, finished with SplitMix64's mixer because FNV's high
/// bits are poor for short inputs.
struct StableHash {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func combine(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }

    mutating func combine(_ word: UInt64) {
        state = Self.mixed(state ^ word)
    }

    var value: UInt64 { Self.mixed(state) }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = StableHash()
        hash.combine(bytes)
        return hash.value
    }

    static func of(_ words: UInt64...) -> UInt64 {
        var hash = StableHash()
        for word in words { hash.combine(word) }
        return hash.value
    }

    /// The hash as a number in [0, 1).
    static func unit(_ value: UInt64) -> Double {
        Double(value >> 11) * 0x1p-53
    }

    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
