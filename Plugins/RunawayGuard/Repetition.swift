/// Finds out whether the end of a growing text repeats itself.
struct Repetition {
    /// Times in a row that a stretch must come.
    let repeats: Int
    /// Bytes that must be repeated in all, so that "...." is none.
    let minBytes: Int
    /// The longest stretch looked for, in bytes.
    let maxPeriod: Int

    /// Where the repetition at the end of a text begins, behind its first stretch and on a character boundary; `nil`:
    /// there is none. The shortest period counts.
    func start(in bytes: [UInt8]) -> Int? {
        guard maxPeriod > 0 else { return nil }
        for period in 1...maxPeriod {
            let needed = max(repeats * period, minBytes)
            guard needed <= bytes.count else { break }
            let end = bytes.count
            if (end - needed + period..<end).allSatisfy({ bytes[$0] == bytes[$0 - period] }) {
                // Back to where the period was first kept.
                var first = end - needed
                while first > 0, bytes[first - 1] == bytes[first - 1 + period] { first -= 1 }
                var start = first + period
                while start > 0, bytes[start] & 0xc0 == 0x80 { start -= 1 }
                return start
            }
        }
        return nil
    }
}

/// How little of the last words is new.
struct Distinctness {
    /// Words looked at.
    let window: Int
    /// Words of an n-gram.
    let n: Int
    /// The share of distinct n-grams below which a text goes round in circles; 0: never.
    let floor: Double

    /// The share of distinct n-grams among the last words; `nil`: too few words.
    func share(of text: String) -> Double? {
        let list = lastWords(of: text)
        guard list.count == window, window > n else { return nil }
        var seen: Set<[Substring]> = []
        for start in 0...(list.count - n) { seen.insert(Array(list[start..<start + n])) }
        return Double(seen.count) / Double(list.count - n + 1)
    }

    /// At most `window` words, in order. Read from the end, so that a long text costs no more than a short one.
    private func lastWords(of text: String) -> [Substring] {
        var words: [Substring] = []
        var rest = text[...]
        while words.count < window {
            while rest.last?.isWhitespace == true { rest.removeLast() }
            guard !rest.isEmpty else { break }
            let word = rest[(rest.lastIndex(where: \.isWhitespace).map(rest.index(after:)) ?? rest.startIndex)...]
            words.append(word)
            rest = rest[..<word.startIndex]
        }
        return words.reversed()
    }

    func isCircling(_ text: String) -> Bool {
        guard floor > 0, let share = share(of: text) else { return false }
        return share < floor
    }
}
