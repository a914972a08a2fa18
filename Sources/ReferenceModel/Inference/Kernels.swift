internal import CReferenceKernels

/// The kernels of one instruction set, for comparison.
enum Kernels {
    static let names = ["base", "avx2", "avx512"]

    /// `nil`: this machine does not have it.
    static func multiply(_ name: String, _ x: FloatBuffer, _ matrix: [Float], rows: Int, k: Int, n: Int) -> [Float]? {
        let (packed, out) = (FloatBuffer(k * n), FloatBuffer(rows * n))
        return packed.use { packed in
            out.use { out in
                evalh_pack(matrix, packed, k, n, 0)
                guard evalh_multiply_with(name, x.pointer, packed, out, rows, k, n) != 0 else { return nil }
                return Array(UnsafeBufferPointer(start: out, count: rows * n))
            }
        }
    }
}
