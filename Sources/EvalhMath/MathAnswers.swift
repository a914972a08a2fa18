/// Reads answers and tells which are the same. Nothing here depends on more than its arguments; the work of a call is
/// bounded by a constant.
package struct MathAnswers: Sendable {
    let options: MathOptions

    package init(_ options: MathOptions = MathOptions()) { self.options = options }

    /// The canonical text of an answer, which is read again as the same answer; `nil`: it is not read.
    package func canonical(_ text: String) -> String? {
        guard let value = try? MathReader.read(text, options: options) else { return nil }
        return try? CanonicalText(work: Work()).text(value)
    }

    /// What is written, without what does not count: for answers that are not read.
    package func source(_ text: String) -> String { MathWords.source(String(text.prefix(MathLexer.maximumLength))) }

    /// Whether two answers are the same. The second is the one that counts for relative tolerances.
    package func compare(_ a: String, _ b: String) -> MathVerdict {
        if max(a.utf8.count, b.utf8.count) > MathLexer.maximumLength {
            return MathVerdict(isEqual: a == b, method: a == b ? .text : .notRead)
        }
        let work = Work()
        let first = compare(a, b, options, work)
        if first.isEqual { return first }
        if options.commasSeparate == false, MathReader.isAmbiguous(a) || MathReader.isAmbiguous(b) {
            var separate = options
            separate.commasSeparate = true
            let second = compare(a, b, separate, work)
            if second.isEqual { return second }
        }
        for (choice, other) in [(MathWords.choice(a), b), (MathWords.choice(b), a)] {
            guard let choice else { continue }
            for part in [choice.letter, choice.rest] {
                let verdict = compare(part, other, options, work)
                if verdict.isEqual { return verdict }
            }
        }
        return first
    }

    private func compare(_ a: String, _ b: String, _ options: MathOptions, _ work: Work) -> MathVerdict {
        guard let x = try? MathReader.read(a, options: options), let y = try? MathReader.read(b, options: options)
        else { return asWritten(a, b, isRead: false) }
        var equality = ValueEquality(options: options, work: work)
        do {
            if try equality.areSame(x, y) { return MathVerdict(isEqual: true, method: equality.method) }
        } catch {
            return asWritten(a, b, isRead: false)
        }
        if x.isWords || y.isWords { return asWritten(a, b, isRead: true) }
        return MathVerdict(isEqual: false, method: equality.method)
    }

    /// Words may be written as a product of letters, and what is not read equals what is written alike.
    private func asWritten(_ a: String, _ b: String, isRead: Bool) -> MathVerdict {
        let (x, y) = (source(a), source(b))
        let isEqual = isRead ? x.lowercased() == y.lowercased() : x == y
        return MathVerdict(isEqual: isEqual && !x.isEmpty, method: isRead || isEqual ? .text : .notRead)
    }
}

extension MathValue {
    var isWords: Bool { if case .words = self { true } else { false } }
}

extension MathWords {
    /// The letter and the text of `C) 12`, `(C) 12`, `C. 12`; `nil`: it is no such thing.
    static func choice(_ text: String) -> (letter: String, rest: String)? {
        var rest = Substring(text.replacing("\\text", with: "").replacing("$", with: ""))
        rest = rest.drop { " {(*".contains($0) }
        guard let letter = rest.first, ("A"..."J").contains(letter) else { return nil }
        rest = rest.dropFirst()
        guard let mark = rest.first, "). :}".contains(mark) else { return nil }
        let isMarked = rest.prefix(3).contains { ").:".contains($0) }
        rest = rest.drop { "). :}~\\".contains($0) }
        return isMarked && !rest.isEmpty ? (String(letter), String(rest)) : nil
    }
}
