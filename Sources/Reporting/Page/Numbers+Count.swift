extension Numbers {
    /// A whole number with its thousands apart: 1 234 567.
    static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        let groups = digits.enumerated().map { place, digit in
            (place > 0 && (digits.count - place) % 3 == 0 ? "\u{202F}" : "") + String(digit)
        }
        return (value < 0 ? "−" : "") + groups.joined()
    }
}
