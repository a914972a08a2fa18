/// What equivalent floating-point operations depend on: a transformer's size and shape.
public struct ModelShape: Codable, Hashable, Sendable {
    /// Parameters that take part in a token, such as 8.19e9.
    public var parameters: Double
    public var layers: Int
    /// Query heads a layer.
    public var heads: Int
    /// Key and value heads a layer.
    public var kvHeads: Int
    /// Elements of a head.
    public var headSize: Int
    /// Bytes of a cached element: 2 for 16-bit numbers.
    public var bytes: Double
    /// Floating-point operations that a device does while it reads one byte of memory: 562.5 on a B200 (4,500 TFLOP/s
    /// by 8 TB/s).
    public var intensity: Double

    public init(
        parameters: Double, layers: Int, heads: Int, kvHeads: Int, headSize: Int, bytes: Double = 2,
        intensity: Double = 562.5
    ) {
        self.parameters = parameters
        self.layers = layers
        self.heads = heads
        self.kvHeads = kvHeads
        self.headSize = headSize
        self.bytes = bytes
        self.intensity = intensity
    }
}
