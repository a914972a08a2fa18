import EvalhNumbers

/// Reads lines that begin with a label, and places that hold an answer and nothing else.
struct ChoiceLines {
    let labels: [[UInt8]: Int]
    let otherCase: [[UInt8]: Int]

    /// What a text begins with.
    struct Start {
        var option: Int
        /// Nothing else stands there.
        var isAlone: Bool
        /// `B)`, `B.`, `(B)`, `B:`: what lists look like.
        var isListed: Bool
        var isExact: Bool
    }

    /// The label that a text begins with, emphasis and brackets aside, if no word goes on behind it.
    func start(of text: ArraySlice<UInt8>) -> Start? {
        let skipped = Set(" \t\r*_`\"'{$#>-".utf8)
        var rest = text.drop { skipped.contains($0) }
        while rest.starts(with: "\\boxed{".utf8) || rest.starts(with: "\\(".utf8) || rest.starts(with: "\\[".utf8) {
            rest = rest.drop { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: "[") }
                .dropFirst()
            rest = rest.drop { skipped.contains($0) }
        }
        let bracket = rest.first.flatMap { $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: "[") ? $0 : nil }
        if bracket != nil { rest = rest.dropFirst().drop { skipped.contains($0) || $0 == UInt8(ascii: "[") } }
        let word = rest.prefix { Self.isWordByte($0) }
        let label = Array(word)
        guard !label.isEmpty, let option = labels[label] ?? otherCase[label] else { return nil }
        rest = rest.dropFirst(word.count)
        let isExact = labels[label] != nil
        let behind = rest.drop { "*_`\"'}".utf8.contains($0) }
        let mark = behind.first
        let isClosed = mark == UInt8(ascii: ")") || mark == UInt8(ascii: "]")
        let isListed =
            bracket != nil ? isClosed : isClosed || mark == UInt8(ascii: ".") || mark == UInt8(ascii: ":")
        let end = behind.drop { Set(" \t\r*_`\"'}])$.,!\\>".utf8).contains($0) }
        // `\boxed{B}` and `B</answer>` leave a command's end behind.
        let isAlone = end.isEmpty || end.first == UInt8(ascii: "<") && end.dropFirst().first == UInt8(ascii: "/")
        guard isAlone || isListed || isSeparate(behind, label), !isList(behind) else { return nil }
        // "A: C" answers with C.
        if label == [UInt8(ascii: "A")], bracket == nil, mark == UInt8(ascii: ":"),
            let inner = start(of: behind.dropFirst()), inner.isAlone
        {
            return inner
        }
        return Start(option: option, isAlone: isAlone, isListed: isListed, isExact: isExact || bracket != nil)
    }

    /// `B, C`, `B and C`: more than one.
    private func isList(_ rest: ArraySlice<UInt8>) -> Bool {
        let start = rest.drop { $0 == 32 || $0 == UInt8(ascii: ")") }
        let joints = [", and ", ", or ", ", ", ",", "/", "and ", "or ", "& "]
        guard let joint = joints.first(where: { start.starts(with: $0.utf8) }) else { return false }
        let next = start.dropFirst(joint.utf8.count).drop { $0 == UInt8(ascii: "(") }
        let label = Array(next.prefix { Self.isWordByte($0) })
        guard labels[label] != nil else { return false }
        return next.dropFirst(label.count).first.map { ",).}]$*\\".utf8.contains($0) } ?? true
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte & ~32) || byte >= 0xC3 && byte < 0xE0
            || byte >= 0x80 && byte < 0xC0
    }

    /// `B, because …`, `B - Paris`, `B because …`; not `A train`, `B's`, `B = 3`.
    private func isSeparate(_ rest: ArraySlice<UInt8>, _ label: [UInt8]) -> Bool {
        guard let first = rest.first else { return true }
        if first == UInt8(ascii: ",") || first == UInt8(ascii: "\n") || first == UInt8(ascii: ";") { return true }
        guard first == 32 else { return first >= 0xE0 }
        let next = rest.drop { $0 == 32 }
        if next.first == UInt8(ascii: "-") || next.first == UInt8(ascii: "(") || (next.first ?? 0) >= 0xE0 {
            return next.dropFirst().first.map { !(48...57).contains($0) } ?? true
        }
        let word = String(decoding: next.prefix { Self.isWordByte($0) }, as: UTF8.self).lowercased()
        return ["because", "since", "as", "is", "due"].contains(word) && label != [UInt8(ascii: "a")]
            || word.first.map { $0.isNumber } == true && label.first != UInt8(ascii: "a")
            || isName(next) && labels[label] != nil && ![UInt8(ascii: "A"), UInt8(ascii: "I")].contains(label.first)
    }

    /// A capital and a small letter: `B Paris`.
    private func isName(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first, let second = text.dropFirst().first else { return false }
        return (65...90).contains(first) && (97...122).contains(second)
    }

    /// Evidence of whole lines: the first, the last, and those that are a label alone.
    func evidence(_ bytes: [UInt8]) -> [ChoiceEvidence] {
        var found: [(start: Start?, offset: Int)] = []
        var offset = 0
        while offset < bytes.count {
            let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let line = bytes[offset..<end]
            if line.contains(where: { $0 > 0x20 }) {
                found.append((start(of: line.prefix(AnswerPlaces.lineBytes)), offset))
            }
            offset = end + 1
        }
        return found.indices.compactMap { place in
            guard let start = found[place].start else { return nil }
            let (isFirst, isLast) = (place == 0, place == found.count - 1)
            // A line between its neighbours of the alphabet lists what may be chosen.
            let isListing =
                !start.isAlone
                && (!isLast && follows(found[place + 1].start, start)
                    || !isFirst && follows(start, found[place - 1].start))
            guard !isListing, start.isAlone || isFirst || isLast && found[0].start == nil else { return nil }
            if isLast, !isFirst, !start.isAlone {
                // The last of several remarks, not the answer.
                let line = ByteSearch.lowercased(Array(bytes[found[place].offset...]))
                if ["incorrect", "wrong"].contains(where: { ByteSearch.contains($0, in: line) }) { return nil }
            }
            let rank: ChoiceEvidence.Rank =
                start.isAlone && (isFirst || isLast)
                ? .statement : start.isAlone || start.isListed || start.isExact ? .hint : .mention
            return ChoiceEvidence(option: start.option, rank: rank, stage: "line", start: found[place].offset)
        }
    }

    private func follows(_ next: Start?, _ start: Start?) -> Bool {
        guard let next, let start else { return false }
        return next.isListed && start.isListed && next.option == start.option + 1
    }
}
