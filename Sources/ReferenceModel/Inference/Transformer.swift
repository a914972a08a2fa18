internal import CReferenceKernels
internal import Foundation

/// A transformer's numbers, packed for the kernels, and what they compute.
///
/// Pre-norm blocks with RMSNorm, rotary positions and squared ReLU, no biases; one embedding for input and for the
/// logits after every layer.
final class Transformer: @unchecked Sendable {
    struct Layer {
        var attentionNorm, feedNorm, exitNorm: UnsafeMutablePointer<Float>
        var query, keyValue, mixed, up, down: FloatBuffer
    }

    /// λ = σ(relu(x · first + firstBias) · second + secondBias) on the normalised state.
    struct HaltingHead {
        var first: FloatBuffer
        var firstBias, second: UnsafeMutablePointer<Float>
        var secondBias: Float
        static let hidden = 32
    }

    let shape: ModelFile.Shape
    let layers: [Layer]
    /// Empty: the model has none.
    let halting: [HaltingHead]
    private let embedding: FloatBuffer
    private let head: FloatBuffer
    private let norms: [FloatBuffer]
    private let haltingParts: [FloatBuffer]
    private let cosine: FloatBuffer
    private let sine: FloatBuffer
    /// Positions at most.
    let context: Int

    init(_ file: ModelFile, _ shape: ModelFile.Shape, prefix: String = "", context: Int) throws {
        self.shape = shape
        self.context = context
        let (L, d, f) = (shape.layers, shape.width, shape.hidden)
        embedding = try file.floats(prefix + "embedding", [shape.vocabulary, d])
        head = FloatBuffer(shape.vocabulary * d)
        evalh_pack(embedding.pointer, head.pointer, d, shape.vocabulary, 1)
        let qkv = try file.floats(prefix + "qkv", [L, d, 3 * d])
        let mixed = try file.floats(prefix + "mixed", [L, d, d])
        let up = try file.floats(prefix + "up", [L, d, f])
        let down = try file.floats(prefix + "down", [L, f, d])
        norms = try ["attention_norm", "feed_norm", "exit_norm"].map { try file.floats(prefix + $0, [L, d]) }
        let norms = norms
        layers = (0..<L).map { layer in
            Layer(
                attentionNorm: norms[0].pointer + layer * d, feedNorm: norms[1].pointer + layer * d,
                exitNorm: norms[2].pointer + layer * d,
                query: Self.packed(qkv, at: layer * d * 3 * d, d, stride: 3 * d, columns: 0..<d),
                keyValue: Self.packed(qkv, at: layer * d * 3 * d, d, stride: 3 * d, columns: d..<3 * d),
                mixed: Self.packed(mixed, at: layer * d * d, d, stride: d, columns: 0..<d),
                up: Self.packed(up, at: layer * d * f, d, stride: f, columns: 0..<f),
                down: Self.packed(down, at: layer * f * d, f, stride: d, columns: 0..<d))
        }
        if file.has(prefix + "lambda_in") {
            let h = HaltingHead.hidden
            let first = try file.floats(prefix + "lambda_in", [L, d, h])
            let parts = [
                try file.floats(prefix + "lambda_bias", [L, h]), try file.floats(prefix + "lambda_out", [L, h]),
                try file.floats(prefix + "lambda_out_bias", [L]),
            ]
            haltingParts = parts
            halting = (0..<L).map { layer in
                let own = FloatBuffer(d * h)
                first.use { own.pointer.update(from: $0 + layer * d * h, count: d * h) }
                return HaltingHead(
                    first: own, firstBias: parts[0].pointer + layer * h, second: parts[1].pointer + layer * h,
                    secondBias: parts[2].pointer[layer])
            }
        } else {
            (haltingParts, halting) = ([], [])
        }
        let half = shape.headSize / 2
        (cosine, sine) = (FloatBuffer(context * half), FloatBuffer(context * half))
        for position in 0..<context {
            for index in 0..<half {
                // As the training does it: in 32 bits throughout.
                let angle = Float(position) * powf(10000, -Float(2 * index) / Float(shape.headSize))
                cosine.pointer[position * half + index] = cosf(angle)
                sine.pointer[position * half + index] = sinf(angle)
            }
        }
    }

    /// Rows from `offset` of a matrix, of each its `columns`, as the kernels want them.
    private static func packed(_ source: FloatBuffer, at offset: Int, _ rows: Int, stride: Int, columns: Range<Int>)
        -> FloatBuffer
    {
        let part = FloatBuffer(rows * columns.count)
        let result = FloatBuffer(part.count)
        source.use { source in
            part.use { part in
                for row in 0..<rows {
                    (part + row * columns.count).update(
                        from: source + offset + row * stride + columns.lowerBound, count: columns.count)
                }
                evalh_pack(part, result.pointer, rows, columns.count, 0)
            }
        }
        return result
    }

    /// √width · the token's row.
    func embed(_ token: Int, into out: UnsafeMutablePointer<Float>) {
        let scale = Float(shape.width).squareRoot()
        let row = embedding.pointer + token * shape.width
        for index in 0..<shape.width { out[index] = row[index] * scale }
    }

    func rotate(_ row: UnsafeMutablePointer<Float>, position: Int) {
        let half = shape.headSize / 2
        evalh_rotate(row, cosine.pointer + position * half, sine.pointer + position * half, shape.heads, shape.headSize)
    }

    /// The logits of a state after `layer` (from 0).
    func logits(
        _ state: UnsafePointer<Float>, layer: Int, normalized: UnsafeMutablePointer<Float>,
        into out: UnsafeMutablePointer<Float>
    ) {
        evalh_normalize(state, layers[layer].exitNorm, normalized, shape.width)
        evalh_multiply(
            normalized, shape.width, head.pointer, out, shape.vocabulary, 1, shape.width, shape.vocabulary, 0)
    }

    /// λ of a state after `layer` (from 0), in (0, 1).
    func lambda(_ state: UnsafePointer<Float>, layer: Int, normalized: UnsafeMutablePointer<Float>) -> Float {
        let head = halting[layer]
        evalh_normalize(state, nil, normalized, shape.width)
        var logit = head.secondBias
        for unit in 0..<HaltingHead.hidden {
            var sum = head.firstBias[unit]
            for index in 0..<shape.width {
                sum += normalized[index] * head.first.pointer[index * HaltingHead.hidden + unit]
            }
            logit += max(0, sum) * head.second[unit]
        }
        return 1 / (1 + expf(-logit))
    }
}
