/// Whether two answers are the same, part by part.
struct ValueEquality {
    let scalars: ScalarEquality
    /// The least sure method that a part needed.
    private(set) var method = MathMethod.exact

    init(options: MathOptions, work: Work) { scalars = ScalarEquality(options: options, work: work) }

    mutating func areSame(_ a: MathValue, _ b: MathValue) throws(MathFault) -> Bool {
        try scalars.work.take()
        switch (a, b) {
        case (.quantity(let x), .quantity(let y)): return try areSame(x, y)
        case (.words(let x), .words(let y)):
            method = max(method, .text)
            return x == y
        case (.relation(let x), .relation(let y)): return try areSame(x, y)
        case (.relation(let relation), let other), (let other, .relation(let relation)):
            guard let value = relation.namedValue else { return false }
            if case .relation = a { return try areSame(value, other) }
            return try areSame(other, value)
        case (.list(let x, let isSet), .list(let y, let isOtherSet)):
            return try areSame(x, y, asSets: isSet || isOtherSet)
        case (.tuple(let x), .tuple(let y)): return try areSameInOrder(x, y)
        case (.tuple(let x), .list(let y, false)), (.list(let y, false), .tuple(let x)):
            return try areSameInOrder(x, y.map(\.unnamed))
        case (.matrix(let x), .matrix(let y)): return try areSame(x, y)
        case (.matrix(let rows), .tuple(let parts)), (.tuple(let parts), .matrix(let rows)):
            guard rows.count == 1 || rows.allSatisfy({ $0.count == 1 }) else { return false }
            return try areSameInOrder(rows.joined().map { .quantity(Quantity(expression: $0)) }, parts)
        case (.region(let x), .region(let y)): return try areSame(x, y)
        case (.region(let region), let other), (let other, .region(let region)):
            return try isSame(region, as: other)
        case (.list(let elements, _), let other), (let other, .list(let elements, _)):
            return elements.count == 1 ? try areSame(elements[0], other) : false
        default: return false
        }
    }

    private mutating func areSame(_ a: Expression, _ b: Expression) throws(MathFault) -> Bool {
        let verdict = try scalars.verdict(a, b)
        method = max(method, verdict.method)
        return verdict.isEqual
    }

    // MARK: Quantities

    private mutating func areSame(_ a: Quantity, _ b: Quantity) throws(MathFault) -> Bool {
        if let x = a.numeral ?? b.numeral {
            if let y = b.numeral, a.numeral != nil { return x.base == y.base ? x == y : a.expression == b.expression }
            // The base may be left away; the same number in base ten is another answer.
            let plain = a.numeral == nil ? a : b
            guard case .number(let value) = plain.expression, plain.unit == nil else { return false }
            return value.text == x.digits && x.base != 10 || x.base == 10 && a.expression == b.expression
        }
        // `5 m` is a product until it stands beside a length.
        if a.unit?.dimension != nil, let other = b.withUnit { return try areSame(a, other) }
        if b.unit?.dimension != nil, let other = a.withUnit { return try areSame(other, b) }
        let (x, y) = (a.unit, b.unit)
        if let x, let y, x.dimension != nil, y.dimension != nil {
            guard x.dimension == y.dimension else { return false }
            if x.factor == y.factor { return try areSame(a.expression, b.expression) }
            return try areSame(.product([a.expression, x.factor]), .product([b.expression, y.factor]))
        }
        // A unit that only one of them has may be left away; per cent and degrees are numbers as well.
        if try areSame(a.expression, b.expression) { return true }
        guard (x?.dimension == nil) != (y?.dimension == nil) else { return false }
        for (unit, isFirst) in [(x, true), (y, false)] {
            guard let unit, unit.dimension == "percent" || unit.dimension == "angle" else { continue }
            let scaled = Expression.product([isFirst ? a.expression : b.expression, unit.factor])
            return try areSame(scaled, isFirst ? b.expression : a.expression)
        }
        return false
    }

    // MARK: Several values

    private mutating func areSameInOrder(_ a: [MathValue], _ b: [MathValue]) throws(MathFault) -> Bool {
        guard a.count == b.count else { return false }
        for (x, y) in zip(a, b) where try !areSame(x, y) { return false }
        return true
    }

    /// Each has a partner of its own; in sets one partner serves equal elements.
    private mutating func areSame(_ a: [MathValue], _ b: [MathValue], asSets: Bool) throws(MathFault) -> Bool {
        if asSets {
            guard try holds(a, all: b) else { return false }
            return try holds(b, all: a)
        }
        guard a.count == b.count else { return false }
        var rest = b
        for x in a {
            var place: Int?
            for (index, y) in rest.enumerated() where try areSame(x, y) {
                place = index
                break
            }
            guard let place else { return false }
            rest.remove(at: place)
        }
        return true
    }

    private mutating func holds(_ a: [MathValue], all b: [MathValue]) throws(MathFault) -> Bool {
        for y in b {
            var isFound = false
            for x in a where try areSame(x, y) {
                isFound = true
                break
            }
            if !isFound { return false }
        }
        return true
    }

