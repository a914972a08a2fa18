/// Finds the places before monitored words as a text grows.
struct MonitorPoints {
    private let words: [[UInt8]]
    private let longest: Int
    private let minGap: Int
    private var bytes: [UInt8] = []
    private var scanned = 0
    private var last = 0

    /// - Parameter minGap: Bytes before the first place, and between two.
    init(words: [String], minGap: Int) {
        self.words = words.map { Array($0.utf8) }.filter { !$0.isEmpty }
        self.longest = self.words.map(\.count).max() ?? 0
        self.minGap = minGap
    }

    mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// The next place, in bytes from the start; `nil`: none in what there is so far. A place is told once the longest
    /// word would fit behind it, so that how the text is cut into chunks makes no difference.
    mutating func next() -> Int? {
        guard longest > 0 else { return nil }
        while scanned + longest <= bytes.count {
            let place = scanned
            scanned += 1
            guard place > 0, place - last >= minGap, words.contains(where: { bytes[place...].starts(with: $0) }) else {
                continue
            }
            last = place
            return place
        }
        return nil
    }
}
