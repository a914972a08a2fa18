/// Reads groups in braces, one after the other, as LaTeX's commands have them: `{3}{4}` behind `\frac`.
public struct BraceReader {
    /// What was not read yet.
    public private(set) var rest: Substring

    public init(_ text: Substring) {
        rest = text
    }

    /// The content of the group that comes next, spaces before it aside; braces within it must be paired. `nil`: none
    /// comes next, or it does not end, and nothing is read.
    public mutating func group() -> String? {
        let trimmed = rest.drop { $0 == " " }
        // Bytes: braces are ASCII, and characters cost ten times as much.
        let bytes = trimmed.utf8
        guard bytes.first == UInt8(ascii: "{") else { return nil }
        var depth = 0
        for index in bytes.indices {
            if bytes[index] == UInt8(ascii: "{") { depth += 1 }
            if bytes[index] == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 {
                    defer { rest = trimmed[bytes.index(after: index)...] }
                    return String(trimmed[bytes.index(after: bytes.startIndex)..<index])
                }
            }
        }
        return nil
    }
}
