extension Session {
    /// Vectors of texts, by a service of kind "embed".
    ///
    /// - Parameters:
    ///   - texts: None of them empty; a service takes thousands in one call.
    ///   - service: A name under the suite's `services:`; `nil`: the first of kind "embed".
    ///   - priority: Higher first, among this session's requests.
    /// - Returns: A vector for each text, in order, all of one length. They have unit length where the model gives them
    ///   so; `Embeddings.cosine` does not rely on it.
    /// - Throws: As `call`; `Rejected` (unsupported) if the suite has no such service.
    public func embed(_ texts: [String], service: String? = nil, priority: Int = 0) async throws -> Embeddings {
        guard let name = service ?? self.service(ofKind: "embed")?.name else {
            throw Rejected(
                .unsupported, message: "the suite has no service of kind embed; add one under `services:`")
        }
        guard !texts.isEmpty else { return Embeddings(vectors: []) }
        let result = try await call(name, ["texts": .strings(texts)], priority: priority)
        let embeddings = try Embeddings(result)
        guard embeddings.vectors.count == texts.count else {
            throw RequestFailed(
                .server, message: "\(embeddings.vectors.count) vectors came for \(texts.count) texts")
        }
        return embeddings
    }
}

/// Vectors of texts.
public struct Embeddings: Hashable, Sendable {
    /// One a text, all of one length.
    public var vectors: [[Double]]
    /// What they cost.
    public var usage: Usage

    /// Vectors; for tests, as strategies get theirs from the session.
    public init(vectors: [[Double]], usage: Usage = Usage()) {
        self.vectors = vectors
        self.usage = usage
    }

    /// Reads what a service of kind "embed" answered.
    ///
    /// - Throws: `RequestFailed` if the service says that the call failed, or answered something else.
    public init(_ result: ServiceResult) throws {
        guard !result.isError, let lists = result.value["vectors"]?.elements else {
            throw RequestFailed(.server, message: result.value["error"]?.string ?? "the service gave no vectors")
        }
        vectors = lists.map { $0.elements?.compactMap(\.double) ?? [] }
        usage = result.usage
        guard Set(vectors.map(\.count)).count <= 1, vectors.allSatisfy({ !$0.isEmpty }) else {
            throw RequestFailed(.server, message: "the service gave vectors of different lengths")
        }
    }

    /// How alike two texts are: the cosine of the angle between their vectors, in [−1, 1]; 0 where one has no length.
    public func cosine(_ first: Int, _ second: Int) -> Double {
        let (a, b) = (vectors[first], vectors[second])
        let product = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        let length = (a.reduce(0) { $0 + $1 * $1 } * b.reduce(0) { $0 + $1 * $1 }).squareRoot()
        return length > 0 ? min(1, max(-1, product / length)) : 0
    }
}
