/// Whether a text holds an answer that ends a chain: a box whose braces close, or "ANSWER: X".
enum AnswerMark {
    static func isIn(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return hasBox(bytes) || hasAnswerLine(bytes)
    }

    private static func hasBox(_ bytes: [UInt8]) -> Bool {
        let mark = Array("\\boxed{".utf8)
        for place in bytes.indices where bytes[place...].starts(with: mark) {
            var depth = 1
            let start = place + mark.count
            for end in start..<bytes.count {
                if bytes[end] == UInt8(ascii: "{") { depth += 1 }
                if bytes[end] == UInt8(ascii: "}") { depth -= 1 }
                if depth == 0 {
                    if bytes[start..<end].contains(where: { $0 > UInt8(ascii: " ") }) { return true }
                    break
                }
            }
        }
        return false
    }

    private static func hasAnswerLine(_ bytes: [UInt8]) -> Bool {
        let mark = Array("ANSWER:".utf8)
        return bytes.indices.contains { place in
            guard bytes[place...].starts(with: mark) else { return false }
            let line = bytes[(place + mark.count)...].prefix { $0 != UInt8(ascii: "\n") }
            return line.contains { $0 > UInt8(ascii: " ") }
        }
    }
}
