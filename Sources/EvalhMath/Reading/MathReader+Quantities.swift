extension MathReader {
    /// A value with its unit before or behind it.
    func quantity(_ tokens: ArraySlice<MathToken>, sign: Int) throws(MathFault) -> Quantity {
        var tokens = tokens
        var unit: MathUnit?
        for index in tokens.indices.prefix(2) {
            guard case .mark(let mark) = tokens[index].kind, let money = MathUnits.money(mark) else { continue }
            unit = money
            tokens.remove(at: index)
            break
        }
        if let based = based(tokens) { return based }
        var multiple = 1
        if let place = unitPlace(tokens) {
            var words = unitWords(tokens[place...])
            tokens = tokens[..<place]
            if let first = words.first, let factor = MathUnits.multiples[first] {
                multiple = factor
                words.removeFirst()
            }
            if !words.isEmpty, unit == nil { unit = MathUnits.unit(of: words) }
            if tokens.last?.is("^") == true { throw .notRead }
        }
        if let last = tokens.last, last.is("%"), tokens.count > 1 {
            tokens.removeLast()
            unit = MathUnits.percent
        } else if let count = degreeMarks(tokens) {
            tokens.removeLast(count)
            unit = MathUnits.degrees
        }
        let expression = try MathParser.expression(tokens, sign: sign)
        return Quantity(
            expression: multiple == 1 ? expression : .product([expression, .integer(multiple)]), unit: unit)
    }

    /// How many tokens at the end are a degree sign, raised or not.
    private func degreeMarks(_ tokens: ArraySlice<MathToken>) -> Int? {
        // Of the sine of 30° the degrees are the argument's.
        let isComputed = tokens.dropLast(3).contains { token in
            token.is("°") || token.name.flatMap { MathFunction.names[$0] } != nil
        }
        if isComputed { return nil }
        let end = Array(tokens.suffix(4))
        if end.count == 4, end[0].is("^"), end[1].is("{"), end[2].is("°"), end[3].is("}") {
            return tokens.count > 4 ? 4 : nil
        }
        guard let last = end.last, last.is("°") else { return nil }
        let count = end.dropLast().last?.is("^") == true ? 2 : 1
        return tokens.count > count ? count : nil
    }

    /// Where a unit begins: words, and what belongs to words, up to the end.
    private func unitPlace(_ tokens: ArraySlice<MathToken>) -> Int? {
        var place: Int?
        var level = 0
        for index in tokens.indices {
            let token = tokens[index]
            if case .mark(let mark) = token.kind {
                if "([{⦃".unicodeScalars.contains(mark) { level += 1 }
                if ")]}⦄".unicodeScalars.contains(mark) { level -= 1 }
            }
            if place != nil {
                if !continuesUnit(token) { place = nil }
            } else if level == 0, index > tokens.startIndex {
                let isMoney = if case .mark(let mark) = token.kind { MathUnits.money(mark) != nil } else { false }
                if token.text != nil || isMoney { place = index }
            }
        }
        return place
    }

    private func continuesUnit(_ token: MathToken) -> Bool {
        switch token.kind {
        case .text: true
        case .name(let name): name.utf8.count == 1 || name == "in" || name == "pi"
        case .number(let numeral): numeral.isWhole && numeral.whole.utf8.count == 1
        case .mark(let mark): "^{}/*-()%'$,?:".unicodeScalars.contains(mark)
        }
    }

    private func unitWords(_ tokens: ArraySlice<MathToken>) -> [String] {
        var words: [String] = []
        var isPower = false
        for token in tokens {
            switch token.kind {
            case .text(let text):
                words += text.lowercased().split { $0 == " " || $0 == "." }.map(String.init)
            case .name(let name): words.append(name.lowercased())
            case .number(let numeral):
                words.append(isPower ? "^" + numeral.whole : numeral.whole)
                isPower = false
            case .mark("^"): isPower = true
            case .mark("/"): words.append("/")
            case .mark(let mark):
                if let money = MathUnits.money(mark) { words.append(money.text) }
            }
        }
        return words
    }

    // MARK: Other bases

    /// `52_8`, `1A_{16}`, `(52)_8`, `52 base 8`.
    private func based(_ tokens: ArraySlice<MathToken>) -> Quantity? {
        guard let mark = tokens.firstIndex(where: { $0.is("_") || $0.text?.lowercased().hasPrefix("base") == true }),
            mark > tokens.startIndex, let base = base(tokens[mark...])
        else { return nil }
        var digits = ""
        var isNegative = false
        for token in tokens[..<mark] {
            switch token.kind {
            case .number(let numeral) where numeral.isWhole: digits += numeral.whole
            case .name(let name) where name.utf8.count == 1 && !digits.isEmpty: digits += name.uppercased()
            case .mark("("), .mark(")"), .mark("{"), .mark("}"): continue
            case .mark("-") where digits.isEmpty: isNegative = true
            default: return nil
            }
        }
        let values = digits.utf8.map { $0 < 58 ? $0 - 48 : $0 - 55 }
        guard !values.isEmpty, values.allSatisfy({ $0 < base }), values.count <= 1000,
            let value = try? Integer(digits: values, base: UInt(base))
        else { return nil }
        return Quantity(
            expression: .number(Rational(isNegative ? value.negated : value)),
            numeral: BasedNumeral(digits: (isNegative ? "-" : "") + digits.drop { $0 == "0" }, base: base))
    }

    private func base(_ tokens: ArraySlice<MathToken>) -> Int? {
        var base: Int?
        for token in tokens {
            switch token.kind {
            case .number(let numeral): base = base == nil ? numeral.value?.int : 0
            case .text(let text):
                for word in text.lowercased().split(separator: " ") where word != "base" {
                    base = MathWords.number(String(word))
                }
            case .mark("_"), .mark("{"), .mark("}"), .mark("("), .mark(")"): continue
            default: return nil
            }
        }
        return base.flatMap { 2...36 ~= $0 ? $0 : nil }
    }

    // MARK: Matrices

    /// `\begin{pmatrix}…`, with a factor before it or not; `nil`: none.
    mutating func matrix(_ tokens: ArraySlice<MathToken>, sign: Int) throws(MathFault) -> MathValue? {
        guard let begin = tokens.firstIndex(where: { $0.name?.hasPrefix("begin:") == true }),
            let last = tokens.last?.name, last.hasPrefix("end:"), let kind = tokens[begin].name?.dropFirst(6)
        else { return try nestedRows(tokens, sign: sign) }
        let inner = tokens[(begin + 1)..<(tokens.endIndex - 1)]
        let rows = split(inner) { $0.is("⏎") }
        if rows.count > Self.maximumElements { throw .tooLarge }
        if !kind.hasSuffix("matrix") && kind != "array" {
            guard begin == tokens.startIndex else { throw .notRead }
            var elements: [MathValue] = []
            for row in rows { elements.append(try answer(row.filter { !$0.is("&") }[...])) }
            return MathValue.combined(elements)
        }
        if kind == "vmatrix" { throw .notRead }
        var factor: Expression?
        if begin > tokens.startIndex {
            var before = tokens[..<begin]
            if before.last?.is("*") == true { before.removeLast() }
            factor =
                before.count == 1 && before.first?.is("-") == true
                ? .integer(-1) : try MathParser.expression(before, sign: sign)
        }
        var result: [[Expression]] = []
        for row in rows {
            var cells: [Expression] = []
            for cell in split(row, where: { $0.is("&") }) {
                let value = try MathParser.expression(cell, sign: sign)
                cells.append(factor.map { .product([$0, value]) } ?? value)
            }
            result.append(cells)
        }
        if result.contains(where: { $0.count != result[0].count }) { throw .notRead }
        return .matrix(result)
    }

    /// `[[1, 2], [3, 4]]`.
    private func nestedRows(_ tokens: ArraySlice<MathToken>, sign: Int) throws(MathFault) -> MathValue? {
        guard let first = tokens.first, first.is("["), closes(tokens) else { return nil }
        let parts = split(tokens.dropFirst().dropLast()) { $0.is(",") }
        guard parts.allSatisfy({ $0.first?.is("[") == true && closes($0) }), parts.count <= Self.maximumElements else {
            return nil
        }
        var rows: [[Expression]] = []
        for part in parts {
            var cells: [Expression] = []
            for cell in split(part.dropFirst().dropLast(), where: { $0.is(",") }) {
                cells.append(try MathParser.expression(cell, sign: sign))
            }
            rows.append(cells)
        }
        if rows.contains(where: { $0.count != rows[0].count }) { throw .notRead }
        return .matrix(rows)
    }
}
