internal import Hashing

/// Rows of a data set that ask what an earlier row asks: their prompts are the same, so they get the same samples, and
/// ten of them tell no more than one. Statistics count questions; rows are named by their ordinals.
package struct RepeatedQuestions: Hashable, Sendable {
    /// The row that asks first, by each that asks again.
    private var firstRows: [Int: Int] = [:]
    /// Rows that ask first what others ask again.
    private var firsts: Set<Int> = []

    package init() {}

    /// The row that asks first what this one asks; itself, if none did before.
    package func question(of row: Int) -> Int { firstRows[row] ?? row }

    /// Whether any other row asks the same.
    package func isShared(_ row: Int) -> Bool { firsts.contains(row) || firstRows[row] != nil }

    package var isEmpty: Bool { firstRows.isEmpty }
    /// Rows that ask again what an earlier one asks.
    package var copies: Int { firstRows.count }
    /// Rows whose question stands in more than one.
    package var rows: Int { firsts.count + firstRows.count }
    /// Questions that stand in more than one row.
    package var questions: Int { firsts.count }

    package mutating func note(_ row: Int, asksAsDoes first: Int) {
        firstRows[row] = first
        firsts.insert(first)
    }

    /// What people are told; `nil`: no question is repeated.
    package var warning: String? { isEmpty ? nil : Self.warning(rows: rows, questions: questions) }

    package static func warning(rows: Int, questions: Int) -> String {
        "\(rows) rows of the data set ask \(questions == 1 ? "one question" : "\(questions) questions") between them: "
            + "they share their samples, and count as \(questions) in intervals and tests. "
            + "To ask a question several times, keep it in one row and set `repeats: N`"
    }
}

extension RepeatedQuestions: Codable {
    package init(from decoder: any Decoder) throws {
        for (row, first) in try [Int: Int](from: decoder) { note(row, asksAsDoes: first) }
    }

    package func encode(to encoder: any Encoder) throws { try firstRows.encode(to: encoder) }
}

/// Finds repeated questions while a data set's prompts pass by. Memory: some bytes a row.
package struct QuestionFinder {
    private struct Key: Hashable {
        var high: UInt64
        var low: UInt64
    }

    private var seen: [Key: Int] = [:]
    package private(set) var repeated = RepeatedQuestions()

    package init() {}

    /// The next row's prompt.
    package mutating func add(_ row: Int, _ messages: [ChatMessage]) {
        var hash = SHA256()
        for message in messages {
            // Lengths keep one message's end and the next one's beginning apart.
            hash.update("\(message.role.rawValue) \(message.content.utf8.count)\n".utf8)
            hash.update(message.content.utf8)
        }
        let bytes = hash.finalize().bytes
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        let key = Key(high: number(bytes[0..<8]), low: number(bytes[8..<16]))
        if let first = seen[key] { repeated.note(row, asksAsDoes: first) } else { seen[key] = row }
    }
}
