package import Completions
internal import EvalhStatistics

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
        var random = SplitMix64(seed: suite)
        for chunk in 0..<4 {
            let word = key.bytes[chunk * 8..<chunk * 8 + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            random = SplitMix64(seed: random.next() ^ word)
        }
        random = SplitMix64(seed: random.next() ^ UInt64(bitPattern: Int64(sample.repeatIndex)))
        random = SplitMix64(seed: random.next() ^ UInt64(bitPattern: Int64(sample.index)))
        return random.next()
    }
}
