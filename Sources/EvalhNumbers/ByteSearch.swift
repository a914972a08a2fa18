/// Finds texts in UTF-8 bytes: graders look at every completion, and searching by characters costs ten times as much.
public enum ByteSearch {
    /// Offsets of all places of `needle` from left to right, without overlaps; none for an empty needle.
    public static func places(of needle: [UInt8], in bytes: [UInt8]) -> [Int] {
        guard let first = needle.first, bytes.count >= needle.count else { return [] }
        return bytes.withUnsafeBufferPointer { bytes in
            needle.withUnsafeBufferPointer { needle in
                var places: [Int] = []
                var index = 0
                let last = bytes.count - needle.count
                while index <= last {
                    guard bytes[index] == first else {
                        index += 1
                        continue
                    }
                    var length = 1
                    while length < needle.count, bytes[index + length] == needle[length] { length += 1 }
                    if length == needle.count { places.append(index) }
                    index += length == needle.count ? length : 1
                }
                return places
            }
        }
    }

    /// Whether the bytes hold the text.
    public static func contains(_ needle: String, in bytes: [UInt8]) -> Bool {
        !places(of: Array(needle.utf8), in: bytes).isEmpty
    }

    /// ASCII letters in lower case; lengths stay as they are.
    public static func lowercased(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { (65...90).contains($0) ? $0 | 32 : $0 }
    }
}
