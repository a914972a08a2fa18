/// Digits in groups: `1,234`, `1 234`, `12,34,567`, `1.234,56`.
extension NumberScanner {
    /// Digits with their thousands separators taken out.
    func wholePart(from start: Int) -> (String, Int) {
        let first = digits(from: start)
        if let grouped = grouped(start, first) { return grouped }
        return (text(start..<first), first)
    }

    private func grouped(_ start: Int, _ first: Int) -> (String, Int)? {
        guard (1...3).contains(first - start) else { return nil }
        for separator in [UInt8(ascii: ","), UInt8(ascii: "_"), UInt8(ascii: "'")] where byte(first) == separator {
            return western(start, first, width: 1) { self.byte($0) == separator }
                ?? (separator == UInt8(ascii: ",") ? indian(start, first) : nil)
        }
        if isFigureSpace(first) { return western(start, first, width: 3) { self.isFigureSpace($0) } }
        if isWhole, byte(first) == UInt8(ascii: " ") {
            return western(start, first, width: 1) { self.byte($0) == UInt8(ascii: " ") }
        }
        // Two points and groups of three: no decimal point can be meant.
        if byte(first) == UInt8(ascii: "."),
            let result = western(start, first, width: 1, { self.byte($0) == UInt8(ascii: ".") }),
            result.0.count >= 7
        {
            let groups = (result.0.count - (first - start)) / 3
            return groups >= 2 ? result : nil
        }
        return nil
    }

    private func western(_ start: Int, _ first: Int, width: Int, _ isSeparator: (Int) -> Bool) -> (String, Int)? {
        var result = text(start..<first)
        var end = first
        while isSeparator(end) {
            let next = digits(from: end + width)
            guard next - end - width == 3 else { break }
            result += text(end + width..<next)
            end = next
        }
        return end > first ? (result, end) : nil
    }

    /// 12,34,567: groups of two, then one of three.
    private func indian(_ start: Int, _ first: Int) -> (String, Int)? {
        guard first - start <= 2 else { return nil }
        var result = text(start..<first)
        var end = first
        var last = 0
        // A longer row is a list; counting bounds the work.
        var groups = 0
        while byte(end) == UInt8(ascii: ","), groups < 12 {
            groups += 1
            let next = digits(from: end + 1)
            last = next - end - 1
            guard last == 2 || last == 3 else { return nil }
            result += text(end + 1..<next)
            end = next
            if last == 3 { break }
        }
        return last == 3 ? (result, end) : nil
    }

    /// 1.234,56: points group, the comma is the decimal one.
    func europeanDecimals(from start: Int) -> (String, String, Int)? {
        let first = digits(from: start)
        guard (1...3).contains(first - start), byte(first) == UInt8(ascii: "."),
            let (whole, end) = western(start, first, width: 1, { self.byte($0) == UInt8(ascii: ".") }),
            byte(end) == UInt8(ascii: ",")
        else { return nil }
        let last = digits(from: end + 1)
        guard (1...2).contains(last - end - 1) else { return nil }
        return (whole, text(end + 1..<last), last)
    }
}
