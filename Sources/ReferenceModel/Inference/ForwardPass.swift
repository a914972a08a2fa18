internal import CReferenceKernels
internal import EvalhStatistics

/// One token of one sequence in a step.
struct PassRow {
    var cache: KeyValueCache
    var token: Int
    var position: Int
    var wantsLogits: Bool
    var exit = ExitPolicy.none
    /// Drawn from where the exit is sampled.
    var random = SplitMix64(seed: 0)
    /// Out: the layers the prediction is made from, 1 or more.
    var layersUsed = 0
    /// Out: multiply-adds of matrices as a share of a token's at full depth; heads of exits that were looked at count,
    /// attention's scores do not.
    var compute = 0.0
}

/// Runs rows of any sequences through a transformer together. Every number of a row depends on that row and its cache
/// only.
final class ForwardPass {
    static let rows = 64

    private let model: Transformer
    private let states, normalized, queryOut, keyValueOut, mixedIn, hidden, gathered, scores: FloatBuffer
    /// [row][vocabulary], of rows that wanted them.
    private let logitsBuffer: FloatBuffer
    private var survival = [Float](repeating: 1, count: ForwardPass.rows)
    private let probabilities: FloatBuffer

    init(_ model: Transformer) {
        self.model = model
        let (d, n) = (model.shape.width, Self.rows)
        (states, normalized, queryOut, mixedIn, gathered) = (
            FloatBuffer(n * d), FloatBuffer(n * d), FloatBuffer(n * d), FloatBuffer(n * d), FloatBuffer(n * d)
        )
        keyValueOut = FloatBuffer(n * 2 * d)
        hidden = FloatBuffer(n * model.shape.hidden)
        scores = FloatBuffer((model.context + 15) / 16 * 16)
        logitsBuffer = FloatBuffer(n * model.shape.vocabulary)
        probabilities = FloatBuffer(model.shape.vocabulary)
    }

    func logits(_ row: Int) -> UnsafeMutablePointer<Float> { logitsBuffer.pointer + row * model.shape.vocabulary }
    /// The state a row's prediction was made from.
    func state(_ row: Int) -> UnsafeMutablePointer<Float> { states.pointer + row * model.shape.width }

    /// A row's state after the layers it went through, normalised as for its logits.
    func withFinalState(_ row: Int, _ body: (UnsafePointer<Float>) -> Void) {
        let layer = model.layers[model.shape.layers - 1]
        evalh_normalize(state(row), layer.exitNorm, normalized.pointer, model.shape.width)
        body(normalized.pointer)
    }

    /// Rows of one sequence stand in the order of their positions, behind what its cache holds.
    func run(_ rows: inout [PassRow]) {
        precondition(rows.count <= Self.rows)
        let shape = model.shape
        let d = shape.width
        for (index, row) in rows.enumerated() {
            model.embed(row.token, into: state(index))
            survival[index] = 1
            rows[index].layersUsed = 0
            rows[index].compute = 0
        }
        var active = Array(rows.indices)
        for layer in 0..<shape.layers {
            let weights = model.layers[layer]
            // Keys and values of all rows: those of rows that have left come from the state they left with, so that
            // later tokens find them.
            for index in rows.indices {
                evalh_normalize(state(index), weights.attentionNorm, normalized.pointer + index * d, d)
            }
            evalh_multiply(
                normalized.pointer, d, weights.keyValue.pointer, keyValueOut.pointer, 2 * d, rows.count, d, 2 * d, 0)
            for (index, row) in rows.enumerated() {
                let source = keyValueOut.pointer + index * 2 * d
                model.rotate(source, position: row.position)
                (row.cache.keys(layer) + row.position * d).update(from: source, count: d)
                (row.cache.values(layer) + row.position * d).update(from: source + d, count: d)
            }
            guard !active.isEmpty else { continue }
            block(layer, weights, rows, active)
            leave(layer, &rows, &active)
        }
        for index in rows.indices where rows[index].wantsLogits {
            model.logits(
                state(index), layer: rows[index].layersUsed - 1, normalized: normalized.pointer, into: logits(index))
        }
        account(&rows)
    }

