internal import Completions
internal import JSON

/// Vectors of texts by an `embed` service, some requests at once.
struct CorpusEmbedder {
    /// Texts of one request, and requests at once.
    static let batch = 32
    static let window = 4

    let service: any HostService

    /// The vectors of texts, in their order.
    /// - Parameter dimensions: what they must have; `nil`: whatever the first one has.
    func vectors(of texts: [String], dimensions: Int?) throws(ModelFailure) -> [[Float]] {
        let batches = stride(from: 0, to: texts.count, by: Self.batch).map {
            Array(texts[$0..<min($0 + Self.batch, texts.count)])
        }
        let pending = batches.map { PendingAnswer(service, Self.payload($0)) }
        var vectors: [[Float]] = []
        for (batch, answer) in zip(batches, pending) {
            vectors += try Self.read(try answer.wait().get().value, count: batch.count, dimensions)
        }
        return vectors
    }

    static func payload(_ texts: [String]) -> JSONValue { .object([.init("texts", .strings(texts))]) }

    /// - Throws: `malformed` for what is no list of vectors of one length.
    static func read(_ value: JSONValue, count: Int, _ dimensions: Int?) throws(ModelFailure) -> [[Float]] {
        let vectors = (value["vectors"]?.elements ?? []).map { vector in
            (vector.elements ?? []).compactMap { $0.double.map(Float.init) }
        }
        let wanted = dimensions ?? vectors.first?.count ?? 0
        guard vectors.count == count, wanted > 0,
            vectors.allSatisfy({ $0.count == wanted && $0.allSatisfy(\.isFinite) })
        else {
            throw ModelFailure(
                kind: .malformed,
                message: "the embedder gave \(vectors.count) vectors of \(vectors.first?.count ?? 0) numbers for "
                    + "\(count) texts, where \(dimensions.map { "\($0) numbers each" } ?? "one each") were expected")
        }
        return vectors
    }
}
