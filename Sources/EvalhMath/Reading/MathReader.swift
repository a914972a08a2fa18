/// Reads an answer: first what holds its parts together, then the parts.
struct MathReader {
    static let maximumElements = 256

    let options: MathOptions
    private var depth = 0

    init(options: MathOptions) { self.options = options }

    /// - Throws: why it is not read.
    static func read(_ text: String, options: MathOptions) throws(MathFault) -> MathValue {
        var lexer = try MathLexer(text, options: options)
        let tokens = try lexer.run()
        var reader = MathReader(options: options)
        return try reader.answer(tokens[...])
    }

    /// Whether commas between three digits may as well separate.
    static func isAmbiguous(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.indices.contains { index in
            bytes[index] == UInt8(ascii: ",") && index > 0 && index + 1 < bytes.count
                && (48...57).contains(bytes[index - 1]) && (48...57).contains(bytes[index + 1])
        }
    }

    /// A list, or one thing.
    mutating func answer(_ tokens: ArraySlice<MathToken>) throws(MathFault) -> MathValue {
        depth += 1
        defer { depth -= 1 }
        if depth > 24 { throw .tooLarge }
        let tokens = trimmed(tokens)
        if tokens.isEmpty { throw .notRead }
        if let words = words(tokens) { return words }
        let parts = withoutConditions(separated(tokens))
        if parts.count == 1 { return try element(parts[0]) }
        if parts.count > Self.maximumElements { throw .tooLarge }
        var elements: [MathValue] = []
        for part in parts {
            for value in try alternatives(part) {
                if case .list(let inner, false) = value { elements += inner } else { elements.append(value) }
            }
        }
        return MathValue.combined(elements)
    }

    /// Without what stands around an answer: braces, dots, an equals sign before it.
    private func trimmed(_ tokens: ArraySlice<MathToken>) -> ArraySlice<MathToken> {
        var tokens = tokens
        while true {
            if let last = tokens.last,
                last.is(",") || last.is(";") || last.is(":") || last.is("⏎") || last.is("'") && tokens.count == 1
            {
                tokens.removeLast()
            } else if let first = tokens.first, [":", "=", "≈", "→", ",", "⏎"].contains(where: { first.is($0) }) {
                tokens.removeFirst()
            } else if let first = tokens.first, first.is("{"), let last = tokens.last, last.is("}"),
                closes(tokens), !hasSeparator(tokens.dropFirst().dropLast())
            {
                tokens = tokens.dropFirst().dropLast()
            } else {
                return tokens
            }
        }
    }

    /// Whether the bracket that begins the tokens is closed by their last one.
    func closes(_ tokens: ArraySlice<MathToken>) -> Bool {
        var level = 0
        for (index, token) in zip(tokens.indices, tokens) {
            guard case .mark(let mark) = token.kind else { continue }
            if "([{⦃⟨".unicodeScalars.contains(mark) { level += 1 }
            if ")]}⦄⟩".unicodeScalars.contains(mark) {
                level -= 1
                if level == 0 { return index == tokens.endIndex - 1 }
            }
        }
        return false
    }

    /// Without `k ∈ ℤ` behind the answer that it is said of.
    private func withoutConditions(_ parts: [ArraySlice<MathToken>]) -> [ArraySlice<MathToken>] {
        let kept = parts.enumerated().filter { index, part in
            let words = part.filter { $0.text == nil }
            let isDomain = words.count == 3 && words[words.startIndex + 1].is("∈") && words.last?.name != nil
            return index == 0 || !isDomain
        }
        return kept.map(\.element)
    }

    private func hasSeparator(_ tokens: ArraySlice<MathToken>) -> Bool { separated(tokens).count > 1 }

    /// The parts between commas, semicolons, "and" and "or" outside brackets.
    func separated(_ tokens: ArraySlice<MathToken>) -> [ArraySlice<MathToken>] {
        split(tokens) { token in
            if case .mark(let mark) = token.kind {
                return mark == "," || mark == ";" || mark == "∨" || mark == "∧" || mark == "⏎"
            }
            return token.text == "and" || token.text == "or" || token.text == "And"
        }
    }

    /// Splits outside brackets, leaving out what is empty.
    func split(
        _ tokens: ArraySlice<MathToken>, where isSeparator: (MathToken) -> Bool
    ) -> [ArraySlice<MathToken>] {
        var parts: [ArraySlice<MathToken>] = []
        var level = 0
        var first = tokens.startIndex
        for index in tokens.indices {
            if case .mark(let mark) = tokens[index].kind {
                if "([{⦃⟨⌊⌈".unicodeScalars.contains(mark) { level += 1 }
                if ")]}⦄⟩⌋⌉".unicodeScalars.contains(mark) { level -= 1 }
            } else if let name = tokens[index].name {
                if name.hasPrefix("begin:") { level += 1 }
                if name.hasPrefix("end:") { level -= 1 }
            }
            if level == 0, isSeparator(tokens[index]) {
                if first < index { parts.append(tokens[first..<index]) }
                first = index + 1
            }
        }
        if first < tokens.endIndex { parts.append(tokens[first...]) }
        return parts.isEmpty ? [tokens] : parts
    }

