import Testing

/// Two answers that are the same or are not.
struct MathPair: Sendable, CustomTestStringConvertible {
    var kind: String
    var first: String
    var second: String
    var isEqual: Bool

    var testDescription: String { "\(kind): \(first) \(isEqual ? "≡" : "≢") \(second)" }

    static let all = numbers + structures + words + wild

    /// Lines of `a  ≡  b` and `a  ≢  b` under headings of their kind.
    static func read(_ table: String) -> [MathPair] {
        var kind = ""
        return table.split(separator: "\n").compactMap { line in
            if line.hasPrefix("## ") {
                kind = String(line.dropFirst(3))
                return nil
            }
            for (mark, isEqual) in [("  ≡  ", true), ("  ≢  ", false)] {
                guard let range = line.firstRange(of: mark) else { continue }
                return MathPair(
                    kind: kind, first: String(line[..<range.lowerBound]), second: String(line[range.upperBound...]),
                    isEqual: isEqual)
            }
            return nil
        }
    }
}