    /// Attention and feed-forward part of the rows that go on.
    private func block(_ layer: Int, _ weights: Transformer.Layer, _ rows: [PassRow], _ active: [Int]) {
        let shape = model.shape
        let (d, count) = (shape.width, active.count)
        for (place, index) in active.enumerated() {
            (gathered.pointer + place * d).update(from: normalized.pointer + index * d, count: d)
        }
        evalh_multiply(gathered.pointer, d, weights.query.pointer, queryOut.pointer, d, count, d, d, 0)
        for (place, index) in active.enumerated() {
            let row = rows[index]
            model.rotate(queryOut.pointer + place * d, position: row.position)
            evalh_attend(
                queryOut.pointer + place * d, row.cache.keys(layer), row.cache.values(layer),
                mixedIn.pointer + place * d, scores.pointer,
                shape.heads, shape.headSize, row.position + 1)
        }
        for (place, index) in active.enumerated() {
            (gathered.pointer + place * d).update(from: state(index), count: d)
        }
        evalh_multiply(mixedIn.pointer, d, weights.mixed.pointer, gathered.pointer, d, count, d, d, 1)
        for place in 0..<count {
            evalh_normalize(gathered.pointer + place * d, weights.feedNorm, mixedIn.pointer + place * d, d)
        }
        evalh_multiply(mixedIn.pointer, d, weights.up.pointer, hidden.pointer, shape.hidden, count, d, shape.hidden, 0)
        evalh_squared_relu(hidden.pointer, count * shape.hidden)
        evalh_multiply(
            hidden.pointer, shape.hidden, weights.down.pointer, gathered.pointer, d, count, shape.hidden, d, 1)
        for (place, index) in active.enumerated() { state(index).update(from: gathered.pointer + place * d, count: d) }
    }

    /// Takes the rows out of `active` whose prediction is made after `layer` (from 0).
    private func leave(_ layer: Int, _ rows: inout [PassRow], _ active: inout [Int]) {
        let isLast = layer == model.shape.layers - 1
        active.removeAll { index in
            rows[index].layersUsed = layer + 1
            return isLast || leaves(layer, index, &rows[index])
        }
    }

    private func leaves(_ layer: Int, _ index: Int, _ row: inout PassRow) -> Bool {
        switch row.exit {
        case .none: return false
        case .fixed(let last): return layer + 1 >= last
        case .confidence(let threshold):
            model.logits(state(index), layer: layer, normalized: gathered.pointer, into: probabilities.pointer)
            _ = evalh_softmax(probabilities.pointer, model.shape.vocabulary, 1)
            return (0..<model.shape.vocabulary).contains { Double(probabilities.pointer[$0]) >= threshold }
        case .lambdaQuantile(let q):
            survival[index] *= 1 - model.lambda(state(index), layer: layer, normalized: gathered.pointer)
            return Double(1 - survival[index]) > q
        case .lambdaSample:
            return row.random.unit() < Double(model.lambda(state(index), layer: layer, normalized: gathered.pointer))
        }
    }

    private func account(_ rows: inout [PassRow]) {
        let shape = model.shape
        let layer = Double(4 * shape.width * shape.width + 2 * shape.width * shape.hidden)
        let head = Double(shape.vocabulary * shape.width)
        let full = Double(shape.layers) * layer + head
        for index in rows.indices {
            let used = rows[index].layersUsed
            var work = Double(used) * layer + Double((shape.layers - used) * 2 * shape.width * shape.width) + head
            // The exits that were looked at on the way; the one taken is the head counted above.
            let looked = Double(min(used, shape.layers - 1))
            if case .confidence = rows[index].exit { work += (used < shape.layers ? looked - 1 : looked) * head }
            if rows[index].exit.readsLambda {
                work += looked * Double((shape.width + 1) * Transformer.HaltingHead.hidden)
            }
            rows[index].compute = work / full
        }
    }
}
