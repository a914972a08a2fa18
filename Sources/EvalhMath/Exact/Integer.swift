/// An integer of up to `maximumLimbs` × 64 bits; what would be larger throws.
struct Integer: Hashable, Comparable, Sendable {
    /// 8,192 bits, 2,466 decimal digits.
    static let maximumLimbs = 128
    static let zero = Integer(0)
    static let one = Integer(1)

    let isNegative: Bool
    /// Least first, without zeros at the end; none for zero.
    let limbs: [UInt]

    init(_ value: Int) {
        isNegative = value < 0
        limbs = value == 0 ? [] : [value.magnitude]
    }

    init(isNegative: Bool, limbs: [UInt]) throws(MathFault) {
        var limbs = limbs
        while limbs.last == 0 { limbs.removeLast() }
        if limbs.count > Self.maximumLimbs { throw .tooLarge }
        self.init(isNegative: isNegative && !limbs.isEmpty, trimmed: limbs)
    }

    private init(isNegative: Bool, trimmed: [UInt]) {
        self.isNegative = isNegative
        limbs = trimmed
    }

    /// Digits of a base up to 36 as values; each is less than the base.
    init(digits: some Sequence<UInt8>, base: UInt = 10) throws(MathFault) {
        var limbs: [UInt] = []
        for digit in digits {
            var carry = UInt(digit)
            for index in limbs.indices {
                let (high, low) = limbs[index].multipliedFullWidth(by: base)
                let (sum, overflow) = low.addingReportingOverflow(carry)
                limbs[index] = sum
                carry = high + (overflow ? 1 : 0)
            }
            if carry > 0 { limbs.append(carry) }
            if limbs.count > Self.maximumLimbs { throw .tooLarge }
        }
        try self.init(isNegative: false, limbs: limbs)
    }

    var isZero: Bool { limbs.isEmpty }
    var isOne: Bool { !isNegative && limbs.count == 1 && limbs[0] == 1 }
    var isEven: Bool { limbs.isEmpty || limbs[0] & 1 == 0 }
    var magnitude: Integer { Integer(isNegative: false, trimmed: limbs) }
    var negated: Integer { Integer(isNegative: !isNegative && !isZero, trimmed: limbs) }
    var bits: Int { limbs.last.map { limbs.count * 64 - $0.leadingZeroBitCount } ?? 0 }

    /// `nil`: it does not fit.
    var int: Int? {
        guard let first = limbs.first else { return 0 }
        guard limbs.count == 1, first <= UInt(Int.max) else { return nil }
        return isNegative ? -Int(first) : Int(first)
    }

    static func < (a: Integer, b: Integer) -> Bool {
        if a.isNegative != b.isNegative { return a.isNegative }
        return Limbs.isLess(a.isNegative ? b.limbs : a.limbs, a.isNegative ? a.limbs : b.limbs)
    }

    func adding(_ other: Integer) throws(MathFault) -> Integer {
        if isNegative == other.isNegative {
            return try Integer(isNegative: isNegative, limbs: Limbs.sum(limbs, other.limbs))
        }
        return Limbs.isLess(limbs, other.limbs)
            ? try Integer(isNegative: other.isNegative, limbs: Limbs.difference(other.limbs, limbs))
            : try Integer(isNegative: isNegative, limbs: Limbs.difference(limbs, other.limbs))
    }

    func times(_ other: Integer) throws(MathFault) -> Integer {
        try Integer(isNegative: isNegative != other.isNegative, limbs: Limbs.product(limbs, other.limbs))
    }

    /// Rounded towards zero; the remainder has the sign of `self`.
    func divided(by other: Integer) throws(MathFault) -> (quotient: Integer, remainder: Integer) {
        if other.isZero { throw .undefined }
        let (quotient, remainder) = Limbs.division(limbs, other.limbs)
        return (
            try Integer(isNegative: isNegative != other.isNegative, limbs: quotient),
            try Integer(isNegative: isNegative, limbs: remainder)
        )
    }

    func raised(to exponent: Int) throws(MathFault) -> Integer {
        if exponent == 0 { return .one }
        if bits > 1, exponent > Self.maximumLimbs * 64 / (bits - 1) { throw .tooLarge }
        var result = Integer.one
        var square = self
        var rest = exponent
        while true {
            if rest & 1 == 1 { result = try result.times(square) }
            rest >>= 1
            if rest == 0 { return result }
            square = try square.times(square)
        }
    }

    /// Never negative.
    static func commonDivisor(_ a: Integer, _ b: Integer) throws(MathFault) -> Integer {
        var (a, b) = (a.magnitude, b.magnitude)
        while !b.isZero {
            if a.limbs.count <= 1, b.limbs.count <= 1 {
                var (x, y) = (a.limbs.first ?? 0, b.limbs[0])
                while y != 0 { (x, y) = (y, x % y) }
                return Integer(isNegative: false, trimmed: [x])
            }
            (a, b) = (b, try a.divided(by: b).remainder)
        }
        return a
    }

    var digits: String {
        var groups: [String] = []
        var rest = limbs
        while !rest.isEmpty {
            let remainder = Limbs.divide(&rest, by: 1_000_000_000_000_000_000)
            while rest.last == 0 { rest.removeLast() }
            let group = String(remainder)
            groups.append(rest.isEmpty ? group : String(repeating: "0", count: 18 - group.utf8.count) + group)
        }
        return groups.isEmpty ? "0" : (isNegative ? "-" : "") + groups.reversed().joined()
    }
}