    /// Both values of what holds `±`.
    private mutating func alternatives(_ tokens: ArraySlice<MathToken>) throws(MathFault) -> [MathValue] {
        let hasSign = tokens.contains { $0.is("±") || $0.is("∓") }
        guard hasSign else { return [try element(tokens)] }
        return [try element(tokens, sign: 1), try element(tokens, sign: -1)]
    }

    mutating func element(_ tokens: ArraySlice<MathToken>) throws(MathFault) -> MathValue {
        let tokens = trimmed(tokens)
        let isSet = tokens.first?.is("⦃") == true && closes(tokens)
        if !isSet, tokens.contains(where: { $0.is("±") || $0.is("∓") }) {
            return .list([try element(tokens, sign: 1), try element(tokens, sign: -1)], isSet: false)
        }
        return try element(tokens, sign: 1)
    }

    mutating func element(_ tokens: ArraySlice<MathToken>, sign: Int) throws(MathFault) -> MathValue {
        depth += 1
        defer { depth -= 1 }
        if depth > 24 { throw .tooLarge }
        let tokens = trimmed(tokens)
        guard let first = tokens.first, let last = tokens.last else { throw .notRead }
        if let words = words(tokens) { return words }
        if first.is("∅"), tokens.count == 1 { return .words("no solution") }
        if tokens.contains(where: Self.relates) || first.is("(") || first.is("[") {
            if let region = try region(tokens, sign: sign) { return .region(region) }
            if let relation = try relation(tokens, sign: sign) { return relation }
        }
        if first.is("⦃"), last.is("⦄"), closes(tokens) { return try set(tokens.dropFirst().dropLast()) }
        if first.is("{"), last.is("}"), closes(tokens) { return try set(tokens.dropFirst().dropLast()) }
        if let matrix = try matrix(tokens, sign: sign) { return matrix }
        if let value = try bracketed(tokens, sign: sign) { return value }
        return .quantity(try quantity(tokens, sign: sign))
    }

    /// What makes a relation or a set of numbers; most answers have none of it.
    private static func relates(_ token: MathToken) -> Bool {
        switch token.kind {
        case .mark(let mark): "=<>≤≥≠∈∪∖≈≡→".unicodeScalars.contains(mark)
        case .name(let name): name == "U" || name == "Reals"
        case .text(let text): text == "except"
        case .number: false
        }
    }

    /// Elements between brackets, in order: a point, a vector, an interval's ends.
    private mutating func bracketed(_ tokens: ArraySlice<MathToken>, sign: Int) throws(MathFault) -> MathValue? {
        guard let first = tokens.first, first.is("(") || first.is("[") || first.is("⟨"), closes(tokens) else {
            return nil
        }
        let inner = tokens.dropFirst().dropLast()
        if inner.isEmpty { throw .notRead }
        let parts = split(inner) { $0.is(",") || $0.is(";") }
        if parts.count == 1 {
            if first.is("["), inner.first?.is("[") == true { return nil }
            // Brackets around one thing.
            if let only = parts.first, !first.is("[") || only.first?.is("(") == true {
                return try element(only, sign: sign)
            }
            return first.is("[") ? try element(inner, sign: sign) : nil
        }
        if parts.count > Self.maximumElements { throw .tooLarge }
        depth += 1
        defer { depth -= 1 }
        if depth > 24 { throw .tooLarge }
        var elements: [MathValue] = []
        for part in parts { elements.append(try element(part, sign: sign)) }
        return .tuple(elements)
    }

    private mutating func set(_ inner: ArraySlice<MathToken>) throws(MathFault) -> MathValue {
        if inner.isEmpty { return .words("no solution") }
        // {x | condition} is what fulfils the condition.
        let parts = split(inner) { $0.is("|") || $0.is(":") }
        if parts.count == 2, parts[0].first?.name != nil, parts[0].count <= 3 { return try answer(parts[1]) }
        let value = try answer(inner)
        if case .list(let elements, _) = value { return .list(elements, isSet: true) }
        return .list([value], isSet: true)
    }

    /// `nil`: there are numbers or operators among the words, or no words.
    private func words(_ tokens: ArraySlice<MathToken>) -> MathValue? {
        var text = ""
        var hasWord = false
        for token in tokens {
            switch token.kind {
            case .text(let word):
                hasWord = true
                text += " " + word
            case .name(let name):
                if name.hasPrefix("begin:") { return nil }
                text += (token.isSpaced ? " " : "") + name
            case .mark(let mark):
                guard "-'(),:?".unicodeScalars.contains(mark) else { return nil }
                text += " "
            case .number: return nil
            }
        }
        guard hasWord else { return nil }
        if tokens.count == 1, let number = MathWords.number(text) {
            return .quantity(Quantity(expression: .integer(number)))
        }
        // "red and blue" is a list of words.
        if separated(tokens).count > 1, tokens.contains(where: { $0.text == "and" || $0.is(",") }) { return nil }
        let canonical = MathWords.canonical(text)
        if canonical.isEmpty { return nil }
        // A single letter is a choice or a variable, however it is set.
        if let letter = tokens.first?.text, tokens.count == 1, letter.utf8.count == 1 {
            return .quantity(Quantity(expression: .symbol(letter)))
        }
        return canonical == "all real numbers"
            ? .region(Region(variable: nil, intervals: [Region.all])) : .words(canonical)
    }
}
