/// A piece of written mathematics.
struct MathToken: Hashable {
    enum Kind: Hashable {
        case number(Numeral)
        /// A name of a function, a Greek letter, a single letter; LaTeX's commands without the backslash.
        case name(String)
        /// What `\text{…}` holds, or a word.
        case text(String)
        /// An operator, a relation or a bracket, see `MathLexer`.
        case mark(Unicode.Scalar)
    }

    var kind: Kind
    /// White space stands before it.
    var isSpaced = false
    /// Where its text begins.
    var place = 0

    func `is`(_ mark: Unicode.Scalar) -> Bool { kind == .mark(mark) }

    var name: String? {
        if case .name(let name) = kind { return name }
        return nil
    }

    var text: String? {
        if case .text(let text) = kind { return text }
        return nil
    }

    var numeral: Numeral? {
        if case .number(let numeral) = kind { return numeral }
        return nil
    }
}

/// A numeral as it is written.
struct Numeral: Hashable {
    /// `nil`: it has more digits than are computed with.
    var value: Rational?
    /// The digits before the point, without separators.
    var whole: String
    /// The digits behind it.
    var decimals = ""
    /// Commas stand between its groups of three, so that it may be a list.
    var hasCommas = false

    var isWhole: Bool { decimals.isEmpty }
}
