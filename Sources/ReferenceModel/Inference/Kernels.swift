internal import CReferenceKernels

/// The kernels of one instruction set, for comparison.
enum Kernels {
    static let names = ["base", "avx2", "avx512"]

    /// `nil`: this machine does not have it.
    static func multiply(_ name: String, _ x: FloatBuffer, _ matrix: [Float], rows: Int, k: Int, n: Int) -> [Float]? {
        let (packed, out) = (FloatBuffer(k * n), FloatBuffer(rows * n))
        evalh_pack(matrix, packed.pointer, k, n, 0)
        guard evalh_multiply_with(name, x.pointer, packed.pointer, out.pointer, rows, k, n) != 0 else { return nil }
        return Array(UnsafeBufferPointer(start: out.pointer, count: rows * n))
    }
}
