/// Numbers for the few distinct words of a column. Words are plugins' own, so their number is bounded: what comes later
/// is "other".
struct CodeTable {
    static let maxWords = 250
    private static let maxLength = 80

    private(set) var words: [String] = []
    private var codes: [String: UInt8] = [:]

    mutating func code(_ word: String) -> UInt8 {
        if let code = codes[word] { return code }
        let isFull = words.count >= Self.maxWords
        let shown = isFull ? "other" : CutText.short(word, Self.maxLength)
        if isFull, let code = codes[shown] { return code }
        let code = UInt8(words.count)
        words.append(shown)
        codes[isFull ? shown : word] = code
        return code
    }
}
