/// Answers as texts that `MathReader` reads again, equal where their canonical forms are.
struct CanonicalText {
    let work: Work

    func text(_ value: MathValue) throws(MathFault) -> String {
        switch value {
        case .quantity(let quantity): return try text(quantity)
        case .words(let words): return words
        case .tuple(let parts): return "(" + (try texts(parts)).joined(separator: ", ") + ")"
        case .list(let parts, let isSet):
            if isSet, parts.count == 1 { return try text(parts[0]) }
            var sorted = try texts(parts).sorted()
            if isSet { sorted = sorted.indices.filter { $0 == 0 || sorted[$0] != sorted[$0 - 1] }.map { sorted[$0] } }
            return isSet ? "{" + sorted.joined(separator: ", ") + "}" : sorted.joined(separator: ", ")
        case .matrix(let rows):
            var result: [String] = []
            for row in rows {
                var cells: [String] = []
                for cell in row { cells.append(try text(cell)) }
                result.append("[" + cells.joined(separator: ", ") + "]")
            }
            return "[" + result.joined(separator: ", ") + "]"
        case .region(let region): return try text(region.merged ?? region)
        case .relation(let relation): return try text(relation)
        }
    }

    private func texts(_ values: [MathValue]) throws(MathFault) -> [String] {
        var result: [String] = []
        for value in values { result.append(try text(value)) }
        return result
    }

    private func text(_ expression: Expression) throws(MathFault) -> String {
        if case .number(let value) = expression { return value.text }
        let algebra = Algebra(work: work)
        return algebra.text(of: try algebra.canonical(expression))
    }

    private func text(_ quantity: Quantity) throws(MathFault) -> String {
        if let numeral = quantity.numeral { return "\(numeral.digits)_{\(numeral.base)}" }
        let value = try text(quantity.expression)
        guard let unit = quantity.unit else { return value }
        if unit.text == "%" { return value + "%" }
        // Short words would be read as variables.
        let isPlain = unit.text.split(separator: " ").allSatisfy { $0.utf8.count >= 4 }
        return value + " " + (isPlain ? unit.text : "\\text{" + unit.text + "}")
    }

    private func text(_ region: Region) throws(MathFault) -> String {
        var parts: [String] = []
        for interval in region.intervals {
            let (low, high) = (try text(interval.low), try text(interval.high))
            if low == high {
                parts.append("\\{" + low + "\\}")
            } else {
                parts.append(
                    (interval.includesLow ? "[" : "(") + low + ", " + high + (interval.includesHigh ? "]" : ")"))
            }
        }
        return parts.joined(separator: " ∪ ")
    }

    private func text(_ relation: Relation) throws(MathFault) -> String {
        guard case .expression(let left) = relation.left, !left.variables.isEmpty || relation.mark != "=" else {
            return try text(relation.right)
        }
        if case .symbol = left { return try text(left) + " \(relation.mark) " + text(relation.right) }
        guard case .quantity(let right) = relation.right, relation.namedValue == nil else {
            return try text(left) + " \(relation.mark) " + text(relation.right)
        }
        let algebra = Algebra(work: work)
        let difference = try algebra.canonical(.sum([left, right.expression.negated])).top
        guard let leading = algebra.sorted(difference).first?.1 else { return "0 \(relation.mark) 0" }
        let scale = relation.mark == "=" ? try leading.inverse() : try leading.magnitude.inverse()
        return algebra.text(of: Quotient(top: try difference.scaled(by: scale))) + " \(relation.mark) 0"
    }
}
