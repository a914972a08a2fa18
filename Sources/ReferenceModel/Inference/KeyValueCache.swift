/// Keys and values of one sequence, in every layer, up to a number of positions.
final class KeyValueCache: @unchecked Sendable {
    let capacity: Int
    private let width: Int
    private let layers: Int
    private let buffer: FloatBuffer

    init(_ shape: ModelFile.Shape, capacity: Int) {
        self.capacity = capacity
        width = shape.width
        layers = shape.layers
        buffer = FloatBuffer(2 * shape.layers * capacity * shape.width)
    }

    /// [position][width]
    func keys(_ layer: Int) -> UnsafeMutablePointer<Float> { buffer.pointer + 2 * layer * capacity * width }
    func values(_ layer: Int) -> UnsafeMutablePointer<Float> { buffer.pointer + (2 * layer + 1) * capacity * width }

    /// Takes over the first positions of another sequence.
    func copy(_ count: Int, from other: KeyValueCache) {
        for layer in 0..<layers {
            keys(layer).update(from: other.keys(layer), count: count * width)
            values(layer).update(from: other.values(layer), count: count * width)
        }
    }
}
