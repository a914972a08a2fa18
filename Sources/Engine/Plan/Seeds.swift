package import Completions

/// Where every random number of a run comes from. Nothing depends on the order in which sessions run.
package enum Seeds {
    /// The seed of a session: what its strategy draws random numbers from.
    package static func session(suite: UInt64, itemID: String, armID: String, levelJSON: String, repeatIndex: Int)
        -> UInt64
    {
        var bytes = CanonicalBytes()
        bytes.append("evalh.session")
        bytes.append(suite)
        bytes.append(itemID)
        bytes.append(armID)
        bytes.append(levelJSON)
        bytes.append(repeatIndex)
        return bytes.seed
    }

    /// The seed sent to a server with a sample. It does not depend on the arm: arms that ask the same question share
    /// the sample.
    package static func sample(suite: UInt64, key: RequestKey, sample: SampleIndex) -> UInt64 {
        var random = SplitMix64(state: suite)
        for chunk in 0..<4 {
            let word = key.bytes[chunk * 8..<chunk * 8 + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            random.state = random.next() ^ word
        }
        random.state = random.next() ^ UInt64(bitPattern: Int64(sample.repeatIndex))
        random.state = random.next() ^ UInt64(bitPattern: Int64(sample.index))
        return random.next()
    }
}

/// Steele, Lea and Flood's SplitMix64 (OOPSLA 2014): small, fast, and the same everywhere.
package struct SplitMix64: RandomNumberGenerator, Sendable {
    package var state: UInt64

    package init(state: UInt64) {
        self.state = state
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
