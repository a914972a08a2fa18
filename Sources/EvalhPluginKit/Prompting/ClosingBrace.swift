/// Where a text that began inside an open brace leaves it.
public enum ClosingBrace {
    /// The bytes before the brace that closes more than was opened, as in `\frac{1}{2}}`; `nil`: it is never closed.
    public static func offset(in bytes: [UInt8]) -> Int? {
        var depth = 0
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") {
                if depth == 0 { return index }
                depth -= 1
            }
        }
        return nil
    }

    /// The text before that brace.
    public static func text(before text: String) -> String? {
        let bytes = Array(text.utf8)
        return offset(in: bytes).map { String(decoding: bytes[..<$0], as: UTF8.self) }
    }
}
