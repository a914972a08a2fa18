import EvalhNumbers

extension AnswerPlaces {
    /// Models go on after their answer with a question of their own. What comes behind it is not about this item; a
    /// text that begins with a question recites its examples, and its last answer counts.
    ///
    /// - Parameter marker: What stands before an answer, beside `\boxed` and the word "answer".
    func withoutFollowOn(marker: String) -> AnswerPlaces {
        guard mayHoldQuestion else { return self }
        let lower = ByteSearch.lowercased(bytes)
        guard ["question", "problem", "\nq", "*q"].contains(where: { ByteSearch.contains($0, in: lower) }),
            let first = lower.firstIndex(where: { $0 > 0x20 }), !isQuestion(lower[first...])
        else { return self }
        // Behind the line of the first answer a question is another one's.
        let answers = [
            ByteSearch.places(of: Array(marker.utf8), in: bytes).first,
            ByteSearch.places(of: Array("\\boxed".utf8), in: lower).first,
            ByteSearch.places(of: Array("answer".utf8), in: lower).first,
        ]
        guard let answer = answers.compactMap(\.self).min() else { return self }
        var start = answer
        while let end = lower[start...].firstIndex(of: UInt8(ascii: "\n")) {
            start = end + 1
            if isQuestion(lower[start...]) { return AnswerPlaces(String(decoding: bytes[..<end], as: UTF8.self)) }
        }
        return self
    }

    /// Whether a line after the first may be a question by its first letter. Most texts have no such line, and lines
    /// are taken apart only in those that do.
    private var mayHoldQuestion: Bool {
        bytes.withUnsafeBufferPointer { bytes in
            var isAtStart = false
            for byte in bytes {
                switch byte {
                case UInt8(ascii: "\n"): isAtStart = true
                // White space and what marks a heading; some control characters count as white space, too.
                case 0...0x20, UInt8(ascii: "*"), UInt8(ascii: "#"): break
                case UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "q"), UInt8(ascii: "Q"), 0x80...:
                    if isAtStart { return true }
                default: isAtStart = false
                }
            }
            return false
        }
    }

    /// `Question 3:`, `Q:`, `**Problem.**`; of a line in lower case, and what follows it.
    private func isQuestion(_ line: ArraySlice<UInt8>) -> Bool {
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 9 || byte == 13 }
        let start = line.drop { isBlank($0) || $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "#") }
        for word in ["question", "problem", "q"] where start.starts(with: word.utf8) {
            let rest = start.dropFirst(word.utf8.count).drop { $0 == 0x20 || (48...57).contains($0) }
            if rest.first == UInt8(ascii: ":") || rest.first == UInt8(ascii: ".") && word != "q" { return true }
        }
        return false
    }
}
