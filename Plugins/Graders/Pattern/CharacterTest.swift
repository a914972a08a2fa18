/// Which characters a place of a pattern takes.
indirect enum CharacterTest: Hashable, Sendable {
    case range(UInt32, UInt32)
    case kind(CharacterKind)
    case not(CharacterTest)
    case any([CharacterTest])
    case all([CharacterTest])
    /// Upper and lower case are the same.
    case ignoringCase(CharacterTest)

    static func one(_ scalar: Unicode.Scalar) -> CharacterTest { .range(scalar.value, scalar.value) }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .range(let low, let high): low <= scalar.value && scalar.value <= high
        case .kind(let kind): kind.contains(scalar)
        case .not(let test): !test.contains(scalar)
        case .any(let tests): tests.contains { $0.contains(scalar) }
        case .all(let tests): tests.allSatisfy { $0.contains(scalar) }
        case .ignoringCase(let test): Self.cases(of: scalar).contains { test.contains($0) }
        }
    }

    /// A scalar in all cases that are one scalar.
    private static func cases(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
        func single(_ text: String) -> Unicode.Scalar? {
            text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
        }
        let lower = single(scalar.properties.lowercaseMapping)
        let upper = single(scalar.properties.uppercaseMapping)
        return [
            scalar, lower, upper, upper.flatMap { single($0.properties.lowercaseMapping) },
            lower.flatMap { single($0.properties.uppercaseMapping) },
        ].compactMap(\.self)
    }
}

/// Characters by a property of Unicode.
enum CharacterKind: Hashable, Sendable {
    /// `\d`
    case digit
    /// `\w`: letters, marks, digits, connecting punctuation and joiners.
    case word
    /// `\s`
    case space
    /// `\h`
    case horizontalSpace
    /// `\v`, and what `.`, `^` and `$` take for a line's end.
    case lineEnd
    case alphabetic, uppercase, lowercase
    /// `\p{L}`, `\p{Lu}` and so on.
    case category(Set<String>)

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 0x80 {
            switch self {
            case .digit: return (48...57).contains(value)
            case .word:
                return (48...57).contains(value) || (65...90).contains(value & ~32) || value == 95
            case .space: return (9...13).contains(value) || value == 32
            default: break
            }
        }
        let properties = scalar.properties
        switch self {
        case .digit: return properties.generalCategory == .decimalNumber
        case .word:
            if properties.isAlphabetic || value == 0x200C || value == 0x200D { return true }
            switch properties.generalCategory {
            case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: return true
            default: return false
            }
        case .space: return properties.isWhitespace
        case .horizontalSpace: return value == 9 || properties.generalCategory == .spaceSeparator
        case .lineEnd: return (10...13).contains(value) || value == 0x85 || value == 0x2028 || value == 0x2029
        case .alphabetic: return properties.isAlphabetic
        case .uppercase: return properties.isUppercase
        case .lowercase: return properties.isLowercase
        case .category(let names): return names.contains(Self.name(of: properties.generalCategory))
        }
    }

    /// From the name of a property, as in `\p{Lu}`; `nil` for others.
    init?(property: String) {
        let plain = property.lowercased().filter { $0.isLetter }
        switch plain {
        case "alphabetic", "isalphabetic", "alpha": self = .alphabetic
        case "uppercase", "isuppercase", "upper": self = .uppercase
        case "lowercase", "islowercase", "lower": self = .lowercase
        case "whitespace", "iswhitespace", "space": self = .space
        case "word": self = .word
        case "digit": self = .digit
        case "blank": self = .horizontalSpace
        case "punct": self = .category(Set(Self.names.filter { $0.hasPrefix("P") }))
        case "alnum": return nil
        default:
            let name = Self.longNames[plain] ?? property.prefix(1).uppercased() + property.dropFirst().lowercased()
            let found = Self.names.filter { $0 == name || name.count == 1 && $0.hasPrefix(name) }
            guard !found.isEmpty else { return nil }
            self = .category(Set(found))
        }
    }

    private static let longNames = [
        "letter": "L", "mark": "M", "number": "N", "punctuation": "P", "symbol": "S", "separator": "Z", "other": "C",
        "decimalnumber": "Nd", "letternumber": "Nl", "uppercaseletter": "Lu", "lowercaseletter": "Ll",
        "spaceseparator": "Zs", "currencysymbol": "Sc", "mathsymbol": "Sm", "dashpunctuation": "Pd",
        "connectorpunctuation": "Pc", "control": "Cc", "format": "Cf",
    ]

    private static let names = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "Sm",
        "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn",
    ]

    private static func name(of category: Unicode.GeneralCategory) -> String {
        switch category {
        case .uppercaseLetter: "Lu"
        case .lowercaseLetter: "Ll"
        case .titlecaseLetter: "Lt"
        case .modifierLetter: "Lm"
        case .otherLetter: "Lo"
        case .nonspacingMark: "Mn"
        case .spacingMark: "Mc"
        case .enclosingMark: "Me"
        case .decimalNumber: "Nd"
        case .letterNumber: "Nl"
        case .otherNumber: "No"
        case .connectorPunctuation: "Pc"
        case .dashPunctuation: "Pd"
        case .openPunctuation: "Ps"
        case .closePunctuation: "Pe"
        case .initialPunctuation: "Pi"
        case .finalPunctuation: "Pf"
        case .otherPunctuation: "Po"
        case .mathSymbol: "Sm"
        case .currencySymbol: "Sc"
        case .modifierSymbol: "Sk"
        case .otherSymbol: "So"
        case .spaceSeparator: "Zs"
        case .lineSeparator: "Zl"
        case .paragraphSeparator: "Zp"
        case .control: "Cc"
        case .format: "Cf"
        case .surrogate: "Cs"
        case .privateUse: "Co"
        case .unassigned: "Cn"
        @unknown default: "Cn"
        }
    }
}
