internal import CReferenceKernels
internal import Foundation

/// Predicts from the draft's state whether the target will accept its next token: residual blocks x + SiLU(W x + b),
/// then a linear map (SpecDec++, Huang et al. 2024, arXiv:2405.19715, §3.2).
final class AcceptanceHead {
    private let width: Int
    private let blocks: [(matrix: FloatBuffer, bias: UnsafeMutablePointer<Float>)]
    private let biases: FloatBuffer
    private let out: FloatBuffer
    private let outBias: Float
    private let x, y: FloatBuffer

    init?(_ file: ModelFile, width: Int) throws {
        guard file.has("accept_in") else { return nil }
        self.width = width
        let matrices = try file.floats("accept_in", [2, width, width])
        let biases = try file.floats("accept_bias", [2, width])
        self.biases = biases
        out = try file.floats("accept_out", [width])
        outBias = try file.floats("accept_out_bias", [1]).use { $0[0] }
        (x, y) = (FloatBuffer(width), FloatBuffer(width))
        blocks = matrices.use { matrices in
            (0..<2).map { block in
                let packed = FloatBuffer(width * width)
                evalh_pack(matrices + block * width * width, packed.pointer, width, width, 0)
                return (packed, biases.pointer + block * width)
            }
        }
    }

    /// In (0, 1). On one thread only.
    func probability(_ state: UnsafePointer<Float>) -> Double {
        evalh_normalize(state, nil, x.pointer, width)
        for block in blocks {
            evalh_multiply(x.pointer, width, block.matrix.pointer, y.pointer, width, 1, width, width, 0)
            for index in 0..<width {
                let value = y.pointer[index] + block.bias[index]
                x.pointer[index] += value / (1 + expf(-value))
            }
        }
        var logit = outBias
        for index in 0..<width { logit += x.pointer[index] * out.pointer[index] }
        return 1 / (1 + exp(-Double(logit)))
    }
}
