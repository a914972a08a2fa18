/// Reads what sentences say about options.
struct ChoiceSentences {
    private let tokens: [ChoiceTokens.Token]
    private let bytes: [UInt8]
    private(set) var evidence: [ChoiceEvidence] = []
    /// Where an answer's text may stand that is no letter, as a byte's offset: behind "the answer is".
    private(set) var openAnswers: [Int] = []
    /// The sentence that is read.
    private var sentence = 0..<0

    /// More words lie between "answer" and "is" in no sentence that means them together.
    private static let reach = 16

    init(_ tokens: ChoiceTokens) {
        self.tokens = tokens.tokens
        bytes = tokens.bytes
        var start = 0
        while start < self.tokens.count {
            var end = start
            while end < self.tokens.count, !isEnd(end) { end += 1 }
            sentence = start..<end
            read()
            start = max(end, start) + 1
        }
    }

    private func kind(_ index: Int) -> ChoiceTokens.Kind? { tokens.indices.contains(index) ? tokens[index].kind : nil }

    private func word(_ index: Int) -> ChoiceWord? {
        if case .word(let word)? = kind(index) { return word }
        return nil
    }

    private func mark(_ index: Int) -> UInt8? {
        if case .mark(let mark)? = kind(index) { return mark }
        return nil
    }

    private func label(_ index: Int) -> Int? {
        if case .label(let number)? = kind(index) { return number }
        return nil
    }

    /// A full stop behind a word, a line's end. The point of `B. Paris` and a line's end behind a colon end nothing.
    private func isEnd(_ index: Int) -> Bool {
        switch kind(index) {
        case .lineEnd?:
            // Behind more empty lines than these nothing goes on.
            var before = index - 1
            while before > index - 8, kind(before) == .lineEnd { before -= 1 }
            if mark(before) == UInt8(ascii: ":") { return false }
            // `Final answer` as a heading.
            return word(before) != .answer && word(before) != .link
        case .mark(let mark)?:
            guard ".!?;".utf8.contains(mark) else { return false }
            if mark == UInt8(ascii: "."), index > 0, word(index - 1) == .answer, text(index - 1) == "ans" {
                return false
            }
            let isBeforeSpace = index + 1 >= tokens.count || tokens[index].end < tokens[index + 1].start
            return isBeforeSpace
        default: return false
        }
    }

    // MARK: One sentence

    private mutating func read() {
        let isConditional = word(sentence.lowerBound) == .if || word(sentence.lowerBound) == .whether
        alone()
        for index in sentence {
            switch kind(index) {
            case .word(.answer)?: answer(index, isConditional)
            case .word(.option)?: option(index, isConditional)
            case .word(.choose)?: choice(index, isConditional)
            case .word(.right)?: right(index)
            case .word(.conclude)?, .word(.match)?, .word(.it)?: conclusion(index)
            case .label(let number)?: judgement(index, number)
            default: break
            }
        }
    }

    /// "Which is right? B." A sentence that is a letter, at a line's end; "A. One" is none.
    private mutating func alone() {
        guard sentence.count <= 3, let place = sentence.last, let number = label(place),
            sentence.dropLast().allSatisfy({ mark($0) == UInt8(ascii: ",") || word($0) == .other }),
            kind(place + 2) == nil || kind(place + 2) == .lineEnd, sentence.count > 1 || kind(place - 1) != .lineEnd,
            place > 0, !isArticle(place), tokens[place].isExact
        else { return }
        // "Vitamin C" and no more is a thing, not a choice.
        if sentence.lowerBound == 0, word(place - 1) == .other { return }
        add(number, sentence.count > 1 && word(place - 1) == .other ? .mention : .hint, "line", place)
    }

    private mutating func add(_ number: Int, _ rank: ChoiceEvidence.Rank, _ stage: String, _ index: Int) {
        evidence.append(ChoiceEvidence(option: number, rank: rank, stage: stage, start: tokens[index].start))
    }

    /// Whether one of the words before it in its sentence turns its meaning around.
    private func isDenied(_ index: Int, _ count: Int = 3) -> Bool {
        var place = index - 1
        while place >= max(sentence.lowerBound, index - count) {
            switch word(place) {
            case .wrong?, .not?, .might?, .neither?, .whether?: return true
            default: break
            }
            if mark(place) == UInt8(ascii: ",") { return false }
            place -= 1
        }
        return false
    }

