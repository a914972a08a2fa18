/// The embedded model, loaded: what the batch and the server need of it.
package final class ReferenceModel: Sendable {
    package let file: ModelFile
    package let vocabulary: Vocabulary
    let transformer: Transformer
    /// Tokens of prompt and completion together.
    package static let context = 256

    /// - Throws: `ModelFileError`.
    package init(path: String) throws {
        file = try ModelFile(path: path)
        vocabulary = Vocabulary(words: file.header.words)
        guard vocabulary.count <= file.header.reserved else {
            throw ModelFileError(path, "has more words than rows for them")
        }
        transformer = try Transformer(file, file.header.shape, context: Self.context)
    }

    package var shape: ModelFile.Shape { file.header.shape }
    package var layers: Int { file.header.shape.layers }
    package var hasHaltingHeads: Bool { !transformer.halting.isEmpty }
    package var hasDraft: Bool { file.header.draft != nil }
    /// Work of a token of the draft as a share of one of the model: multiply-adds of matrices.
    package var draftShare: Double {
        guard let draft = file.header.draft else { return 0 }
        func work(_ shape: ModelFile.Shape) -> Double {
            Double(
                shape.layers * (4 * shape.width * shape.width + 2 * shape.width * shape.hidden) + shape.vocabulary
                    * shape.width)
        }
        return work(draft) / work(shape)
    }
    /// Whether the reserved logits were trained.
    package var predicts: Bool { !file.header.lengths.isEmpty }

    /// Where the build keeps the weights that belong to it.
    package static var installedPath: String? { ModelResources.path }

    /// The logits after every position of a text, after each layer: [layer][position][vocabulary]. For comparison with
    /// the training's.
    package func allLogits(_ tokens: [Int]) -> [[[Float]]] {
        let cache = KeyValueCache(file.header.shape, capacity: tokens.count)
        let pass = ForwardPass(transformer)
        return withExtendedLifetime(pass) {
            (1...layers).map { layer in
                tokens.indices.map { position in
                    var rows = [
                        PassRow(
                            cache: cache, token: tokens[position], position: position, wantsLogits: true,
                            exit: .fixed(layer: layer))
                    ]
                    pass.run(&rows)
                    let logits = Array(UnsafeBufferPointer(start: pass.logits(0), count: file.header.shape.vocabulary))
                    // The cache must be that of full depth.
                    rows[0].exit = .none
                    pass.run(&rows)
                    return logits
                }
            }
        }
    }
}
