/// Unsigned numbers as LEB128: seven bits a byte, lowest first, the eighth where more follow.
enum VariableNumber {
    static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The number at `place`, which moves behind it; `nil`: the bytes end before, or it has more than 32 bits.
    @inline(__always)
    static func read(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) -> UInt32? {
        var number: UInt32 = 0
        var shift: UInt32 = 0
        while place < bytes.count, shift < 35 {
            let byte = bytes[place]
            place += 1
            number |= UInt32(byte & 0x7F) << shift
            if byte < 0x80 { return number }
            shift += 7
        }
        return nil
    }
}
