/// One pass over a text that tells thought from answer.
struct ReasoningScan: Sendable {
    /// Looks for the marks that models are known to write; made once, for every text goes through it.
    static let known = ReasoningScan(ReasoningMarks.known, first: nil)

    private struct Mark {
        /// ASCII letters in lower case.
        var bytes: [UInt8]
        /// Of the pair it belongs to.
        var pair: Int
        var isOpening: Bool
    }

    private static let solution = (open: Array("<|begin_of_solution|>".utf8), close: Array("<|end_of_solution|>".utf8))

    private let marks: [Mark]
    private let closings: [[UInt8]]
    /// First bytes of marks.
    private let heads: [Bool]
    private let firstPair: Int?

    /// - Parameter first: the marks of the thought that is open at the start; `nil`: none is.
    init(_ pairs: [ReasoningMarks], first: ReasoningMarks?) {
        func bytes(_ text: String) -> [UInt8] { text.utf8.map(Self.lower) }
        closings = pairs.map { bytes($0.close) }
        var marks: [Mark] = []
        var heads = [Bool](repeating: false, count: 256)
        for (pair, texts) in pairs.enumerated() {
            for (text, isOpening) in [(texts.open, true), (texts.close, false)] where !text.isEmpty {
                marks.append(Mark(bytes: bytes(text), pair: pair, isOpening: isOpening))
            }
        }
        for mark in marks { heads[Int(mark.bytes[0])] = true }
        self.marks = marks
        self.heads = heads
        firstPair = first.flatMap { pairs.firstIndex(of: $0) }
    }

    func split(_ text: String) -> ReasoningSplit {
        var text = text
        return text.withUTF8 { bytes in split(bytes) } ?? ReasoningSplit(answer: text)
    }

    /// `nil`: all of it is answer.
    private func split(_ bytes: UnsafeBufferPointer<UInt8>) -> ReasoningSplit? {
        var kept: [Range<Int>] = []
        var thought: [Range<Int>] = []
        var start = 0
        var place = 0
        var open = firstPair
        var hasMarks = open != nil
        while place < bytes.count {
            if let pair = open {
                // What the template wrote, the model may write once more.
                if start == 0, kept.isEmpty, thought.isEmpty, let again = opening(of: pair, at: place, bytes) {
                    place = again
                    start = again
                    continue
                }
                guard let close = find(closings[pair], from: place, bytes) else { break }
                thought.append(start..<close.lowerBound)
                (start, place, open) = (close.upperBound, close.upperBound, nil)
            } else if let mark = mark(at: place, bytes) {
                hasMarks = true
                let here = start..<place
                place += mark.bytes.count
                if mark.isOpening {
                    kept.append(here)
                    open = mark.pair
                } else {
                    thought += kept + [here]
                    kept = []
                }
                start = place
            } else {
                place += 1
            }
        }
        guard hasMarks else { return unframed(0..<bytes.count, bytes).map { ReasoningSplit(answer: $0) } }
        if open != nil {
            return ReasoningSplit(
                answer: "", reasoning: text(of: kept + thought + [start..<bytes.count], bytes),
                isUnfinished: true)
        }
        kept.append(start..<bytes.count)
        return ReasoningSplit(answer: answer(kept, bytes), reasoning: text(of: thought, bytes))
    }

    // MARK: Marks

    private func mark(at place: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Mark? {
        guard heads[Int(Self.lower(bytes[place]))] else { return nil }
        return marks.first { stands($0.bytes, at: place, bytes) && !isSpokenOf($0.bytes.count, at: place, bytes) }
    }

    /// Where the text goes on behind blanks and an opening mark.
    private func opening(of pair: Int, at place: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        guard place == 0, let mark = marks.first(where: { $0.pair == pair && $0.isOpening }) else { return nil }
        let first = bytes.firstIndex { !Self.isBlank($0) } ?? bytes.count
        return stands(mark.bytes, at: first, bytes) ? first + mark.bytes.count : nil
    }

    private func find(_ mark: [UInt8], from start: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
        var place = start
        while place + mark.count <= bytes.count {
            if stands(mark, at: place, bytes), !isSpokenOf(mark.count, at: place, bytes) {
                return place..<place + mark.count
            }
            place += 1
        }
        return nil
    }

    private func stands(_ mark: [UInt8], at place: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard place + mark.count <= bytes.count else { return false }
        for index in mark.indices where Self.lower(bytes[place + index]) != mark[index] { return false }
        return true
    }

    private func isSpokenOf(_ count: Int, at place: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard place > 0, place + count < bytes.count, bytes[place - 1] == bytes[place + count] else { return false }
        return [UInt8(ascii: "`"), UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[place - 1])
    }

    private static func lower(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    // MARK: Texts

    /// What is left, without line ends at its start: a thought is followed by some. Blanks stay, they may indent code.
    private func answer(_ ranges: [Range<Int>], _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        var whole: [UInt8] = []
        for range in ranges { whole.append(contentsOf: bytes[range]) }
        return whole.withUnsafeBufferPointer { whole in
            if let framed = unframed(0..<whole.count, whole) { return framed }
            let lines = whole.prefix { $0 == 0x0A || $0 == 0x0D }.count
            return String(decoding: whole[lines...], as: UTF8.self)
        }
    }

    /// The inside of a solution's frame; `nil`: there is none.
    private func unframed(_ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard let open = find(Self.solution.open, from: range.lowerBound, bytes) else { return nil }
        let close = find(Self.solution.close, from: open.upperBound, bytes)?.lowerBound ?? range.upperBound
        let start = bytes[open.upperBound..<close].firstIndex { $0 != 0x0A && $0 != 0x0D } ?? close
        return String(decoding: bytes[start..<close], as: UTF8.self)
    }

    private func text(of ranges: [Range<Int>], _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        var text: [UInt8] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            text.append(contentsOf: bytes[range])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
