/// Takes LaTeX, ASCII and Unicode mathematics apart, in one pass.
struct MathLexer {
    /// Longer texts are no answers.
    static let maximumLength = 6000
    static let maximumTokens = 2000

    let options: MathOptions
    let scalars: [Unicode.Scalar]
    var index = 0
    private(set) var tokens: [MathToken] = []
    private var isSpaced = false
    private var start = 0
    /// Open brackets in which a bare comma separates.
    private(set) var openBrackets = 0
    private var dollarsAreMoney = false
    /// How deep words in braces hold mathematics that hold words in braces.
    private let nesting: Int

    init(_ text: String, options: MathOptions, nesting: Int = 0) throws(MathFault) {
        if text.utf8.count > Self.maximumLength { throw .tooLarge }
        if nesting > 4 { throw .notRead }
        scalars = text.unicodeScalars.map(Self.plain)
        self.options = options
        self.nesting = nesting
        let dollars = scalars.indices.count { scalars[$0] == "$" && ($0 == 0 || scalars[$0 - 1] != "\\") }
        dollarsAreMoney = dollars % 2 == 1
    }

    /// Full-width forms, digits of any script, and the many dashes and spaces, as one of each.
    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII { return scalar }
        switch scalar.value {
        case 0xFF01...0xFF5E: return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
        case 0x2212, 0x2010...0x2014, 0xFE63: return "-"
        case 0x00A0, 0x2002...0x200A, 0x202F, 0x205F, 0x3000: return " "
        case 0x200B...0x200F, 0x2060...0x2064, 0xFEFF: return "\u{200B}"
        case 0x3001: return ","
        case 0x3002: return "."
        case 0x2018, 0x2019, 0x2032: return "'"
        default:
            if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue {
                return Unicode.Scalar(UInt8(48 + Int(value)))
            }
            return scalar
        }
    }

    mutating func run() throws(MathFault) -> [MathToken] {
        while index < scalars.count {
            start = index
            try step(scalars[index])
            if tokens.count > Self.maximumTokens { throw .tooLarge }
        }
        return tokens
    }

    private mutating func step(_ scalar: Unicode.Scalar) throws(MathFault) {
        switch scalar {
        case " ", "\t", "\n", "\r", "~": space()
        case "\u{200B}", "`", "\"": index += 1
        case "\\": try command()
        case "0"..."9": try numeral()
        case "." where isDigit(at: index + 1): try numeral()
        case "a"..."z", "A"..."Z": word()
        case "$":
            index += 1
            if dollarsAreMoney { emit(.mark("$")) } else { isSpaced = true }
        case "." where scalars.dropFirst(index).prefix(3).elementsEqual("...".unicodeScalars):
            index += 3
            emit(.mark("…"))
        case ".": index += 1
        default:
            if !operation(scalar) { try other(scalar) }
        }
    }

    mutating func emit(_ kind: MathToken.Kind) {
        if case .mark(let mark) = kind {
            if mark == "(" || mark == "[" || mark == "⦃" { openBrackets += 1 }
            if mark == ")" || mark == "]" || mark == "⦄" { openBrackets = max(0, openBrackets - 1) }
        }
        tokens.append(MathToken(kind: kind, isSpaced: isSpaced, place: start))
        isSpaced = false
    }

    mutating func space() {
        index += 1
        isSpaced = true
    }

    func isDigit(at place: Int) -> Bool { place < scalars.count && ("0"..."9").contains(scalars[place]) }

    func isLetter(at place: Int) -> Bool {
        guard place < scalars.count else { return false }
        return ("a"..."z").contains(scalars[place]) || ("A"..."Z").contains(scalars[place])
    }

    // MARK: Marks

    /// Operators of ASCII, of one to two characters.
    private mutating func operation(_ scalar: Unicode.Scalar) -> Bool {
        let next = index + 1 < scalars.count ? scalars[index + 1] : " "
        let pairs: [(Unicode.Scalar, Unicode.Scalar, Unicode.Scalar)] = [
            ("<", "=", "≤"), (">", "=", "≥"), ("!", "=", "≠"), ("=", "=", "="), ("-", ">", "→"), ("*", "*", "^"),
            ("=", ">", "→"), ("|", "|", "|"), ("+", "-", "±"),
        ]
        if scalar.isASCII, let pair = pairs.first(where: { $0.0 == scalar && $0.1 == next }) {
            index += 2
            emit(.mark(pair.2))
            return true
        }
        guard "+-*/^_()[]{},;|=<>!%&:'#@?".unicodeScalars.contains(scalar) else { return false }
        index += 1
        emit(.mark(scalar))
        return true
    }

    /// What is not ASCII.
    private mutating func other(_ scalar: Unicode.Scalar) throws(MathFault) {
        index += 1
        if let mark = MathUnicode.marks[scalar] {
            emit(.mark(mark))
        } else if let name = MathUnicode.names[scalar] {
            emit(.name(name))
        } else if let digit = MathUnicode.raised[scalar] {
            index -= 1
            script("^", MathUnicode.raised, first: digit)
        } else if let digit = MathUnicode.lowered[scalar] {
            index -= 1
            script("_", MathUnicode.lowered, first: digit)
        } else if let (top, bottom) = MathUnicode.fractions[scalar] {
            emit(.name("frac"))
            for part in [top, bottom] {
                emit(.number(Numeral(value: Rational(part), whole: "\(part)")))
            }
        } else if scalar.properties.isAlphabetic {
            var word = String.UnicodeScalarView([scalar])
            while index < scalars.count, scalars[index].properties.isAlphabetic {
                word.append(scalars[index])
                index += 1
            }
            emit(.text(String(word)))
        } else {
            throw .notRead
        }
    }

    private mutating func script(_ mark: Unicode.Scalar, _ table: [Unicode.Scalar: String], first: String) {
        var content = ""
        while index < scalars.count, let next = table[scalars[index]] {
            content += next
            index += 1
        }
        emit(.mark(mark))
        emit(.mark("{"))
        var digits = ""
        for character in content {
            if character.isNumber {
                digits.append(character)
                continue
            }
            flush(&digits)
            emit(character.isLetter ? .name(String(character)) : .mark(character.unicodeScalars.first ?? "-"))
        }
        flush(&digits)
        emit(.mark("}"))
    }

    private mutating func flush(_ digits: inout String) {
        if digits.isEmpty { return }
        emit(.number(Numeral(value: Int(digits).map { Rational($0) }, whole: digits)))
        digits = ""
    }

    // MARK: Words

    private mutating func word() {
        var word = String.UnicodeScalarView()
        while isLetter(at: index) {
            word.append(scalars[index])
            index += 1
        }
        emit(word: String(word))
    }

    private mutating func emit(word: String) {
        let lower = word.lowercased()
        if word.utf8.count == 1 {
            emit(.name(word))
        } else if MathNames.isName(word) {
            emit(.name(word))
        } else if let last = tokens.last, last.numeral != nil, !isSpaced, MathUnits.known[lower] == nil,
            !["th", "st", "nd", "rd"].contains(lower), word.utf8.count < 6
        {
            // `2abcd` is a product.
            for letter in word { emit(.name(String(letter))) }
        } else if word.utf8.count >= 4, let head = MathNames.functionHead(of: word) {
            emit(.name(head))
            emit(.name(String(word.suffix(1))))
        } else if word.utf8.count >= 4 || MathNames.shortWords.contains(lower) {
            emit(.text(word))
        } else {
            for letter in word { emit(.name(String(letter))) }
        }
    }

    // MARK: LaTeX

    private mutating func command() throws(MathFault) {
        index += 1
        guard index < scalars.count else { return }
        let scalar = scalars[index]
        guard isLetter(at: index) else {
            index += 1
            switch scalar {
            case ",", ";", ":", "!", " ", "\n", "/", ">": isSpaced = true
            case "(", ")", "[", "]": isSpaced = true
            case "{": emit(.mark("⦃"))
            case "}": emit(.mark("⦄"))
            case "\\": emit(.mark("⏎"))
            case "|": emit(.mark("|"))
            case "'", "%", "$", "&", "#", "_": emit(.mark(scalar))
            default: throw .notRead
            }
            return
        }
        var name = String.UnicodeScalarView()
        while isLetter(at: index) {
            name.append(scalars[index])
            index += 1
        }
        try command(named: String(name))
    }

    private mutating func command(named name: String) throws(MathFault) {
        if let mark = MathNames.marks[name] {
            emit(.mark(mark))
        } else if MathNames.texts.contains(name), let content = group() {
            try words(content)
        } else if name == "mathbb" || name == "Bbb" {
            let content = group()
            if content == nil { index += 1 }
            emit(.name(content == nil || content == "R" ? "Reals" : content ?? ""))
        } else if MathNames.looks.contains(name) {
            // `\left.` has no bracket.
            if name == "left" || name == "right", index < scalars.count, scalars[index] == "." { index += 1 }
        } else if name == "begin" || name == "end" {
            guard let kind = group() else { throw .notRead }
            emit(.name(name + ":" + kind.replacing("*", with: "")))
            if name == "begin", kind == "array" || kind == "tabular" { _ = group() }
        } else if ["hspace", "vspace", "color", "textcolor", "tag", "label", "hskip", "mspace"].contains(name) {
            if index < scalars.count, scalars[index] == "*" { index += 1 }
            _ = group()
        } else if ["quad", "qquad", "enspace", "thinspace", "space", "angle", "triangle"].contains(name) {
            isSpaced = true
        } else if name == "deg" {
            emit(.mark("°"))
        } else if name == "not" {
            while index < scalars.count, scalars[index] == " " { index += 1 }
            if index < scalars.count, scalars[index] == "=" { index += 1 }
            emit(.mark("≠"))
        } else {
            emit(.name(MathNames.short[name] ?? name))
        }
    }

    /// The content of the braces that come next; they are passed over.
    mutating func group() -> String? {
        var place = index
        while place < scalars.count, scalars[place] == " " { place += 1 }
        guard place < scalars.count, scalars[place] == "{" else { return nil }
        var depth = 0
        let first = place + 1
        while place < scalars.count {
            if scalars[place] == "{" { depth += 1 }
            if scalars[place] == "}" {
                depth -= 1
                if depth == 0 {
                    index = place + 1
                    return String(String.UnicodeScalarView(scalars[first..<place]))
                }
            }
            place += 1
        }
        return nil
    }

    /// Words in braces; numbers, choices and formulas among them are read as such.
    private mutating func words(_ content: String) throws(MathFault) {
        let trimmed = content.split(separator: " ").joined(separator: " ")
        if trimmed.isEmpty {
            isSpaced = true
            return
        }
        if MathNames.isName(trimmed), trimmed.utf8.count > 1 {
            emit(.name(trimmed))
            return
        }
        let isPlain = trimmed.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || " -'.".unicodeScalars.contains($0)
        }
        let isList = trimmed == "and" || trimmed == "or" || trimmed.contains(" and ") || trimmed.contains(" or ")
        if isPlain, !isList {
            emit(.text(trimmed))
            return
        }
        var inner = try MathLexer(trimmed, options: options, nesting: nesting + 1)
        isSpaced = true
        // `m/s^2` is a unit, `(C)` a choice.
        let isUnit = trimmed.first?.isLetter == true && (trimmed.contains("/") || trimmed.contains("^"))
        for token in try inner.run() {
            isSpaced = isSpaced || token.isSpaced
            if isUnit, let name = token.name, MathUnits.known[name] != nil {
                emit(.text(name))
            } else {
                emit(token.kind)
            }
        }
    }
}
