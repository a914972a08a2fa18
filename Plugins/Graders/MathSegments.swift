/// The formulas of a text: what stands between dollar signs, in `\(…\)` and `\[…\]`, or in bold.
struct MathSegments {
    private let bytes: [UInt8]
    private var formulas: [Range<Int>] = []
    private var isWhole = true
    private var end = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            guard let (open, close) = mark(at: index) else {
                if !Self.isLoose(bytes[index]) { isWhole = false }
                index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
                continue
            }
            let start = index + open
            guard let stop = place(of: close, from: start) else {
                isWhole = false
                break
            }
            if isFormula(start..<stop, open: bytes[index]) { formulas.append(start..<stop) }
            index = stop + close.count
            end = index
        }
    }

    var first: String? { formulas.first.map(text) }
    var last: String? { formulas.last.map(text) }
    /// Nothing but one formula.
    var only: String? { formulas.count == 1 && isWhole ? first : nil }
    /// What stands behind the last formula; all where there is none.
    var rest: String { text(end..<bytes.count) }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private static func isLoose(_ byte: UInt8) -> Bool { byte <= 0x20 || ".,;:!*".utf8.contains(byte) }

    /// How long the mark is that opens a formula here, and what closes it.
    private func mark(at index: Int) -> (Int, [UInt8])? {
        let next = index + 1 < bytes.count ? bytes[index + 1] : 0
        switch (bytes[index], next) {
        case (UInt8(ascii: "$"), UInt8(ascii: "$")), (UInt8(ascii: "*"), UInt8(ascii: "*")): return (2, [next, next])
        case (UInt8(ascii: "$"), _): return (1, [bytes[index]])
        case (UInt8(ascii: "\\"), UInt8(ascii: "(")): return (2, Array("\\)".utf8))
        case (UInt8(ascii: "\\"), UInt8(ascii: "[")): return (2, Array("\\]".utf8))
        default: return nil
        }
    }

    private func place(of mark: [UInt8], from start: Int) -> Int? {
        var index = start
        while index + mark.count <= bytes.count {
            if bytes[index] == mark[0], mark.count == 1 || bytes[index + 1] == mark[1] { return index }
            index += bytes[index] == UInt8(ascii: "\\") && mark[0] != bytes[index] ? 2 : 1
        }
        return nil
    }

    /// Of what is in bold only numbers and single words are answers.
    private func isFormula(_ range: Range<Int>, open: UInt8) -> Bool {
        let content = bytes[range]
        if content.allSatisfy({ $0 <= 0x20 }) { return false }
        guard open == UInt8(ascii: "*") else { return true }
        return content.contains { (48...57).contains($0) || $0 == UInt8(ascii: "\\") }
            || !content.contains(UInt8(ascii: " ")) && content.last != UInt8(ascii: ":")
    }
}
