/// An answer as it is understood.
indirect enum MathValue {
    case quantity(Quantity)
    /// In order, in round or angled brackets.
    case tuple([MathValue])
    /// Without order; a set holds each element once.
    case list([MathValue], isSet: Bool)
    case region(Region)
    case matrix([[Expression]])
    case relation(Relation)
    /// Words in lower case.
    case words(String)
}

/// A value with its unit.
struct Quantity {
    var expression: Expression
    var unit: MathUnit?
    /// Of a numeral in another base: the digits and the base.
    var numeral: BasedNumeral?
}

struct BasedNumeral: Hashable {
    var digits: String
    var base: Int
}

/// A set of real numbers: intervals and single points.
struct Region {
    /// The variable that lies in it, where it is named.
    var variable: String?
    var intervals: [Interval]

    static let all = Interval(
        low: Expression.constant(.infinity).negated, high: .constant(.infinity), includesLow: false, includesHigh: false
    )
}

struct Interval: Sendable {
    var low: Expression
    var high: Expression
    var includesLow: Bool
    var includesHigh: Bool

    static func point(_ value: Expression) -> Interval {
        Interval(low: value, high: value, includesLow: true, includesHigh: true)
    }
}

/// Two or more sides with the same relation between them: an equation, or an inequality that is not solved.
struct Relation {
    /// `=`, `<`, `≤`, `≠`, `≡`; what points the other way is turned.
    var mark: Unicode.Scalar
    var left: Side
    var right: MathValue

    enum Side {
        case expression(Expression)
        /// Words, or what is not read, as it is written: it names what stands on the right.
        case name(String)
    }
}
