import EvalhNumbers
import EvalhPluginKit

/// Finds the option that a text chooses: see the stages of `ChoiceGrader`.
struct ChoiceReader {
    private let options: ChoiceOptions
    private let texts: ChoiceTexts?
    private let lines: ChoiceLines
    /// Other languages' words for "the answer is", and what may follow them.
    private let phrases: [[UInt8]]
    private let links: [[UInt8]]

    init(_ options: ChoiceOptions, languages: [ChoiceLanguage], phrases: [String]) {
        self.options = options
        texts = options.hasTexts ? ChoiceTexts(options.options.map(\.text)) : nil
        var (exact, other) = ([[UInt8]: Int](), [[UInt8]: Int]())
        for (number, label) in options.labels.enumerated() {
            exact[Array(label.utf8)] = number
            // Options that are counted are chosen by letters, too.
            if label.allSatisfy(\.isNumber), number < 26 { other[[65 + UInt8(number)]] = number }
        }
        for (number, label) in options.labels.enumerated() {
            for text in [label.lowercased(), label.uppercased()] where exact[Array(text.utf8)] == nil {
                other[Array(text.utf8)] = number
            }
        }
        lines = ChoiceLines(labels: exact, otherCase: other)
        let words = languages.flatMap(\.phrases) + phrases
        self.phrases = words.flatMap { [$0, $0.prefix(1).uppercased() + $0.dropFirst(), $0.uppercased()] }.map {
            Array($0.utf8)
        }
        links = (languages.flatMap(\.links) + ["is", "option"]).map { Array($0.utf8) }.sorted { $0.count > $1.count }
    }

    func find(_ raw: String) -> ChoiceEvidence? {
        let text = NumberText.normalised(TextLimit.end(of: raw))
        let places = AnswerPlaces(text).withoutFollowOn(marker: "####")
        let tokens = ChoiceTokens(places.bytes, labels: lines.labels, otherCase: lines.otherCase)
        let sentences = ChoiceSentences(tokens)
        var all = sentences.evidence + lines.evidence(places.bytes) + tags(tokens) + stated(places)
        all += foreign(places)
        if let texts {
            for start in sentences.openAnswers.suffix(AnswerPlaces.maximum) {
                guard let option = texts.option(startOf: places.line(from: start).sentence, isWhole: false) else {
                    continue
                }
                all.append(ChoiceEvidence(option: option, rank: .statement, stage: "text", start: start))
            }
        }
        if let best = ChoiceEvidence.best(all), best.rank > .mention { return best }
        return byText(places) ?? ChoiceEvidence.best(all) ?? bracketed(places)
    }

    /// `\boxed{B}`, `#### B`.
    private func stated(_ places: AnswerPlaces) -> [ChoiceEvidence] {
        var found: [ChoiceEvidence] = []
        for command in ["\\boxed", "\\fbox"] {
            for place in places.places(boxedBy: command) {
                guard let option = option(in: place.text) else { continue }
                found.append(ChoiceEvidence(option: option, rank: .statement, stage: "boxed", start: place.start))
                break
            }
        }
        for place in places.places(behind: "####") {
            guard let start = lines.start(of: ArraySlice(place.text.utf8)), start.isAlone || start.isListed else {
                continue
            }
            found.append(
                ChoiceEvidence(
                    option: start.option, rank: start.isAlone ? .statement : .hint, stage: "marker", start: place.start)
            )
            break
        }
        return found
    }

    /// The option that a place is which holds an answer alone.
    private func option(in text: String) -> Int? {
        let bytes = Array(text.utf8)
        if let start = lines.start(of: bytes[...]) { return start.option }
        if let option = texts?.option(startOf: text, isWhole: true) { return option }
        return ChoiceSentences(ChoiceTokens(bytes, labels: lines.labels, otherCase: lines.otherCase)).evidence.last?
            .option
    }

    /// `<answer>B</answer>`, `[[B]]`.
    private func tags(_ tokens: ChoiceTokens) -> [ChoiceEvidence] {
        let all = tokens.tokens
        var found: [ChoiceEvidence] = []
        for (index, token) in all.enumerated() {
            guard case .mark(let mark) = token.kind, index + 3 < all.count else { continue }
            if mark == UInt8(ascii: "<"),
                all[index + 1].kind == .word(.answer) || all[index + 1].kind == .word(.option),
                all[index + 2].kind == .mark(UInt8(ascii: ">"))
            {
                let content = tokens.bytes[all[index + 2].end...].prefix { $0 != UInt8(ascii: "<") }.prefix(2_000)
                let text = String(decoding: content, as: UTF8.self)
                let trimmed = content.drop { $0 <= 0x20 }
                guard let option = lines.start(of: trimmed)?.option ?? self.option(in: text) else { continue }
                found.append(ChoiceEvidence(option: option, rank: .statement, stage: "tag", start: token.start))
            } else if mark == UInt8(ascii: "["), all[index + 1].kind == .mark(mark),
                case .label(let option) = all[index + 2].kind, all[index + 3].kind == .mark(UInt8(ascii: "]"))
            {
                found.append(ChoiceEvidence(option: option, rank: .statement, stage: "tag", start: token.start))
            }
        }
        return found
    }

