internal import Foundation
internal import ReferenceModel

/// What clients send to `/v1/embeddings`; keys it does not name are ignored.
struct EmbeddingBody: Decodable {
    var model: String?
    var input: EmbeddingInput?
    var encodingFormat: String?
    var dimensions: Int?
}

/// A text, several, or tokens in place of texts.
enum EmbeddingInput: Decodable {
    case texts([String])
    case tokens([[Int]])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .texts([text])
        } else if let texts = try? container.decode([String].self) {
            self = .texts(texts)
        } else if let tokens = try? container.decode([Int].self) {
            self = .tokens([tokens])
        } else {
            self = .tokens(try container.decode([[Int]].self))
        }
    }
}

/// A request for vectors that has been understood.
///
/// A vector is the mean of the final states of the mark of the user and the text's tokens, of unit length. The model
/// has learnt to solve word problems and not to tell texts apart: these vectors are there to try the way to them.
struct EmbeddingJob {
    static let mostTexts = 256

    var prompts: [[Int]]
    var isBase64: Bool
    /// Numbers of a vector: the first ones, brought to unit length again.
    var dimensions: Int

    /// - Throws: `APIError`.
    init(_ body: EmbeddingBody, model: ReferenceModel) throws {
        if let name = body.model, name != model.file.name, name != "default" {
            throw APIError(
                status: 404, message: "there is no model `\(name)` here, only `\(model.file.name)`", parameter: "model",
                code: "model_not_found")
        }
        switch body.input {
        case nil: throw APIError.bad("input", "`input` is missing")
        case .texts(let texts): prompts = texts.map { model.vocabulary.encode($0) }
        case .tokens(let lists): prompts = lists
        }
        guard (1...Self.mostTexts).contains(prompts.count) else {
            throw APIError.bad("input", "`input` takes from 1 to \(Self.mostTexts) texts")
        }
        for (index, tokens) in prompts.enumerated() {
            guard !tokens.isEmpty else { throw APIError.bad("input", "text \(index) of `input` is empty") }
            guard tokens.allSatisfy({ (0..<model.vocabulary.count).contains($0) }) else {
                throw APIError.bad("input", "tokens are numbers from 0 to \(model.vocabulary.count - 1)")
            }
            guard tokens.count < ReferenceModel.context else {
                throw APIError.bad(
                    "input", "text \(index) has \(tokens.count) tokens; the model takes \(ReferenceModel.context - 1)",
                    code: "context_length_exceeded")
            }
        }
        prompts = prompts.map { [Vocabulary.user] + $0 }
        let format = body.encodingFormat ?? "float"
        guard format == "float" || format == "base64" else {
            throw APIError.bad("encoding_format", "`encoding_format` is float or base64")
        }
        isBase64 = format == "base64"
        dimensions = body.dimensions ?? model.shape.width
        guard (1...model.shape.width).contains(dimensions) else {
            throw APIError.bad("dimensions", "`dimensions` must be from 1 to \(model.shape.width)")
        }
    }
}

/// What clients get.
struct EmbeddingReply: Encodable {
    enum Vector: Encodable {
        case float([Float])
        case base64(String)

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .float(let numbers): try container.encode(numbers)
            case .base64(let text): try container.encode(text)
            }
        }
    }

    struct Entry: Encodable {
        var object = "embedding"
        var index: Int
        var embedding: Vector
    }

    struct Usage: Encodable { var promptTokens, totalTokens: Int }

    var object = "list"
    var data: [Entry]
    var model: String
    var usage: Usage

    init(_ generations: [Generation], _ job: EmbeddingJob, _ model: ReferenceModel) {
        data = generations.enumerated().map { index, generation in
            let vector = Self.unit(generation.meanState.prefix(job.dimensions))
            let bytes = vector.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) } }
            return Entry(
                index: index, embedding: job.isBase64 ? .base64(Data(bytes).base64EncodedString()) : .float(vector))
        }
        let tokens = generations.reduce(0) { $0 + $1.request.prompt.count }
        self.model = model.file.name
        usage = Usage(promptTokens: tokens, totalTokens: tokens)
    }

    private static func unit(_ vector: some Collection<Float>) -> [Float] {
        let length = vector.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
        return vector.map { length > 0 ? Float(Double($0) / length) : 0 }
    }
}
