/// Sizes of a suite: `512MB`, `1.5GB`, `2GiB`.
package enum ByteSizeText {
    /// Bytes, at least 1 MB and below 2^53; `nil`: not a size. `MB` is a million bytes, `MiB` 2^20.
    package static func bytes(_ text: String) -> UInt64? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }
        guard let power = ["K", "M", "G", "T"].firstIndex(where: { unit == $0 + "B" || unit == $0 + "iB" }),
            digits.first != ".", digits.last != ".", let value = Double(digits)
        else { return nil }
        let base = unit.contains("i") ? 1024.0 : 1000
        let bytes = (0...power).reduce(value) { product, _ in product * base }.rounded()
        return bytes >= 1_000_000 && bytes < 9e15 ? UInt64(bytes) : nil
    }
}
