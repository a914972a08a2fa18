package import EvalhStatistics

extension ModelShape {
    /// The embedded model's: what its weight file says, which a test compares. Parameters are those a token is
    /// multiplied with, the unit in which the model tells of its work. It runs on a CPU with 32-bit numbers: one that
    /// does 200 GFLOP/s on all its cores and reads 20 GB/s does 10 operations while it reads a byte.
    package static let embedded = ModelShape(
        parameters: 1_835_008, layers: 8, heads: 4, kvHeads: 4, headSize: 32, bytes: 4, intensity: 10)
}
