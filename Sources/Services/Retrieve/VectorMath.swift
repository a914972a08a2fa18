/// Sums over vectors, in an order that does not depend on the machine.
enum VectorMath {
    /// The inner product of `count` floats.
    @inline(__always)
    static func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
        var sums = SIMD8<Float>(repeating: 0)
        let (first, second) = (UnsafeRawPointer(a), UnsafeRawPointer(b))
        var place = 0
        while place + 8 <= count {
            sums +=
                first.loadUnaligned(fromByteOffset: place * 4, as: SIMD8<Float>.self)
                * second.loadUnaligned(fromByteOffset: place * 4, as: SIMD8<Float>.self)
            place += 8
        }
        var sum = sums.sum()
        while place < count {
            sum += a[place] * b[place]
            place += 1
        }
        return sum
    }

    /// The same direction with length 1; of length 0 it stays.
    static func unit(_ vector: [Float]) -> [Float] {
        let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        return length > 0 ? vector.map { Float(Double($0) / length) } : vector
    }
}
