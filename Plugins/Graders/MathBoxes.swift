import EvalhNumbers

/// What stands in the braces of `\boxed`, found in one pass, however many boxes never end.
struct MathBoxes {
    /// Contents by place, whole boxes only.
    private(set) var contents: [Range<Int>] = []

    init(_ bytes: [UInt8], command: String) {
        if !ByteSearch.contains(command, in: bytes) { return }
        let command = Array(command.utf8)
        // Where groups begin; those that are no boxes as negative numbers.
        var starts: [Int] = []
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\"):
                if let open = Self.brace(behind: command, at: index, in: bytes) {
                    starts.append(open + 1)
                    index = open
                } else {
                    // Braces behind a backslash are no groups.
                    index += 1
                }
            case UInt8(ascii: "{"): starts.append(-1)
            case UInt8(ascii: "}"):
                if let start = starts.popLast(), start > 0 { contents.append(start..<index) }
            default: break
            }
            index += 1
        }
        contents.sort { $0.lowerBound < $1.lowerBound }
    }

    private static func brace(behind command: [UInt8], at place: Int, in bytes: [UInt8]) -> Int? {
        var index = place
        for byte in command {
            guard index < bytes.count, bytes[index] == byte else { return nil }
            index += 1
        }
        while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
        return index < bytes.count && bytes[index] == UInt8(ascii: "{") ? index : nil
    }
}
