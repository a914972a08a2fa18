/// Where the tokens that a server tells lie in the text that it was sent: how the tokens of a continuation are told
/// from those of its context. Counting would go wrong: a tokenizer may join the end of the context and the beginning of
/// the continuation into one token, and servers put marks of their own before a text. Offsets that servers tell are not
/// used: they are sums over these same spellings, in units that differ.
///
/// Servers spell tokens in ways that do not add up to the text, which is allowed for:
/// - marks before the text (`<s>`) are no part of it,
/// - a token of part of a character is spelled with U+FFFD: for a first byte with some of those that follow it, or for
///   one that follows,
/// - the blank before a word is missing where SentencePiece's tokens are decoded one by one,
/// - the text of the first token may be missing (vLLM's `prompt_logprobs`).
///
/// All ways to lay the tokens along the text are followed from its end, and those that do not reach its beginning are
/// dropped. Where the ways that are left differ at the boundary, there is no answer.
struct TokenPlaces {
    /// The tokens that end behind the boundary.
    var scored: Range<Int>
    /// Bytes of the context that the first of them has in it; more than the known text has before the boundary where
    /// it begins in what is not known.
    var overlap: Int
    /// Bytes of the text before the token of index 1: what a first token of unknown text must have said.
    var firstLength: Int

    /// Ways followed at a time; a text that needs more is hardly one.
    private static let mostWays = 512
    /// Marks that a server may put before a text.
    private static let mostMarks = 8

    /// - Parameters:
    ///   - tokens: The prompt's tokens as the server spells them, perhaps with generated ones behind them; `nil`: its
    ///     text is not told.
    ///   - text: What was sent, or the known end of it.
    ///   - boundary: Byte of `text` where the continuation begins.
    ///   - isWhole: Whether `text` is all that was sent; else something unknown stands before it.
    ///   - generated: How many generated tokens may stand at the end, likeliest first.
    /// - Returns: `nil` where the tokens do not spell the text, or leave open where the boundary is.
    static func find(_ tokens: [String?], in text: String, boundary: Int, isWhole: Bool, generated: [Int])
        -> TokenPlaces?
    {
        let spelled = tokens.map { $0.map(Spelling.init) }
        let bytes = Array(text.utf8)
        for more in generated where more < tokens.count {
            if let places = Search(tokens: spelled[..<(tokens.count - more)], text: bytes, isWhole: isWhole)
                .places(boundary)
            {
                return places
            }
        }
        return nil
    }

    private struct Spelling {
        enum Part {
            case bytes([UInt8])
            /// Part of a character.
            case piece
        }

        let bytes: [UInt8]
        /// `nil`: it is spelled as it is.
        let parts: [Part]?

        init(_ text: String) {
            bytes = Array(text.utf8)
            guard text.unicodeScalars.contains("\u{FFFD}") else {
                parts = nil
                return
            }
            var parts: [Part] = []
            var plain = ""
            for scalar in text.unicodeScalars {
                guard scalar == "\u{FFFD}" else {
                    plain.unicodeScalars.append(scalar)
                    continue
                }
                if !plain.isEmpty { parts.append(.bytes(Array(plain.utf8))) }
                plain = ""
                parts.append(.piece)
            }
            if !plain.isEmpty { parts.append(.bytes(Array(plain.utf8))) }
            self.parts = parts
        }
    }

    private struct Search {
        let tokens: ArraySlice<Spelling?>
        let text: [UInt8]
        let isWhole: Bool

        /// Where a token may begin that ends before byte `end`. Below 0: in what is not known.
        func starts(of index: Int, endingAt end: Int) -> [Int] {
            guard let token = tokens[index] else { return index == 0 ? [0] : [] }
            if let parts = token.parts { return starts(of: parts, endingAt: end) }
            let count = token.bytes.count
            let start = end - count
            guard start >= 0 else {
                guard !isWhole else {
                    // A blank put before the first word.
                    let hasBlank = start == -1 && token.bytes.first == 0x20
                    return hasBlank && text[..<end].elementsEqual(token.bytes.dropFirst()) ? [0] : []
                }
                return end >= 0 && text[..<end].elementsEqual(token.bytes.suffix(end)) ? [start] : []
            }
            guard text[start..<end].elementsEqual(token.bytes) else { return [] }
            guard start > 0, text[start - 1] == 0x20, token.bytes.first != 0x20 else { return [start] }
            return [start, start - 1]
        }