    /// The words of other languages.
    private func foreign(_ places: AnswerPlaces) -> [ChoiceEvidence] {
        guard !phrases.isEmpty else { return [] }
        let bytes = places.bytes
        var found: [ChoiceEvidence] = []
        for phrase in phrases {
            for place in ByteSearch.places(of: phrase, in: bytes).suffix(AnswerPlaces.maximum) {
                var rest = bytes[(place + phrase.count)...].prefix(60)
                var isOver = false
                while !isOver {
                    rest = rest.drop { $0 <= 0x20 || ":*_`\"'([.,-=".utf8.contains($0) }
                    // “ ” 「 」 ： and the like
                    while let first = rest.first, first == 0xE2 || first == 0xE3 && rest.dropFirst().first == 0x80 {
                        rest = rest.dropFirst(3)
                    }
                    let link = links.first { rest.starts(with: $0) && !continues($0, rest) }
                    isOver = link == nil && ![0x20, 0x0A].contains(rest.first ?? 0)
                    rest = rest.dropFirst(link?.count ?? 0)
                }
                guard let start = lines.start(of: rest.prefix { $0 != UInt8(ascii: "\n") }) ?? separate(rest) else {
                    continue
                }
                found.append(
                    ChoiceEvidence(option: start.option, rank: .statement, stage: "phrase", start: rest.startIndex))
            }
        }
        return found
    }

    /// Whether a word of letters goes on behind a link: `is` in `isla`.
    private func continues(_ link: [UInt8], _ rest: ArraySlice<UInt8>) -> Bool {
        guard let last = link.last, last < 0x80, let next = rest.dropFirst(link.count).first else { return false }
        return (65...90).contains(next & ~32)
    }

    /// An exact label behind which a word of another language goes on: `B ist richtig`, `C가`.
    private func separate(_ rest: ArraySlice<UInt8>) -> ChoiceLines.Start? {
        let label = Array(rest.prefix { (48...57).contains($0) || (65...90).contains($0 & ~32) })
        let letter = label.isEmpty ? Array(rest.prefix(2)) : label
        guard let option = lines.labels[letter] else { return nil }
        return ChoiceLines.Start(option: option, isAlone: false, isListed: false, isExact: true)
    }

    /// The option whose text the answer is, or the one that its last line names.
    private func byText(_ places: AnswerPlaces) -> ChoiceEvidence? {
        guard let texts else { return nil }
        if places.bytes.count <= 2_000, let option = texts.option(startOf: places.text, isWhole: true) {
            return ChoiceEvidence(option: option, rank: .statement, stage: "text", start: 0)
        }
        return texts.only(in: lastLine(places)).map {
            ChoiceEvidence(option: $0, rank: .mention, stage: "text", start: 0)
        }
    }

    private func lastLine(_ places: AnswerPlaces) -> String {
        guard let end = places.bytes.lastIndex(where: { $0 > 0x20 }) else { return "" }
        let start = places.bytes[...end].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return String(decoding: places.bytes[max(start, end - AnswerPlaces.lineBytes)...end], as: UTF8.self)
    }

    /// `(B)` in the last line.
    private func bracketed(_ places: AnswerPlaces) -> ChoiceEvidence? {
        let line = Array(lastLine(places).utf8)
        let tokens = ChoiceTokens(line, labels: lines.labels, otherCase: lines.otherCase).tokens
        for token in tokens.reversed() where token.isBracketed {
            if case .label(let option) = token.kind {
                return ChoiceEvidence(option: option, rank: .mention, stage: "bracketed", start: token.start)
            }
        }
        return nil
    }
}

extension String {
    /// Up to the end of the first sentence or line.
    fileprivate var sentence: String {
        var end = startIndex
        while end < endIndex {
            let next = index(after: end)
            if self[end].isNewline { break }
            if ".!?;".contains(self[end]), next == endIndex || self[next].isWhitespace { break }
            end = next
        }
        return String(self[..<end])
    }
}
