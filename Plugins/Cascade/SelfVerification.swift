/// A model's check of its own answer (Aggarwal et al. 2023, AutoMix, arXiv:2310.12963, §3.1).
enum SelfVerification {
    /// p = positive checks / all checks, in [0, 1]; a check with neither word is not positive. `nil` without checks.
    static func confidence(_ checks: [String], positive: String, negative: String) -> Double? {
        guard !checks.isEmpty else { return nil }
        let agreeing = checks.filter { isPositive($0, positive: positive, negative: negative) }.count
        return Double(agreeing) / Double(checks.count)
    }

    /// Whether the first of the two words in a text is the positive one. Words are compared whole and in any case:
    /// "incorrect" is not "correct".
    static func isPositive(_ text: String, positive: String, negative: String) -> Bool {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
        let first = words.first { $0 == positive.lowercased() || $0 == negative.lowercased() }
        return first.map { $0 == positive.lowercased() } ?? false
    }
}
