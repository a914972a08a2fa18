package import Completions

extension ModelEndpoint {
    /// Asks for the vectors of texts in one request.
    /// - Parameters:
    ///   - texts: None of them empty.
    ///   - done: Called once, from any thread; after a cancel it may be left out.
    /// - Returns: ends the request early.
    package func embed(
        _ texts: [String], _ options: EmbeddingOptions, priority: Int = 0,
        done: @escaping @Sendable (Result<EmbeddingAnswer, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        let wire = configuration.wireOptions(address)
        let body = EmbeddingCodec.encode(texts, options, model: wire.model, body: wire.body)
        let url =
            options.interface == .tei
            ? address.serviceURL("/embed") : address.url("/embeddings", addsVersion: wire.isLlama)
        let count = texts.count
        let bytes = texts.reduce(0) { $0 + $1.utf8.count }
        return single(
            exchange(.post, url, body: body, priority: priority),
            read: { answer in
                Result { () throws(ModelFailure) in
                    let (vectors, usage) = try EmbeddingCodec.read(answer, count: count)
                    let counted = TokenUsage(
                        requests: 1, promptTokens: usage?.promptTokens ?? TokenEstimate.tokens(bytes: bytes),
                        cachedPromptTokens: usage?.cachedTokens ?? 0)
                    return EmbeddingAnswer(vectors: vectors, usage: counted)
                }
            }, done: done)
    }
}
