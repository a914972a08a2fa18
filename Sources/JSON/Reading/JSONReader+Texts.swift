extension JSONReader {
    /// The text that starts here, at its opening quotation mark.
    mutating func text() throws(JSONError) -> String {
        let opening = position
        let start = position + 1
        position = start
        guard try skipPlain() else { throw error("the text that begins here does not end", at: opening) }
        if bytes[position] == UInt8(ascii: "\"") {
            position += 1
            return try decoded(bytes[start..<position - 1], at: start)
        }
        var content = Array(bytes[start..<position])
        while bytes[position] != UInt8(ascii: "\"") {
            position += 1
            try escape(into: &content, opening)
            let plain = position
            guard try skipPlain() else { throw error("the text that begins here does not end", at: opening) }
            content.append(contentsOf: bytes[plain..<position])
        }
        position += 1
        return try decoded(content[...], at: opening)
    }

    /// Passes over the text that starts here; its escapes are not looked at.
    mutating func skipText() throws(JSONError) {
        let opening = position
        position += 1
        while try skipPlain() {
            if bytes[position] == UInt8(ascii: "\"") {
                position += 1
                return
            }
            position += 2
        }
        throw error("the text that begins here does not end", at: opening)
    }

    /// Goes on to the next quotation mark or backslash; `false` at the end of the bytes.
    private mutating func skipPlain() throws(JSONError) -> Bool {
        let (from, end) = (position, end)
        guard from < end else {
            position = end
            return false
        }
        let stop =
            rules.repairsTexts
            ? bytes.withUnsafeBufferPointer { JSONScan.quoteOrBackslash($0, from, end) }
            : bytes.withUnsafeBufferPointer { JSONScan.special($0, from, end) }
        position = stop
        guard stop < end else { return false }
        guard bytes[stop] >= 0x20 || rules.repairsTexts else {
            throw error("a control character inside of a text; write it as an escape")
        }
        return true
    }

    private func decoded(_ content: ArraySlice<UInt8>, at offset: Int) throws(JSONError) -> String {
        if rules.repairsTexts { return String(decoding: content, as: UTF8.self) }
        if let text = String(validating: content, as: UTF8.self) { return text }
        throw error("not UTF-8", at: offset + (JSONScan.validUTF8(content)))
    }

    /// `position` is after the backslash.
    private mutating func escape(into content: inout [UInt8], _ opening: Int) throws(JSONError) {
        guard position < end else { throw error("the text that begins here does not end", at: opening) }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "u"): content.append(contentsOf: String(Character(try escapedScalar())).utf8)
        default: throw error("unknown escape in a text", at: position - 2)
        }
    }

    /// The scalar of `\uXXXX`, `position` being after the `u`; two units that form a pair are joined.
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let unit = try hexUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        let before = position
        guard unit < 0xDC00, position + 1 < end, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        position += 2
        let low = try hexUnit()
        guard (0xDC00..<0xE000).contains(low) else {
            position = before
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func hexUnit() throws(JSONError) -> UInt32 {
        guard position + 4 <= end else { throw error("`\\u` needs four hexadecimal digits") }
        var unit: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt8
            switch bytes[position] {
            case let byte where (0x30...0x39).contains(byte): digit = byte - 0x30
            case let byte where (0x41...0x46).contains(byte): digit = byte - 0x41 + 10
            case let byte where (0x61...0x66).contains(byte): digit = byte - 0x61 + 10
            default: throw error("`\\u` needs four hexadecimal digits")
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }
}
