/// Decides which sessions' texts go into the page, in one pass and without knowing what comes: every session brings its
/// share of the page's room, and spends it or leaves it to a more telling one.
struct TextBudget {
    /// Bytes of compressed texts in a page at most, about; base64 makes four thirds of it.
    static let page = 11 << 20
    /// Bytes of an answer at most.
    static let maxAnswer = 8192
    private static let minAnswer = 640

    /// What makes a session worth looking at, most telling first.
    enum Interest: Int, Comparable {
        case error, gradesDiffer, cutOff, flip, none

        static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    private let share: Double
    private let room: Double
    /// Compressed bytes that may be spent.
    private var purse: Double
    private var written = 0.0
    private var compressed = 0.0

    /// - Parameter sessions: how many will come, about.
    init(sessions: Int, room: Int = TextBudget.page) {
        self.room = Double(room)
        purse = self.room / 16
        share = self.room * 15 / 16 / Double(max(1, sessions))
    }

    mutating func earn(sessions: Int) { purse += share * Double(sessions) }

    /// Bytes of an answer to keep; `nil`: nothing of the session.
    func limit(_ interest: Interest) -> Int? {
        let least: Double =
            switch interest {
            case .error, .gradesDiffer, .cutOff: -room / 16
            case .flip: 0
            case .none: room / 32
            }
        guard purse > least else { return nil }
        let fair = Int(min(share * 6, Double(Self.maxAnswer)))
        return min(Self.maxAnswer, max(Self.minAnswer, interest == .none ? fair : 3 * fair))
    }

    mutating func spend(bytes: Int) { purse -= Double(bytes) * ratio }

    /// A chunk was compressed.
    mutating func learn(bytes: Int, compressed size: Int) {
        written += Double(bytes)
        compressed += Double(size)
    }

    private var ratio: Double { written > 0 ? compressed / written : 0.4 }
}
