/// Reads what stands in brackets, and escapes of one character.
struct CharacterSetReader {
    private let scalars: [Unicode.Scalar]
    private(set) var index: Int

    init(_ scalars: [Unicode.Scalar], from index: Int) {
        self.scalars = scalars
        self.index = index
    }

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ text: String) -> Bool {
        guard scalars[index...].starts(with: text.unicodeScalars) else { return false }
        index += text.unicodeScalars.count
        return true
    }

    private mutating func takeOne() throws(PatternError) -> Unicode.Scalar {
        guard let scalar = next else { throw PatternError(message: "a set `[` is not closed") }
        index += 1
        return scalar
    }

    /// Up to the closing bracket; the opening one was read.
    mutating func set(ignoresCase: Bool) throws(PatternError) -> CharacterTest {
        let isNegated = take("^")
        var result: CharacterTest?
        var items: [CharacterTest] = []
        var isFirst = true
        while !take("]") || isFirst {
            if isFirst, index > 0, scalars[index - 1] == "]" {
                // `[]a]`: a bracket that comes first is a character.
                items.append(.one("]"))
                isFirst = false
                continue
            }
            isFirst = false
            if take("&&") {
                result = Self.combined(result, items)
                let rest = try operand(ignoresCase)
                result = .all([result ?? .any([]), rest])
                items = []
            } else if next == "-", scalars.dropFirst(index).starts(with: "--[".unicodeScalars) {
                index += 2
                result = Self.combined(result, items)
                result = .all([result ?? .any([]), .not(try operand(ignoresCase))])
                items = []
            } else {
                items.append(try item(ignoresCase))
            }
        }
        let all = Self.combined(result, items)
        let folded = ignoresCase ? CharacterTest.ignoringCase(all) : all
        return isNegated ? .not(folded) : folded
    }

    private static func combined(_ first: CharacterTest?, _ items: [CharacterTest]) -> CharacterTest {
        let rest = items.count == 1 ? items[0] : CharacterTest.any(items)
        guard let first else { return rest }
        return items.isEmpty ? first : .any([first, rest])
    }

    /// What stands behind `&&` and `--`.
    private mutating func operand(_ ignoresCase: Bool) throws(PatternError) -> CharacterTest {
        if take("[") { return try set(ignoresCase: ignoresCase) }
        var items: [CharacterTest] = []
        while let scalar = next, scalar != "]", !scalars[index...].starts(with: "&&".unicodeScalars) {
            items.append(try item(ignoresCase))
        }
        return .any(items)
    }

    private mutating func item(_ ignoresCase: Bool) throws(PatternError) -> CharacterTest {
        if take("[:") {
            let isNegated = take("^")
            let name = text(until: ":")
            guard take(":]"), let test = Self.property(name) else {
                throw PatternError(message: "[:\(name):] is unknown")
            }
            return isNegated ? .not(test) : test
        }
        if take("[") { return try set(ignoresCase: ignoresCase) }
        let low = try element()
        guard case .range(let first, let only) = low, first == only, next == "-", index + 1 < scalars.count,
            scalars[index + 1] != "]", scalars[index + 1] != "["
        else { return low }
        index += 1
        guard case .range(let last, let end) = try element(), last == end, last >= first else {
            throw PatternError(message: "a range of characters must lead from a lower one to a higher one")
        }
        return .range(first, last)
    }

    private mutating func element() throws(PatternError) -> CharacterTest {
        let scalar = try takeOne()
        if scalar == "\\" {
            if take("b") { return .one("\u{8}") }
            return try escape()
        }
        return .one(scalar)
    }

    /// The escape whose backslash was read.
    mutating func escape() throws(PatternError) -> CharacterTest {
        let scalar = try takeOne()
        switch scalar {
        case "d": return .kind(.digit)
        case "D": return .not(.kind(.digit))
        case "w": return .kind(.word)
        case "W": return .not(.kind(.word))
        case "s": return .kind(.space)
        case "S": return .not(.kind(.space))
        case "h": return .kind(.horizontalSpace)
        case "H": return .not(.kind(.horizontalSpace))
        case "v": return .kind(.lineEnd)
        case "V": return .not(.kind(.lineEnd))
        case "n": return .one("\n")
        case "t": return .one("\t")
        case "r": return .one("\r")
        case "f": return .one("\u{C}")
        case "a": return .one("\u{7}")
        case "e": return .one("\u{1B}")
        case "u": return try code(4)
        case "U": return try code(8)
        case "x": return take("{") ? try code(6, isBraced: true) : try code(2)
        case "p", "P": return try property(isNegated: scalar == "P")
        case _ where scalar.isASCII && (65...90).contains(scalar.value & ~32):
            throw PatternError(message: "the escape `\\\(scalar)` is unknown")
        case "0"..."9": throw PatternError(message: "the escape `\\\(scalar)` is unknown: write `\\x{…}`")
        default: return .one(scalar)
        }
    }

    private mutating func code(_ digits: Int, isBraced: Bool = false) throws(PatternError) -> CharacterTest {
        var value: UInt32 = 0
        var count = 0
        while count < digits, let scalar = next, let digit = Character(scalar).hexDigitValue {
            value = value * 16 + UInt32(digit)
            count += 1
            index += 1
        }
        guard isBraced ? count > 0 && take("}") : count == digits, let scalar = Unicode.Scalar(value) else {
            throw PatternError(message: "a character's code has \(digits) hexadecimal digits")
        }
        return .one(scalar)
    }

    /// What stands before a scalar, or to the end.
    private mutating func text(until end: Unicode.Scalar) -> String {
        var text = ""
        while let scalar = next, scalar != end {
            text.unicodeScalars.append(scalar)
            index += 1
        }
        return text
    }

    private mutating func property(isNegated: Bool) throws(PatternError) -> CharacterTest {
        guard take("{") else { throw PatternError(message: "`\\p` needs a property: `\\p{L}`") }
        let isInverted = take("^")
        let name = text(until: "}")
        guard take("}"), let test = Self.property(name) else {
            throw PatternError(
                message: "the property `\(name)` is unknown; there are general categories (`L`, `Lu`, `Nd`), "
                    + "`Alphabetic`, `Uppercase`, `Lowercase` and `White_Space`. "
                    + "A script is a range: `[\\u4e00-\\u9fff]`"
            )
        }
        return isNegated != isInverted ? .not(test) : test
    }

    private static func property(_ name: String) -> CharacterTest? {
        let plain = name.split(separator: "=").last.map(String.init) ?? name
        switch plain.lowercased() {
        case "alnum": return .any([.kind(.alphabetic), .kind(.digit)])
        case "xdigit": return .any([.range(48, 57), .range(65, 70), .range(97, 102)])
        default: return CharacterKind(property: plain).map(CharacterTest.kind)
        }
    }
}
