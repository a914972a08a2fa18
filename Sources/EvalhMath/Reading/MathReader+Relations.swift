extension MathReader {
    private static let comparisons: [Unicode.Scalar] = ["<", ">", "≤", "≥", "≠"]

    /// Intervals, unions, inequalities in one variable; `nil`: none of these.
    mutating func region(_ tokens: ArraySlice<MathToken>, sign: Int) throws(MathFault) -> Region? {
        if split(tokens, where: { $0.is("=") }).count > 1 { return nil }
        let membership = split(tokens) { $0.is("∈") }
        if membership.count == 2, let name = variable(membership[0]) {
            guard var region = try unionPart(membership[1], sign: sign) else { return nil }
            region.variable = name
            return region
        }
        let removed = split(tokens) { $0.is("∖") || $0.text == "except" }
        if removed.count == 2, let whole = try unionPart(removed[0], sign: sign) {
            let points = try answer(removed[1])
            let list: [MathValue] = if case .list(let list, _) = points { list } else { [points] }
            return try whole.without(list)
        }
        let parts = split(tokens) { $0.is("∪") || $0.name == "U" && $0.isSpaced }
        if parts.count > 1 {
            if parts.count > Self.maximumElements { throw .tooLarge }
            var region = Region(variable: nil, intervals: [])
            for part in parts {
                guard let more = try unionPart(part, sign: sign) else { return nil }
                region.intervals += more.intervals
                region.variable = region.variable ?? more.variable
            }
            return region
        }
        if tokens.count == 1, tokens.first?.name == "Reals" { return Region(variable: nil, intervals: [Region.all]) }
        if let interval = try interval(tokens, sign: sign, isPart: false) {
            return Region(variable: nil, intervals: [interval])
        }
        return try inequality(tokens, sign: sign)
    }

    /// In a union `(0,9)` is an interval, and `{3}` a point.
    private mutating func unionPart(_ tokens: ArraySlice<MathToken>, sign: Int) throws(MathFault) -> Region? {
        if let interval = try interval(tokens, sign: sign, isPart: true) {
            return Region(variable: nil, intervals: [interval])
        }
        if tokens.first?.is("⦃") == true, closes(tokens) {
            let points = try answer(tokens.dropFirst().dropLast())
            let list: [MathValue] = if case .list(let list, _) = points { list } else { [points] }
            var intervals: [Interval] = []
            for point in list {
                guard case .quantity(let quantity) = point else { return nil }
                intervals.append(.point(quantity.expression))
            }
            return Region(variable: nil, intervals: intervals)
        }
        return try region(tokens, sign: sign)
    }

    /// Two ends in brackets. Two round ones are a point, unless an end is infinite or it is part of a union.
    private func interval(_ tokens: ArraySlice<MathToken>, sign: Int, isPart: Bool) throws(MathFault) -> Interval? {
        guard tokens.count >= 5, let first = tokens.first, let last = tokens.last, first.is("(") || first.is("["),
            last.is(")") || last.is("]"), closes(tokens)
        else { return nil }
        let ends = split(tokens.dropFirst().dropLast()) { $0.is(",") || $0.is(";") }
        // Brackets in brackets are a matrix.
        guard ends.count == 2, ends[0].first?.is("[") == false else { return nil }
        let isRound = first.is("(") && last.is(")")
        let isInfinite = tokens.contains { $0.is("∞") || $0.name.flatMap { MathNames.constants[$0] } == .infinity }
        if isRound, !isPart, !isInfinite { return nil }
        guard let low = try? MathParser.expression(ends[0], sign: sign),
            let high = try? MathParser.expression(ends[1], sign: sign)
        else { return nil }
        return Interval(low: low, high: high, includesLow: first.is("["), includesHigh: last.is("]"))
    }

    /// `a < x ≤ b`, `x > a`, `x ≠ a`.
    private func inequality(_ tokens: ArraySlice<MathToken>, sign: Int) throws(MathFault) -> Region? {
        var marks: [Unicode.Scalar] = []
        let sides = split(tokens) { token in
            guard case .mark(let mark) = token.kind, Self.comparisons.contains(mark) else { return false }
            marks.append(mark)
            return true
        }
        guard marks.count == sides.count - 1, 1...2 ~= marks.count else { return nil }
        let infinity = Expression.constant(.infinity)
        if marks.count == 2 {
            guard let name = variable(sides[1]) else { return nil }
            var (first, last) = (sides[0], sides[2])
            if marks[0] == ">" || marks[0] == "≥" {
                (first, last) = (last, first)
                marks.swapAt(0, 1)
                marks = marks.map { $0 == ">" ? "<" : $0 == "≥" ? "≤" : "≠" }
            }
            guard marks.allSatisfy({ $0 == "<" || $0 == "≤" }) else { return nil }
            let interval = Interval(
                low: try MathParser.expression(first, sign: sign), high: try MathParser.expression(last, sign: sign),
                includesLow: marks[0] == "≤", includesHigh: marks[1] == "≤")
            return Region(variable: name, intervals: [interval])
        }
        var mark = marks[0]
        var (name, bound) = (variable(sides[0]), sides[1])
        if name == nil {
            (name, bound) = (variable(sides[1]), sides[0])
            mark = mark == "<" ? ">" : mark == ">" ? "<" : mark == "≤" ? "≥" : mark == "≥" ? "≤" : mark
        }
        guard let name, let value = try? quantity(bound, sign: sign).expression, !value.mentions(name) else {
            return nil
        }
        if mark == "≠" {
            return try Region(variable: name, intervals: [Region.all])
                .without([.quantity(Quantity(expression: value))])
        }
        let isAbove = mark == ">" || mark == "≥"
        let isClosed = mark == "≤" || mark == "≥"
        return Region(
            variable: name,
            intervals: [
                Interval(
                    low: isAbove ? value : infinity.negated, high: isAbove ? infinity : value,
                    includesLow: isAbove && isClosed, includesHigh: !isAbove && isClosed)
            ])
    }

    /// The name of a variable, if it is nothing else.
    private func variable(_ tokens: ArraySlice<MathToken>) -> String? {
        guard tokens.count <= 4, tokens.first?.name != nil, !tokens.contains(where: { $0.is("*") }),
            case .symbol(let name)? = try? MathParser.expression(tokens)
        else { return nil }
        return name
    }

    // MARK: Relations

    /// An equation, a chain of them, or an inequality that is not solved.
    mutating func relation(_ tokens: ArraySlice<MathToken>, sign: Int) throws(MathFault) -> MathValue? {
        // What is only about equal follows what is exact.
        let exact = split(tokens) { $0.is("≈") }
        if exact.count > 1 {
            let isName = variable(exact[0]) != nil
            return try element(exact[isName ? 1 : 0])
        }
        let implied = split(tokens) { $0.is("→") }
        if implied.count > 1, let last = implied.last { return try element(last) }
        for mark in ["=", "∈", "≡"] as [Unicode.Scalar] {
            let sides = split(tokens) { $0.is(mark) }
            guard sides.count > 1, let left = sides.first, let right = sides.last else { continue }
            let value = try element(right, sign: sign)
            return .relation(Relation(mark: mark == "∈" ? "=" : mark, left: side(left, sign: sign), right: value))
        }
        var found: Unicode.Scalar?
        let sides = split(tokens) { token in
            guard case .mark(let mark) = token.kind, Self.comparisons.contains(mark) else { return false }
            found = mark
            return true
        }
        guard let found, sides.count == 2 else {
            if found != nil { throw .notRead }
            return nil
        }
        let isTurned = found == ">" || found == "≥"
        let (left, right) = isTurned ? (sides[1], sides[0]) : (sides[0], sides[1])
        return .relation(
            Relation(
                mark: found == ">" ? "<" : found == "≥" ? "≤" : found,
                left: .expression(try MathParser.expression(left, sign: sign)),
                right: .quantity(Quantity(expression: try MathParser.expression(right, sign: sign)))))
    }

    private func side(_ tokens: ArraySlice<MathToken>, sign: Int) -> Relation.Side {
        if let expression = try? MathParser.expression(tokens, sign: sign) { return .expression(expression) }
        let text = tokens.map { token in
            switch token.kind {
            case .number(let numeral): numeral.whole
            case .name(let name): name
            case .text(let text): MathWords.canonical(text)
            case .mark(let mark): String(mark)
            }
        }
        return .name(text.joined())
    }
}

extension Expression {
    func mentions(_ name: String) -> Bool {
        switch self {
        case .number, .constant: false
        case .symbol(let symbol): symbol == name
        case .sum(let parts), .product(let parts), .call(_, let parts): parts.contains { $0.mentions(name) }
        case .power(let base, let exponent): base.mentions(name) || exponent.mentions(name)
        }
    }
}
