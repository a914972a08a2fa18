/// Takes whole numbers apart, as far as it is cheap: a factor beyond 2^32 that is left may be no prime.
enum PrimeFactors {
    private static let bound: UInt = 1 << 16

    /// `number` is positive.
    static func of(_ number: Integer, work: Work) throws(MathFault) -> [(prime: Integer, count: Int)] {
        if number.isOne { return [] }
        if number.limbs.count > 1 { return try ofLarge(number, work: work) }
        var rest = number.limbs.first ?? 1
        var result: [(Integer, Int)] = []
        var divisor: UInt = 2
        while divisor <= bound, divisor * divisor <= rest {
            var count = 0
            while rest % divisor == 0 {
                rest /= divisor
                count += 1
            }
            if count > 0 { result.append((Integer(Int(divisor)), count)) }
            divisor += divisor == 2 ? 1 : 2
        }
        try work.take(Int(divisor / 16))
        if rest > 1 { result += try remaining(rest) }
        return result
    }

    private static func remaining(_ rest: UInt) throws(MathFault) -> [(Integer, Int)] {
        let root = UInt(Double(rest).squareRoot().rounded())
        if root < 1 << 32, root * root == rest { return [(Integer(Int(root)), 2)] }
        return [(try Integer(isNegative: false, limbs: [rest]), 1)]
    }

    private static func ofLarge(_ number: Integer, work: Work) throws(MathFault) -> [(prime: Integer, count: Int)] {
        var rest = number
        var result: [(Integer, Int)] = []
        for prime in [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47] {
            var count = 0
            while true {
                try work.take(rest.limbs.count)
                let (quotient, remainder) = try rest.divided(by: Integer(prime))
                guard remainder.isZero else { break }
                rest = quotient
                count += 1
            }
            if count > 0 { result.append((Integer(prime), count)) }
        }
        if rest.limbs.count == 1 { return result + (try of(rest, work: work)) }
        return rest.isOne ? result : result + [(rest, 1)]
    }
}
