/// A solution in steps.
struct Steps {
    /// A step, and the solution up to its end.
    struct Step: Hashable {
        let text: String
        let solution: String
    }

    let all: [Step]

    /// - Parameters:
    ///   - delimiter: What lies between steps; `nil`: a blank line, or a line's end if there is no blank line. Steps of
    ///     white space do not count.
    ///   - limit: The most steps, at least 1; the last one takes the rest.
    init(_ solution: String, delimiter: String?, limit: Int) {
        let bytes = Array(solution.utf8)
        var ends = Self.ends(of: bytes, delimiter: Array((delimiter ?? "\n\n").utf8))
        if delimiter == nil, ends.count < 2 { ends = Self.ends(of: bytes, delimiter: Array("\n".utf8)) }
        if ends.count > limit { ends.removeSubrange((limit - 1)..<(ends.count - 1)) }
        var start = 0
        all = ends.map { end in
            defer { start = end }
            return Step(text: Self.text(bytes[start..<end]), solution: Self.text(bytes[..<end]))
        }
    }

    /// Where steps end, each with what comes between it and the next one.
    private static func ends(of bytes: [UInt8], delimiter: [UInt8]) -> [Int] {
        var ends: [Int] = []
        var start = 0
        var place = 0
        func isBlank(_ range: Range<Int>) -> Bool { text(bytes[range]).isEmpty }
        while place < bytes.count {
            guard bytes[place...].starts(with: delimiter) else {
                place += 1
                continue
            }
            place += delimiter.count
            if !isBlank(start..<place - delimiter.count) {
                ends.append(place)
                start = place
            }
        }
        if !isBlank(start..<bytes.count) { ends.append(bytes.count) }
        return ends
    }

    /// Without white space at its ends.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var text = String(decoding: bytes, as: UTF8.self)[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
