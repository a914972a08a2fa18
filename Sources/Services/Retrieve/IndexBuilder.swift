internal import Completions
internal import Files
internal import Foundation
internal import JSON
internal import SuiteModel

/// Makes the index of a corpus in one pass over it.
struct IndexBuilder {
    let settings: RetrieveSettings
    /// `nil`: without vectors.
    let embedder: CorpusEmbedder?
    let datasets: DatasetCache
    /// Told how far it is, for people.
    let progress: @Sendable (String) -> Void

    /// More is not looked for in the corpus after a mistake.
    struct Failure: Error {
        var message: String
    }

    private static let progressStep = 50_000
    /// Vectors of a list that centres are trained on.
    private static let trainedVectors = 32

    /// - Parameters:
    ///   - key: what the index is made of.
    ///   - digest: SHA-256 of the corpus.
    /// - Returns: where the index lies, without its last name.
    func build(key: String, digest: String, into folder: String) throws -> String {
        let path = folder + "/\(key).\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0...UInt32.max))"
        var writer = try IndexWriter(path: path)
        var state = try State(path: path, isByWords: settings.method == .bm25)
        let reader = try DatasetReader(settings.corpus, cache: datasets)
        try writer.begin(.documents)
        while let item = try reader.next() {
            try add(item, &state, &writer)
            if state.count % Self.progressStep == 0 { say("\(state.count) documents") }
        }
        try embed(&state)
        guard try reader.digest().file == digest else {
            throw Failure(message: "the corpus was changed while it was read: start the run again")
        }
        try writer.write(.documentStarts, state.documentStarts)
        try writer.write(.lengths, state.lengths)
        try state.postings.finish(into: &writer)
        let lists = try writeVectors(state, &writer)
        try writer.begin(.about)
        let about = JSONValue.object([
            .init("key", .string(key)), .init("documents", .integer(state.count)),
            .init("words", .integer(state.words)), .init("dimensions", .integer(state.dimensions ?? 0)),
            .init("lists", .integer(lists)),
        ])
        try writer.write(Array(about.text.utf8))
        try writer.finish()
        say("\(state.count) documents, done")
        return path
    }

    private func say(_ text: String) {
        progress("service '\(settings.name)': indexing \(settings.corpus.name): \(text)")
    }

    /// What grows while the corpus passes by.
    private struct State {
        var postings: PostingBuilder
        let vectors: WholeFile
        let isByWords: Bool
        var count = 0
        var words = 0
        var documentStarts: [UInt64] = [0]
        var lengths: [UInt32] = []
        var dimensions: Int?
        /// Texts whose vectors are still to be had.
        var texts: [String] = []
        /// Hashes of ids, so that no two documents have one.
        var ids: Set<Int> = []

        init(path: String, isByWords: Bool) throws(FileFailure) {
            postings = try PostingBuilder(path: path + ".words")
            vectors = try WholeFile(path + ".vectors", isSpool: true)
            self.isByWords = isByWords
        }
    }

    private func add(_ item: DatasetItem, _ state: inout State, _ writer: inout IndexWriter) throws {
        guard state.count < Int(UInt32.max) - 1 else { throw Failure(message: "the corpus has too many documents") }
        let idField = settings.corpus.idField ?? "id"
        let id = item.fields.value(at: idField)?.plainText ?? "\(state.count)"
        guard state.ids.insert(id.hashValue).inserted else {
            throw Failure(
                message: "\(place(of: item)): two documents have the id `\(id.prefix(64))`: name the field that tells "
                    + "them apart by `corpus: {id: …}`")
        }
        let hidden = [idField, settings.corpus.inputField]
        let fields = (item.fields.members ?? []).filter { !hidden.contains($0.key) }
        let kept = JSONValue.object([
            .init("id", .string(id)), .init("text", .string(item.input)), .init("fields", .object(fields)),
        ])
        let bytes = Array(kept.text.utf8)
        try writer.write(bytes)
        state.documentStarts.append((state.documentStarts.last ?? 0) + UInt64(bytes.count))
        if state.isByWords {
            let words = WordSplitter.words(item.input)
            try state.postings.add(words, document: UInt32(state.count))
            state.lengths.append(UInt32(words.count))
            state.words += words.count
        } else {
            state.lengths.append(0)
        }
        state.count += 1
        guard embedder != nil else { return }
        state.texts.append(item.input)
        if state.texts.count == CorpusEmbedder.batch * CorpusEmbedder.window { try embed(&state) }
    }

    private func place(of item: DatasetItem) -> String {
        if case .path(let path) = settings.corpus.location { return "\(path):\(item.line)" }
        return "\(settings.corpus.name):\(item.line)"
    }

    private func embed(_ state: inout State) throws {
        guard let embedder, !state.texts.isEmpty else { return }
        for vector in try embedder.vectors(of: state.texts, dimensions: state.dimensions) {
            state.dimensions = vector.count
            let kept = settings.metric == .cosine ? VectorMath.unit(vector) : vector
            try state.vectors.write(kept.withUnsafeBytes { Array($0) })
        }
        state.texts.removeAll(keepingCapacity: true)
        if state.count % 1024 == 0 { say("\(state.count) documents embedded") }
    }

    // MARK: Vectors

    /// - Returns: how many lists there are.
    private func writeVectors(_ state: State, _ writer: inout IndexWriter) throws -> Int {
        try writer.begin(.vectors)
        guard let dimensions = state.dimensions else { return 0 }
        let size = dimensions * 4
        let step = max(1, (1 << 20) / size)
        let lists = settings.lists.number(for: state.count)
        var trainer: CentreTrainer?
        if lists > 0 {
            say("\(lists) lists")
            trainer = try train(state, dimensions, lists)
        }
        var listOf: [UInt32] = []
        for first in stride(from: 0, to: state.count, by: step) {
            let bytes = try state.vectors.read(at: UInt64(first * size), count: min(step, state.count - first) * size)
            try writer.write(bytes)
            guard let trainer else { continue }
            bytes.withUnsafeBytes { bytes in
                let floats = bytes.bindMemory(to: Float.self)
                for place in 0..<floats.count / dimensions {
                    listOf.append(UInt32(trainer.nearest(floats.baseAddress! + place * dimensions)))
                }
            }
        }
        guard let trainer else { return 0 }
        try writer.write(.centres, trainer.centres)
        var starts = [UInt64](repeating: 0, count: lists + 1)
        for list in listOf { starts[Int(list) + 1] += 1 }
        for list in 0..<lists { starts[list + 1] += starts[list] }
        var next = starts
        var listed = [UInt32](repeating: 0, count: state.count)
        for (document, list) in listOf.enumerated() {
            listed[Int(next[Int(list)])] = UInt32(document)
            next[Int(list)] += 1
        }
        try writer.write(.listStarts, starts)
        try writer.write(.listed, listed)
        return lists
    }

    private func train(_ state: State, _ dimensions: Int, _ lists: Int) throws -> CentreTrainer {
        var generator = SeededNumbers(state: settings.seed)
        let count = min(state.count, lists * Self.trainedVectors)
        var sample: [Float] = []
        sample.reserveCapacity(count * dimensions)
        for place in CentreTrainer.distinct(count, below: state.count, &generator) {
            let bytes = try state.vectors.read(at: UInt64(place * dimensions * 4), count: dimensions * 4)
            bytes.withUnsafeBytes { sample += $0.bindMemory(to: Float.self) }
        }
        return CentreTrainer(sample, dimensions: dimensions, lists: lists, seed: settings.seed)
    }
}