    /// "The correct answer to the question is B", "Answer: B", "answer B".
    private mutating func answer(_ index: Int, _ isConditional: Bool) {
        guard !isDenied(index) else { return }
        let rank = isConditional ? ChoiceEvidence.Rank.hint : .statement
        // "Ans. B"
        let next = mark(index + 1) == UInt8(ascii: ".") && text(index) == "ans" ? index + 2 : index + 1
        if let place = letter(from: next), isStated(place) { return add(label(place) ?? 0, rank, "phrase", place) }
        var place = index + 1
        let limit = min(tokens.count, index + Self.reach)
        while place < limit, place < sentence.upperBound {
            switch kind(place) {
            case .word(.link)?, .mark(UInt8(ascii: ":"))?, .mark(UInt8(ascii: "="))?:
                if word(place + 1) == .not || word(place + 1) == .neither { return denied(place + 1, rank) }
                if let found = letter(from: place + 1), isStated(found) {
                    return add(label(found) ?? 0, isHypothetical(found) ? .hint : rank, "phrase", found)
                }
                if place + 1 < tokens.count { openAnswers.append(tokens[place + 1].start) }
            case .word(.not)?, .word(.neither)?: return denied(place, rank)
            case .word(.wrong)?: return
            default: break
            }
            place += 1
        }
    }

    /// "The answer is not A but B."
    private mutating func denied(_ index: Int, _ rank: ChoiceEvidence.Rank) {
        for place in index..<min(sentence.upperBound, index + 8) where word(place) == .but {
            let isRather = word(place + 1) == .not
            if let found = letter(from: place + (isRather ? 2 : 1)), isStated(found) {
                return add(label(found) ?? 0, rank, "phrase", found)
            }
        }
    }

    /// "The correct option is B" is an answer, "option B" a mention.
    private mutating func option(_ index: Int, _ isConditional: Bool) {
        // "the option that best describes it"
        if mark(index + 1) == UInt8(ascii: ":"), !text(index).hasSuffix("s"), !isDenied(index, 4),
            let place = letter(from: index + 1), isStated(place)
        {
            return add(label(place) ?? 0, .judgement, "judgement", place)
        }
        let isRight = [-3, -2, -1, 2].contains { word(index + $0) == .right || word(index + $0) == .final }
        if isRight { return answer(index, isConditional) }
        guard !isDenied(index, 4), let place = letter(from: index + 1), isStated(place) else { return }
        add(label(place) ?? 0, .mention, "mention", place)
    }

    /// "Correct: B", "the correct one is B".
    private mutating func right(_ index: Int) {
        guard !isDenied(index), word(index - 1) != .link, word(index - 1) != .not else { return }
        let isOne = word(index + 1) == .filler && word(index + 2) == .link
        guard isOne || mark(index + 1) == UInt8(ascii: ":"), let place = letter(from: index + 1), isStated(place) else {
            return
        }
        add(label(place) ?? 0, .judgement, "judgement", place)
    }

    /// "I choose B", "go with B".
    private mutating func choice(_ index: Int, _ isConditional: Bool) {
        guard !isDenied(index, 4) else { return }
        var next = index + 1
        while word(next) == .with || word(next) == .to { next += 1 }
        guard let place = letter(from: next), isStated(place) else { return }
        add(label(place) ?? 0, isConditional ? .hint : .judgement, "judgement", place)
    }

