/// What sessions' errors have in common that came of one cause: their kind, and their message without what varies from
/// one to the next. Numbers, ids, times and durations vary: every word with a digit does.
package struct ErrorCause: Hashable, Sendable {
    /// Characters of a message that are looked at: it may be a server's, and so of any length.
    static let longest = 400

    package let kind: SessionError.Kind
    /// What stands before, between and after the words that vary; one more than there are of those.
    private let pieces: [String]

    private init(_ kind: SessionError.Kind, _ pieces: [String]) {
        self.kind = kind
        self.pieces = pieces
    }

    /// An error's cause, and the words of its message that vary. Blanks and control characters become single blanks.
    package static func fold(_ error: SessionError) -> (cause: ErrorCause, words: [String]) {
        let text = Array(error.message.unicodeScalars.prefix(longest))
        var pieces = [""]
        var words: [String] = []
        var place = 0
        while place < text.count {
            guard isOfWord(text[place]) else {
                if !isBlank(text[place]) {
                    pieces[pieces.count - 1].unicodeScalars.append(text[place])
                } else if pieces.last?.last != " " {
                    pieces[pieces.count - 1] += " "
                }
                place += 1
                continue
            }
            let end = wordEnd(text, place)
            var word = ""
            word.unicodeScalars.append(contentsOf: text[place..<end])
            if text[place..<end].contains(where: isDigit) {
                words.append(word)
                pieces.append("")
            } else {
                pieces[pieces.count - 1] += word
            }
            place = end
        }
        return (ErrorCause(error.kind, pieces), words)
    }

    /// On one line, for people. A word that is not the same in all messages is `nil` and shown as a gap.
    package func message(_ words: [String?]) -> String {
        var text = pieces[0]
        for (word, piece) in zip(words, pieces.dropFirst()) { text += (word ?? "…") + piece }
        return text
    }

    /// Where the word ends that begins at a place: dots and hyphens between its characters are of it, colons between
    /// digits.
    private static func wordEnd(_ text: [Unicode.Scalar], _ start: Int) -> Int {
        var end = start + 1
        while end < text.count {
            if isOfWord(text[end]) {
                end += 1
                continue
            }
            guard end + 1 < text.count, isOfWord(text[end + 1]) else { break }
            switch text[end] {
            case ".", "-": break
            case ":" where isDigit(text[end - 1]) && isDigit(text[end + 1]): break
            default: return end
            }
            end += 2
        }
        return end
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType != nil }

    private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || isDigit(scalar)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
    }
}

extension SessionError {
    /// The message on one line, cut where it is long.
    package var shortMessage: String {
        let (cause, words) = ErrorCause.fold(self)
        return cause.message(words)
    }
}
