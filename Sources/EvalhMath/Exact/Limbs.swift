/// Arithmetic of magnitudes, least limb first.
enum Limbs {
    static func isLess(_ a: [UInt], _ b: [UInt]) -> Bool {
        if a.count != b.count { return a.count < b.count }
        for index in a.indices.reversed() where a[index] != b[index] { return a[index] < b[index] }
        return false
    }

    static func sum(_ a: [UInt], _ b: [UInt]) -> [UInt] {
        let (long, short) = a.count < b.count ? (b, a) : (a, b)
        var result = long
        var carry: UInt = 0
        for index in long.indices {
            if index >= short.count, carry == 0 { break }
            let (first, overflow) = long[index].addingReportingOverflow(index < short.count ? short[index] : 0)
            let (second, again) = first.addingReportingOverflow(carry)
            result[index] = second
            carry = overflow || again ? 1 : 0
        }
        if carry > 0 { result.append(carry) }
        return result
    }

    /// `b` is no larger than `a`.
    static func difference(_ a: [UInt], _ b: [UInt]) -> [UInt] {
        var result = a
        var borrow: UInt = 0
        for index in a.indices {
            if index >= b.count, borrow == 0 { break }
            let (first, overflow) = a[index].subtractingReportingOverflow(index < b.count ? b[index] : 0)
            let (second, again) = first.subtractingReportingOverflow(borrow)
            result[index] = second
            borrow = overflow || again ? 1 : 0
        }
        return result
    }

    static func product(_ a: [UInt], _ b: [UInt]) -> [UInt] {
        if a.isEmpty || b.isEmpty { return [] }
        var result = [UInt](repeating: 0, count: a.count + b.count)
        for i in a.indices {
            var carry: UInt = 0
            for j in b.indices {
                let (high, low) = a[i].multipliedFullWidth(by: b[j])
                let (first, overflow) = low.addingReportingOverflow(result[i + j])
                let (second, again) = first.addingReportingOverflow(carry)
                result[i + j] = second
                carry = high + (overflow ? 1 : 0) + (again ? 1 : 0)
            }
            result[i + b.count] = carry
        }
        return result
    }

    /// Divides in place; the remainder.
    static func divide(_ a: inout [UInt], by divisor: UInt) -> UInt {
        var remainder: UInt = 0
        for index in a.indices.reversed() {
            (a[index], remainder) = divisor.dividingFullWidth((remainder, a[index]))
        }
        return remainder
    }

    /// Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D. `b` is not zero.
    static func division(_ a: [UInt], _ b: [UInt]) -> (quotient: [UInt], remainder: [UInt]) {
        if isLess(a, b) { return ([], a) }
        if b.count == 1 {
            var quotient = a
            let remainder = divide(&quotient, by: b[0])
            return (quotient, [remainder])
        }
        let shift = b[b.count - 1].leadingZeroBitCount
        let divisor = shifted(b, by: shift)
        var rest = shifted(a, by: shift)
        if rest.count == a.count { rest.append(0) }
        let size = b.count
        var quotient = [UInt](repeating: 0, count: rest.count - size)
        for place in quotient.indices.reversed() {
            let digit = quotientDigit(rest, at: place, divisor)
            quotient[place] = subtract(divisor, times: digit, from: &rest, at: place)
        }
        var remainder = Array(rest.prefix(size))
        if shift > 0 {
            for index in remainder.indices {
                let above = index + 1 < size ? remainder[index + 1] : 0
                remainder[index] = remainder[index] >> UInt(shift) | above << UInt(64 - shift)
            }
        }
        return (quotient, remainder)
    }

    private static func shifted(_ a: [UInt], by shift: Int) -> [UInt] {
        if shift == 0 { return a }
        var result = a
        var carry: UInt = 0
        for index in a.indices {
            result[index] = a[index] << UInt(shift) | carry
            carry = a[index] >> UInt(64 - shift)
        }
        if carry > 0 { result.append(carry) }
        return result
    }

    /// At most one too large.
    private static func quotientDigit(_ rest: [UInt], at place: Int, _ divisor: [UInt]) -> UInt {
        let size = divisor.count
        let (top, second) = (divisor[size - 1], divisor[size - 2])
        let (high, middle, low) = (rest[place + size], rest[place + size - 1], rest[place + size - 2])
        var (digit, remainder): (UInt, UInt) = (.max, 0)
        if high < top {
            (digit, remainder) = top.dividingFullWidth((high, middle))
        } else {
            let (sum, overflow) = middle.addingReportingOverflow(top)
            if overflow { return digit }
            remainder = sum
        }
        while true {
            let (productHigh, productLow) = digit.multipliedFullWidth(by: second)
            guard productHigh > remainder || productHigh == remainder && productLow > low else { return digit }
            digit -= 1
            let (sum, overflow) = remainder.addingReportingOverflow(top)
            if overflow { return digit }
            remainder = sum
        }
    }

    /// The digit that it was in truth.
    private static func subtract(_ divisor: [UInt], times digit: UInt, from rest: inout [UInt], at place: Int) -> UInt {
        var borrow: UInt = 0
        var carry: UInt = 0
        for index in 0...divisor.count {
            let (high, low) = (index < divisor.count ? divisor[index] : 0).multipliedFullWidth(by: digit)
            let (product, over) = low.addingReportingOverflow(carry)
            carry = high + (over ? 1 : 0)
            let (first, overflow) = rest[place + index].subtractingReportingOverflow(product)
            let (second, again) = first.subtractingReportingOverflow(borrow)
            rest[place + index] = second
            borrow = (overflow ? 1 : 0) + (again ? 1 : 0)
        }
        if borrow == 0 { return digit }
        var up: UInt = 0
        for index in 0...divisor.count {
            let (first, overflow) =
                rest[place + index].addingReportingOverflow(index < divisor.count ? divisor[index] : 0)
            let (second, again) = first.addingReportingOverflow(up)
            rest[place + index] = second
            up = overflow || again ? 1 : 0
        }
        return digit - 1
    }
}
