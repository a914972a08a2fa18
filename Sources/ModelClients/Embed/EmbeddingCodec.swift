package import Completions
internal import Foundation
internal import JSON

/// How vectors are asked for.
package struct EmbeddingOptions: Hashable, Sendable {
    package enum Interface: String, CaseIterable, Hashable, Sendable {
        /// `/v1/embeddings`.
        case openai
        /// `/embed` of text-embeddings-inference.
        case tei
    }

    package enum Encoding: String, CaseIterable, Hashable, Sendable {
        /// Lists of numbers.
        case float
        /// Little-endian 32-bit floats in base64, a third of the bytes.
        case base64
    }

    package var interface: Interface
    package var encoding: Encoding
    /// Sent as `dimensions`; `nil`: left out.
    package var dimensions: Int?

    package init(interface: Interface = .openai, encoding: Encoding = .float, dimensions: Int? = nil) {
        self.interface = interface
        self.encoding = encoding
        self.dimensions = dimensions
    }
}

/// Vectors in the order of their texts, all of one length.
package struct EmbeddingAnswer: Sendable {
    package var vectors: [[Float]]
    package var usage: TokenUsage

    package init(vectors: [[Float]], usage: TokenUsage) {
        self.vectors = vectors
        self.usage = usage
    }
}

/// Requests and answers of embedding servers.
enum EmbeddingCodec {
    /// Numbers of one vector at most.
    static let mostDimensions = 1 << 16

    static func encode(_ texts: [String], _ options: EmbeddingOptions, model: String, body: [WireOptions.Field])
        -> [UInt8]
    {
        var writer = JSONWriter(capacity: 256 + texts.reduce(0) { $0 + $1.utf8.count + 8 })
        writer.object { json in
            switch options.interface {
            case .openai:
                json.field("model", model)
                json.array("input") { json in for text in texts { json.add(text) } }
                json.field("encoding_format", options.encoding.rawValue)
                if let dimensions = options.dimensions { json.field("dimensions", dimensions) }
            case .tei:
                json.array("inputs") { json in for text in texts { json.add(text) } }
                // A text that is too long is an error, not another text.
                json.field("truncate", false)
                if let dimensions = options.dimensions { json.field("dimensions", dimensions) }
            }
            for field in body { json.field(field.name, json: field.json) }
        }
        return writer.bytes
    }

    /// - Throws: `malformed` unless there is one vector for each of `count` texts, all of one length and finite.
    static func read(_ bytes: [UInt8], count: Int) throws(ModelFailure) -> (vectors: [[Float]], usage: WireUsage?) {
        var found: [Int: [Float]] = [:]
        var usage: WireUsage?
        var told: WireError?
        do throws(JSONError) {
            var reader = JSONReader(bytes, .lenient)
            func keep(_ vector: [Float]?, at index: Int, _ reader: inout JSONReader) throws(JSONError) {
                guard (0..<count).contains(index) else { throw reader.error("there is no text \(index) of \(count)") }
                guard found[index] == nil else { throw reader.error("two vectors for text \(index)") }
                guard let vector else { throw reader.error("text \(index) has no vector") }
                found[index] = vector
            }
            if try reader.peek() == .array {
                var index = 0
                try reader.array { (reader) throws(JSONError) in
                    try keep(try vector(&reader), at: index, &reader)
                    index += 1
                }
            } else {
                try reader.object { (reader, key) throws(JSONError) in
                    switch key {
                    case "data":
                        var place = 0
                        try reader.array { (reader) throws(JSONError) in
                            let (index, vector) = try entry(&reader)
                            try keep(vector, at: index ?? place, &reader)
                            place += 1
                        }
                    case "usage": usage = try WireFields.usage(&reader)
                    case "error": told = try WireFields.error(&reader)
                    default: try reader.skip()
                    }
                }
            }
            try reader.finish()
        } catch {
            throw malformed("\(error.message), at byte \(error.offset) of \(bytes.count)")
        }
        if let told { throw FailureReader.failure(of: told, status: nil, spent: TokenUsage()) }
        var vectors: [[Float]] = []
        for index in 0..<count {
            guard let vector = found[index] else { throw malformed("text \(index) of \(count) has no vector") }
            guard !vector.isEmpty, vector.allSatisfy(\.isFinite) else {
                throw malformed("the vector of text \(index) is empty, or holds what is no number")
            }
            guard vector.count == vectors.first?.count ?? vector.count else {
                throw malformed("vectors of \(vectors[0].count) and of \(vector.count) numbers")
            }
            vectors.append(vector)
        }
        return (vectors, usage)
    }

    private static func malformed(_ what: String) -> ModelFailure {
        ModelFailure(
            kind: .malformed, message: CleanText.bounded("the answer makes no sense: \(what)"), isRetryable: true)
    }

    private static func entry(_ reader: inout JSONReader) throws(JSONError) -> (Int?, [Float]?) {
        var index: Int?
        var found: [Float]?
        try reader.object { (reader, key) throws(JSONError) in
            switch key {
            case "index": index = try reader.int()
            case "embedding": found = try vector(&reader)
            default: try reader.skip()
            }
        }
        return (index, found)
    }

    /// A list of numbers, or base64: servers answer in either, whatever they were asked for.
    private static func vector(_ reader: inout JSONReader) throws(JSONError) -> [Float]? {
        if try reader.peek() == .string {
            guard let text = try reader.string(), let data = Data(base64Encoded: text) else { return nil }
            guard data.count % 4 == 0, data.count / 4 <= mostDimensions else {
                throw reader.error("a vector in base64 holds whole 32-bit numbers, at most \(mostDimensions)")
            }
            let bytes = Array(data)
            return stride(from: 0, to: bytes.count, by: 4).map { place in
                let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
                return Float(bitPattern: bits)
            }
        }
        var numbers: [Float] = []
        let isList = try reader.array { (reader) throws(JSONError) in
            guard numbers.count < mostDimensions else {
                throw reader.error("a vector of more than \(mostDimensions) numbers")
            }
            numbers.append(Float(try reader.double() ?? .nan))
        }
        return isList ? numbers : nil
    }
}
