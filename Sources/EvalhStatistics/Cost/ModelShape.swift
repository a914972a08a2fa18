/// What the cost of a transformer's decoding depends on.
public struct ModelShape: Hashable, Sendable {
    /// Parameters used for a token: of a mixture of experts only the active ones.
    public var parameters: Double
    public var layers: Int
    /// Query heads of a layer.
    public var heads: Int
    /// Key-value heads of a layer; fewer than `heads` with grouped queries.
    public var keyValueHeads: Int
    /// Elements of a head.
    public var headDimension: Int
    /// Of the key-value cache: 2 for 16-bit numbers.
    public var bytesPerElement: Double
    /// Floating-point operations the machine could do in the time it moves one byte: what a byte counts. 562.5 for a B200, 4,500 TFLOPS
    /// over 8 TB/s.
    public var arithmeticIntensity: Double

    /// - Throws: `ModelShapeError` for what no model has.
    public init(
        parameters: Double, layers: Int, heads: Int, keyValueHeads: Int, headDimension: Int, bytesPerElement: Double = 2,
        arithmeticIntensity: Double = 562.5
    ) throws(ModelShapeError) {
        self.parameters = parameters
        self.layers = layers
        self.heads = heads
        self.keyValueHeads = keyValueHeads
        self.headDimension = headDimension
        self.bytesPerElement = bytesPerElement
        self.arithmeticIntensity = arithmeticIntensity
        try validate()
    }

    /// - Throws: `ModelShapeError` for the first member that no model has.
    public func validate() throws(ModelShapeError) {
        let counts: [(CodingKeys, Int)] = [
            (.layers, layers), (.heads, heads), (.keyValueHeads, keyValueHeads), (.headDimension, headDimension),
        ]
        for (key, count) in counts where !(1...1_000_000).contains(count) {
            throw ModelShapeError(key: key.rawValue, message: "must be from 1 to 1000000, not \(count)")
        }
        guard keyValueHeads <= heads, heads % keyValueHeads == 0 else {
            let message = "must divide \(CodingKeys.heads.rawValue), which is \(heads); it is \(keyValueHeads)"
            throw ModelShapeError(key: CodingKeys.keyValueHeads.rawValue, message: message)
        }
        let amounts: [(CodingKeys, Double, ClosedRange<Double>)] = [
            (.parameters, parameters, 1...1e18), (.bytesPerElement, bytesPerElement, 0.125...8),
            (.arithmeticIntensity, arithmeticIntensity, 0...1e9),
        ]
        for (key, amount, range) in amounts where !range.contains(amount) {
            throw ModelShapeError(key: key.rawValue, message: "must be from \(range.lowerBound) to \(range.upperBound), not \(amount)")
        }
    }
}

/// A model's shape that cannot be.
public struct ModelShapeError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The member's coded name, such as `kv_heads`.
    public var key: String
    /// For example "must be from 1 to 1000000, not 0".
    public var message: String

    public var description: String { "\(key) \(message)" }
}

extension ModelShape: Codable {
    enum CodingKeys: String, CodingKey {
        case parameters
        case layers
        case heads
        case keyValueHeads = "kv_heads"
        case headDimension = "head_dim"
        case bytesPerElement = "bytes_per_element"
        case arithmeticIntensity = "arithmetic_intensity"
    }

    /// `kv_heads` may be left out: as many as `heads`.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let heads = try values.decode(Int.self, forKey: .heads)
        try self.init(
            parameters: values.decode(Double.self, forKey: .parameters), layers: values.decode(Int.self, forKey: .layers), heads: heads,
            keyValueHeads: values.decodeIfPresent(Int.self, forKey: .keyValueHeads) ?? heads,
            headDimension: values.decode(Int.self, forKey: .headDimension),
            bytesPerElement: values.decodeIfPresent(Double.self, forKey: .bytesPerElement) ?? 2,
            arithmeticIntensity: values.decodeIfPresent(Double.self, forKey: .arithmeticIntensity) ?? 562.5)
    }
}