    private mutating func areSame(_ a: [[Expression]], _ b: [[Expression]]) throws(MathFault) -> Bool {
        guard a.count == b.count, a.first?.count == b.first?.count else { return false }
        for (x, y) in zip(a.joined(), b.joined()) where try !areSame(x, y) { return false }
        return true
    }

    // MARK: Regions

    private mutating func areSame(_ a: Region, _ b: Region) throws(MathFault) -> Bool {
        if let x = a.variable, let y = b.variable, x != y { return false }
        let (x, y) = (a.merged ?? a, b.merged ?? b)
        guard x.intervals.count == y.intervals.count else { return false }
        for (one, other) in zip(x.intervals, y.intervals) {
            guard one.includesLow == other.includesLow, one.includesHigh == other.includesHigh,
                try areSame(one.low, other.low), try areSame(one.high, other.high)
            else { return false }
        }
        return true
    }

    /// `(2, 4)` may be an interval, `[2, 4]` two numbers in order.
    private mutating func isSame(_ region: Region, as other: MathValue) throws(MathFault) -> Bool {
        switch other {
        case .tuple(let ends):
            guard ends.count == 2, case .quantity(let low) = ends[0], case .quantity(let high) = ends[1] else {
                return false
            }
            let open = Interval(
                low: low.expression, high: high.expression, includesLow: false, includesHigh: false)
            return try areSame(region, Region(variable: nil, intervals: [open]))
        case .list(let elements, let isSet):
            if isSet || elements.count != 2 {
                return region.points.isEmpty ? false : try areSame(region.points, elements, asSets: true)
            }
            guard region.intervals.count == 1, let interval = region.intervals.first, interval.includesLow,
                interval.includesHigh, region.variable == nil
            else { return false }
            let ends = [interval.low, interval.high].map { MathValue.quantity(Quantity(expression: $0)) }
            return try areSameInOrder(ends, elements)
        default: return false
        }
    }

    // MARK: Relations

    private mutating func areSame(_ a: Relation, _ b: Relation) throws(MathFault) -> Bool {
        guard a.mark == b.mark else { return false }
        guard case .expression(let left) = a.left, case .expression(let otherLeft) = b.left,
            case .quantity(let right) = a.right, case .quantity(let otherRight) = b.right
        else { return try areSame(a.right, b.right) }
        if left == otherLeft { return try areSame(right, otherRight) }
        let x = Expression.sum([left, right.expression.negated])
        let y = Expression.sum([otherLeft, otherRight.expression.negated])
        return try haveSameZeros(x, y, mayTurn: a.mark == "=" || a.mark == "≠")
    }

    /// One is the other times a number; a negative one turns inequalities.
    private mutating func haveSameZeros(_ a: Expression, _ b: Expression, mayTurn: Bool) throws(MathFault) -> Bool {
        let algebra = Algebra(work: scalars.work)
        let x = try algebra.withoutNegativePowers(algebra.canonical(a).top)
        let y = try algebra.withoutNegativePowers(algebra.canonical(b).top)
        if x.isZero, y.isZero { return true }
        guard let (monomial, value) = algebra.sorted(x).first, let other = y.terms[monomial] else { return false }
        let ratio = try other.times(value.inverse())
        if ratio.isNegative, !mayTurn { return false }
        method = max(method, .canonical)
        return try x.scaled(by: ratio) == y
    }
}

extension Quantity {
    /// A number times a letter that is a unit's.
    fileprivate var withUnit: Quantity? {
        guard unit == nil, case .product(let factors) = expression, factors.count == 2,
            case .number = factors[0], case .symbol(let name) = factors[1], let unit = MathUnits.known[name]
        else { return nil }
        return Quantity(expression: factors[0], unit: unit)
    }
}

extension Region {
    /// Its points, if it is nothing but points.
    var points: [MathValue] {
        let points = intervals.filter { $0.includesLow && $0.includesHigh && $0.low == $0.high }
        return points.count == intervals.count ? points.map { .quantity(Quantity(expression: $0.low)) } : []
    }
}

extension MathValue {
    /// The value of an equation that names it.
    var unnamed: MathValue { if case .relation(let relation) = self { relation.namedValue ?? self } else { self } }
}

extension Relation {
    /// The right side, if the left one is its name: `x`, `AB`, `m + n`, `f(x)`, words, or a computation.
    var namedValue: MathValue? {
        guard mark == "=" || mark == "≡" else { return nil }
        switch left {
        case .name: return right
        case .expression(let expression): return expression.isName || expression.variables.isEmpty ? right : nil
        }
    }
}

extension Expression {
    /// Variables, sums and products of them, and functions.
    fileprivate var isName: Bool {
        switch self {
        case .symbol, .call: true
        case .number(let value): value == Rational(-1)
        case .constant: true
        case .sum(let parts), .product(let parts): parts.allSatisfy(\.isName)
        case .power(let base, let exponent): base.isName && exponent == .integer(-1)
        }
    }
}
