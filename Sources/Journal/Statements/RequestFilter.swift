internal import Completions

/// Which requests are surely not in a journal: most of what a run asks for is new, and need not be looked for.
///
/// A Bloom filter (B. H. Bloom, Space/Time Trade-offs in Hash Coding with Allowable Errors, 1970) of 512 KiB, four
/// bits a key. Keys are SHA-256, so pieces of them serve as the hashes. With 100,000 requests one look in 12,000 is in
/// vain, with a million one in seven.
struct RequestFilter {
    private static let bits = 1 << 22

    private var words = [UInt64](repeating: 0, count: bits / 64)

    mutating func insert(_ key: RequestKey) {
        for place in Self.places(key) { words[place >> 6] |= 1 << UInt64(place & 63) }
    }

    /// `false`: it was not inserted.
    func mayContain(_ key: RequestKey) -> Bool {
        Self.places(key).allSatisfy { words[$0 >> 6] & 1 << UInt64($0 & 63) != 0 }
    }

    private static func places(_ key: RequestKey) -> some Sequence<Int> {
        (0..<4).lazy.map { piece in
            key.bytes.withUnsafeBytes { bytes in
                guard bytes.count >= 16 else { return 0 }
                return Int(bytes.loadUnaligned(fromByteOffset: 4 * piece, as: UInt32.self)) & (bits - 1)
            }
        }
    }
}