        private func starts(of parts: [Spelling.Part], endingAt end: Int) -> [Int] {
            var ends = [end]
            for part in parts.reversed() {
                switch part {
                case .bytes(let bytes):
                    ends = ends.map { $0 - bytes.count }.filter {
                        $0 >= 0 && text[$0..<$0 + bytes.count].elementsEqual(bytes)
                    }
                case .piece: ends = Array(Set(ends.flatMap { pieceStarts($0) }))
                }
            }
            return ends
        }

        /// Where part of a character may begin that ends before byte `end`.
        private func pieceStarts(_ end: Int) -> [Int] {
            guard end > 0, text[end - 1] >= 0x80 else { return [] }
            var starts = text[end - 1] & 0xC0 == 0x80 ? [end - 1] : []
            // Back to the character's first byte, which says how many follow.
            guard let first = (1...4).map({ end - $0 }).first(where: { $0 < 0 || text[$0] & 0xC0 != 0x80 }), first >= 0
            else { return starts }
            let length = text[first] >= 0xF0 ? 4 : text[first] >= 0xE0 ? 3 : text[first] >= 0xC0 ? 2 : 1
            let isReplacement = text[first..<end].elementsEqual([0xEF, 0xBF, 0xBD])
            if end - first < length || isReplacement { starts.append(first) }
            return starts
        }

        func places(_ boundary: Int) -> TokenPlaces? {
            guard let first = tokens.indices.first else { return nil }
            // places[i]: where token i may begin, as far back as the text is known.
            var places: [Int: [Int]] = [tokens.endIndex: [text.count]]
            var from = tokens.endIndex
            while from > first {
                guard let ends = places[from] else { return nil }
                if !isWhole, ends.allSatisfy({ $0 <= 0 }) { break }
                if isWhole, from <= first + TokenPlaces.mostMarks, ends == [0] { break }
                var starts = Set<Int>()
                for end in ends where end >= 0 { starts.formUnion(self.starts(of: from - 1, endingAt: end)) }
                if starts.isEmpty || starts.count > TokenPlaces.mostWays {
                    // Before the beginning of a text there may be marks.
                    if isWhole, ends.contains(0), from <= first + TokenPlaces.mostMarks { break }
                    return nil
                }
                from -= 1
                places[from] = starts.sorted()
            }
            guard var begun = places[from] else { return nil }
            begun = begun.filter { isWhole ? $0 == 0 : $0 <= 0 }
            guard !begun.isEmpty, from < tokens.endIndex else { return nil }
            return forward(&places, from: from, begun, boundary)
        }

        /// Keeps the ways that begin where they may, and looks at the boundary.
        private func forward(_ places: inout [Int: [Int]], from: Int, _ begun: [Int], _ boundary: Int) -> TokenPlaces? {
            places[from] = begun
            for index in from..<tokens.endIndex {
                let known = Set(places[index] ?? [])
                let ends = (places[index + 1] ?? []).filter { end in
                    end >= 0 && !known.isDisjoint(with: starts(of: index, endingAt: end))
                }
                guard !ends.isEmpty else { return nil }
                places[index + 1] = ends
            }
            // Ends that are not all on one side of the boundary leave open whose the token is.
            var firstScored: Int?
            for index in from..<tokens.endIndex {
                let ends = places[index + 1] ?? []
                if ends.allSatisfy({ $0 > boundary }) {
                    firstScored = firstScored ?? index
                } else if ends.contains(where: { $0 > boundary }) {
                    return nil
                }
            }
            guard let firstScored else { return nil }
            let begins = (places[firstScored] ?? []).max() ?? boundary
            return TokenPlaces(
                scored: firstScored..<tokens.endIndex, overlap: max(0, boundary - begins),
                firstLength: places[tokens.startIndex + 1]?.first ?? 0)
        }
    }
}
