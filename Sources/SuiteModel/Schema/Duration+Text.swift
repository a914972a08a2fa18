internal import JSON

/// Durations of a suite: `500ms`, `10s`, `30m`, `1h30m`, `2d`.
package enum DurationText {
    /// Seconds; `nil`: not a duration. Each unit once, larger ones first.
    package static func seconds(_ text: String) -> Double? {
        let units: [(name: String, seconds: Double)] = [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1), ("ms", 0.001)]
        guard text.utf8.count <= 64 else { return nil }
        var rest = text.filter { $0 != " " }[...]
        var total = 0.0
        var next = 0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "_") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = Double(digits.filter { $0 != "_" }),
                let index = units.firstIndex(where: { $0.name == unit }), index >= next
            else { return nil }
            total += value * units[index].seconds
            next = index + 1
        }
        return total.isFinite ? total : nil
    }

    /// The shortest text for people.
    package static func text(_ seconds: Double) -> String {
        guard seconds >= 60, seconds < 1e9, let whole = Int(exactly: seconds.rounded()), Double(whole) == seconds else {
            return JSONValue.double(seconds).canonicalText + "s"
        }
        let parts = [(whole / 3600, "h"), (whole / 60 % 60, "m"), (whole % 60, "s")]
        return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    }
}