    /// "So B.", "it must be B", "which matches option B".
    private mutating func conclusion(_ index: Int) {
        guard !isDenied(index) else { return }
        var next = index + 1
        if mark(next) == UInt8(ascii: ",") { next += 1 }
        if word(next) == .it { next += 1 }
        if word(next) == .filler, word(next + 1) == .with { next += 1 }
        while word(next) == .with || word(next) == .to { next += 1 }
        guard let place = letter(from: next), isStated(place) else { return }
        let behind = place + 1
        let closes = tokens[place].isBracketed
        let isLast =
            behind >= sentence.upperBound || closes || isEnd(behind)
            || [UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: ")"), UInt8(ascii: "."), UInt8(ascii: "(")]
                .contains(mark(behind) ?? 0)
        guard isLast || word(place - 1) == .option else { return }
        add(label(place) ?? 0, .hint, "conclusion", place)
    }

    /// "B is correct", "B) Paris is the right answer".
    private mutating func judgement(_ index: Int, _ number: Int) {
        guard tokens[index].isExact || tokens[index].isBracketed || word(index - 1) == .option,
            !isDenied(index, 2), word(index - 1) != .and, word(index - 1) != .or, word(index - 1) != .if
        else { return }
        var place = index + 1
        // What the option says may stand between.
        let limit = min(sentence.upperBound, index + 14)
        while place < limit {
            switch kind(place) {
            case .word(.link)?, .word(.filler)?:
                if let isRight = verdict(from: place) {
                    if isRight { add(number, .judgement, "judgement", index) }
                    return
                }
            case .word(.and)?, .word(.or)?, .label?: return
            case .word(.right)? where place == index + 1 || word(place - 1) == .filler:
                // "making B the correct answer"
                if word(place + 1) == .answer || word(place + 1) == .option {
                    add(number, .judgement, "judgement", index)
                }
                return
            case .word(.not)?, .word(.wrong)?: return
            case .mark(UInt8(ascii: ","))?: return
            default: break
            }
            place += 1
        }
    }

    /// Whether "is …" says right (`true`) or wrong (`false`); `nil`: neither.
    private func verdict(from index: Int) -> Bool? {
        var place = index
        var hasLink = false
        while place < sentence.upperBound, place < index + 9 {
            switch word(place) {
            case .link?: hasLink = true
            case .filler?, .conclude?, .final?: break
            case .right?, .answer?, .true?:
                guard hasLink else { return nil }
                // "would be correct if", "is correct in saying"
                let behind = place + 1
                if word(behind) == .if || isPartly(behind) { return false }
                return true
            case .not?, .wrong?, .neither?: return false
            case .option?:
                // "is the only option that …"
                guard hasLink, text(place - 1) == "only" else { return nil }
                return true
            default: return nil
            }
            place += 1
        }
        return nil
    }

    private func isPartly(_ index: Int) -> Bool {
        guard tokens.indices.contains(index), word(index) != nil else { return false }
        return ["in", "that", "about", "when", "only", "but"].contains(text(index))
    }

    private func isHypothetical(_ index: Int) -> Bool {
        (1...3).contains { word(index + $0) == .if && index + $0 < sentence.upperBound }
    }

    // MARK: Letters

    /// The label that comes next, words and marks that say nothing passed over.
    private func letter(from index: Int) -> Int? {
        var place = index
        var lines = 0
        while place < tokens.count, place < index + 10 {
            switch kind(place) {
            case .label?:
                guard isArticle(place) else { return place }
                // "the answer is a clear B": an article leads on.
                guard label(place + 1) != nil || word(place + 1)?.mayLeadToLetter == true else { return nil }
            case .word(let word)?: guard word.mayLeadToLetter else { return nil }
            case .mark(let mark)?: guard ":([-=<>{|/".utf8.contains(mark) else { return nil }
            case .lineEnd?:
                lines += 1
                guard lines <= 3 else { return nil }
            case nil: return nil
            }
            place += 1
        }
        return nil
    }

    /// "A train", "I think", "a good one": no labels.
    private func isArticle(_ index: Int) -> Bool {
        let token = tokens[index]
        guard token.end - token.start == 1, !token.isBracketed, index + 1 < tokens.count, bytes[token.end] == 32,
            tokens[index + 1].start == token.end + 1
        else { return false }
        let letter = bytes[token.start]
        if letter == UInt8(ascii: "a"), label(index + 1) != nil { return true }
        guard [UInt8(ascii: "A"), UInt8(ascii: "a"), UInt8(ascii: "I"), UInt8(ascii: "i")].contains(letter),
            word(index + 1) != nil
        else { return false }
        let next = text(index + 1)
        switch letter {
        case UInt8(ascii: "A"): return !Self.behindLetters.contains(next)
        case UInt8(ascii: "a"): return !["because", "since", "as"].contains(next) && verdict(from: index + 1) == nil
        default: return !["is", "because", "since", "as"].contains(next)
        }
    }

    /// What follows the letter A, and not the article.
    private static let behindLetters: Set<String> = [
        "is", "was", "because", "since", "and", "or", "not", "if", "but", "with", "as", "for", "given", "which", "due",
        "based", "would", "should", "seems", "must", "by", "in", "on", "also", "that", "has", "does", "doesn't",
        "isn't",
        "cannot", "can't", "can", "will", "instead", "rather", "from", "when", "only", "appears", "looks", "makes",
        "matches", "correctly", "best", "correct", "fits", "states", "describes", "says", "the", "wins",
    ]

    private func text(_ index: Int) -> String {
        String(decoding: bytes[tokens[index].start..<tokens[index].end], as: UTF8.self).lowercased()
            .replacing("’", with: "'")
    }

    /// Whether a label is what its sentence says: no question, no list, not denied behind.
    private func isStated(_ index: Int) -> Bool {
        var place = index + 1
        while let mark = mark(place), ")]".utf8.contains(mark) { place += 1 }
        if mark(place) == UInt8(ascii: "?") { return false }
        // "A or B", "A, B, C": a list; "A, B is wrong" is none.
        var next = place
        if mark(next) == UInt8(ascii: ",") || mark(next) == UInt8(ascii: "/") { next += 1 }
        let isJoined = word(next) == .and || word(next) == .or
        if isJoined { next += 1 }
        if word(next) == .option { next += 1 }
        if mark(next) == UInt8(ascii: "(") { next += 1 }
        if next > place, label(next) != nil, !isArticle(next) {
            let behind = mark(next + 1) == UInt8(ascii: ")") ? next + 2 : next + 1
            let isClause = word(behind) == .link || word(behind) == .not || word(behind) == .filler
            if isJoined || !isClause { return isJoined && isClause }
        }
        if word(place) == .link { return verdict(from: place) != false }
        // "B cannot be", "B doesn't fit"; not "B, not C" and "B rather than C".
        return word(place) != .not || ["not", "rather", "unlike", "without", "never"].contains(text(place))
    }
}
