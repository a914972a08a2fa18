internal import Foundation

/// Words of a text, as BM25 counts them: runs of letters, marks and digits in lower case, after compatibility
/// composition (NFKC); an ideograph is a word of its own. No stemming, no stop words. Longer words are cut at 255
/// bytes.
enum WordSplitter {
    /// Of the rules above: another one makes other indexes.
    static let version = 1
    private static let longest = 255

    static func words(_ text: String) -> [String] {
        text.utf8.allSatisfy { $0 < 0x80 } ? plain(text) : any(text.precomposedStringWithCompatibilityMapping)
    }

    private static func plain(_ text: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        func close() {
            guard !word.isEmpty else { return }
            words.append(String(decoding: word.prefix(longest), as: UTF8.self))
            word.removeAll(keepingCapacity: true)
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): word.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
            default: close()
            }
        }
        close()
        return words
    }

    private static func any(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        func close() {
            guard !word.isEmpty else { return }
            words.append(cut(word))
            word = ""
        }
        for scalar in text.unicodeScalars {
            if scalar.properties.isIdeographic {
                close()
                words.append(String(Character(scalar)))
                continue
            }
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
                .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
                word += scalar.properties.lowercaseMapping
            default: close()
            }
        }
        close()
        return words
    }

    private static func cut(_ word: String) -> String {
        guard word.utf8.count > longest else { return word }
        var kept = String.UnicodeScalarView()
        var bytes = 0
        for scalar in word.unicodeScalars {
            bytes += UTF8.width(scalar)
            guard bytes <= longest else { break }
            kept.append(scalar)
        }
        return String(kept)
    }
}
