/// A text as a pattern sees it: characters that the pattern's tests treat alike are one class.
struct PatternText {
    /// What the conditions ask of a class.
    struct Context: OptionSet, Hashable {
        let rawValue: UInt8
        static let word = Context(rawValue: 1)
        static let lineEnd = Context(rawValue: 2)
        static let lineFeed = Context(rawValue: 4)
        static let carriageReturn = Context(rawValue: 8)
        /// No character: the text's end.
        static let none = Context(rawValue: 16)
        /// A line's end that ends the text.
        static let last = Context(rawValue: 32)
    }

    /// The class of each character.
    private(set) var classes: [UInt16] = []
    /// The tests that take a class, a bit each.
    private(set) var members: [[UInt64]] = []
    private(set) var contexts: [Context] = []
    /// Where each character begins, and the text's length; empty for ASCII, where these are the same numbers.
    private var offsets: [Int32] = []
    private let bytes: [UInt8]
    /// Where the line's end stands that ends the text; behind the text where none does.
    private(set) var lastLineEnd = 0

    var count: Int { classes.count }

    init(_ text: String, _ tests: [CharacterTest]) {
        bytes = Array(text.utf8)
        var known: [ClassKey: UInt16] = [:]
        var ascii = [UInt16](repeating: .max, count: 128)
        var others: [UInt32: UInt16] = [:]
        classes.reserveCapacity(bytes.count)
        if bytes.allSatisfy({ $0 < 0x80 }) {
            for byte in bytes {
                if ascii[Int(byte)] == .max { ascii[Int(byte)] = number(Unicode.Scalar(byte), tests, &known) }
                classes.append(ascii[Int(byte)])
            }
        } else {
            offsets.reserveCapacity(bytes.count + 1)
            var offset: Int32 = 0
            for scalar in text.unicodeScalars {
                offsets.append(offset)
                offset += Int32(UTF8.width(scalar))
                if let found = others[scalar.value] {
                    classes.append(found)
                } else {
                    let found = number(scalar, tests, &known)
                    others[scalar.value] = found
                    classes.append(found)
                }
            }
            offsets.append(offset)
        }
        lastLineEnd = count
        if let last = classes.last, contexts[Int(last)].contains(.lineEnd) {
            lastLineEnd -= 1
            if contexts[Int(last)].contains(.lineFeed), count > 1,
                contexts[Int(classes[count - 2])].contains(.carriageReturn)
            {
                lastLineEnd -= 1
            }
        }
    }

    private struct ClassKey: Hashable {
        var members: [UInt64]
        var context: Context
    }

    private mutating func number(
        _ scalar: Unicode.Scalar, _ tests: [CharacterTest], _ known: inout [ClassKey: UInt16]
    ) -> UInt16 {
        var key = ClassKey(members: Array(repeating: 0, count: (tests.count + 63) / 64), context: [])
        for (number, test) in tests.enumerated() where test.contains(scalar) {
            key.members[number / 64] |= 1 << UInt64(number % 64)
        }
        if CharacterKind.word.contains(scalar) { key.context.insert(.word) }
        if CharacterKind.lineEnd.contains(scalar) { key.context.insert(.lineEnd) }
        if scalar == "\n" { key.context.insert(.lineFeed) }
        if scalar == "\r" { key.context.insert(.carriageReturn) }
        if let found = known[key] { return found }
        // Fewer classes than there are sets of tests; tests are at most as many as instructions.
        let number = UInt16(members.count)
        members.append(key.members)
        contexts.append(key.context)
        known[key] = number
        return number
    }

    /// What stands before or behind a place; `nil` is no character.
    func context(at index: Int) -> Context {
        guard classes.indices.contains(index) else { return .none }
        let context = contexts[Int(classes[index])]
        return index == lastLineEnd ? context.union(.last) : context
    }

    func text(_ range: Range<Int>) -> String {
        guard !offsets.isEmpty else { return String(decoding: bytes[range], as: UTF8.self) }
        return String(decoding: bytes[Int(offsets[range.lowerBound])..<Int(offsets[range.upperBound])], as: UTF8.self)
    }
}

extension PatternLook {
    /// Whether the condition holds between two characters.
    func holds(_ before: PatternText.Context, _ behind: PatternText.Context) -> Bool {
        let isOneLineEnd = behind.contains(.lineFeed) && before.contains(.carriageReturn)
        switch self {
        case .textStart: return before.contains(.none)
        case .textEnd: return behind.contains(.none)
        case .lineStart:
            if before.contains(.none) { return true }
            return before.contains(.lineEnd) && !behind.contains(.none) && !isOneLineEnd
        case .lineEnd:
            return behind.contains(.none) || behind.contains(.lineEnd) && !isOneLineEnd
        case .lastLineEnd: return behind.contains(.none) || behind.contains(.last)
        case .wordBoundary: return before.contains(.word) != behind.contains(.word)
        case .noWordBoundary: return before.contains(.word) == behind.contains(.word)
        }
    }
}
