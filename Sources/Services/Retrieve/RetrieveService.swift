package import Completions
internal import Files
internal import Foundation
package import JSON
package import SuiteModel

/// Finds documents of a corpus that the suite names. Its index is made once and kept under what it was made of.
package final class RetrieveService: HostService {
    package let fingerprint: String
    package let description: JSONValue
    private let settings: RetrieveSettings
    private let embedder: (any HostService)?
    private let index: IndexFile
    private let workers: CallWorkers<BM25.Scratch>

    /// `$XDG_CACHE_HOME/evalh/indexes`, or else `~/.cache/evalh/indexes`.
    package static func defaultFolder(environment: [String: String]) -> String {
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return "\(cache)/evalh/indexes" }
        return "\(environment["HOME"] ?? "/tmp")/.cache/evalh/indexes"
    }

    /// Opens the index, or makes it: that takes time in proportion to the corpus.
    /// - Parameters:
    ///   - embedder: gives vectors; needed by `vectors` alone, and not closed here.
    ///   - datasets: reaches the corpus.
    ///   - folder: where indexes are kept.
    ///   - progress: told how far the making is, for people.
    /// - Throws: what is wrong with the corpus, the embedder or the folder.
    package init(
        _ settings: RetrieveSettings, embedder: (any HostService)?, datasets: DatasetCache, folder: String,
        progress: @escaping @Sendable (String) -> Void
    ) throws(ServiceRefusal) {
        guard settings.method == .bm25 || embedder != nil else {
            throw ServiceRefusal("`method: vectors` needs `embedder`, a service that embeds")
        }
        self.settings = settings
        self.embedder = settings.method == .vectors ? embedder : nil
        do {
            let digest = try settings.corpus.fileDigest(cache: datasets)
            let parts = Self.identity(settings, digest: digest, embedder: self.embedder)
            index = try Self.opened(
                parts,
                IndexBuilder(
                    settings: settings, embedder: self.embedder.map(CorpusEmbedder.init), datasets: datasets,
                    progress: progress), digest: digest, folder: folder)
            fingerprint = ServiceIdentity.fingerprint(
                kind: "retrieve", version: 1,
                parts + ["\(settings.k1)", "\(settings.b)", "\(settings.probes)", "\(settings.limit)"])
        } catch {
            throw ServiceRefusal(Self.text(of: error))
        }
        description = .object(
            [
                .init("kind", .string("retrieve")), .init("method", .string(settings.method.rawValue)),
                .init("documents", .integer(index.documents)), .init("limit", .integer(settings.limit)),
            ] + (index.dimensions > 0 ? [.init("dimensions", .integer(index.dimensions))] : []))
        workers = CallWorkers(settings.connections, make: { BM25.Scratch() })
    }

    /// All that an index depends on.
    private static func identity(_ settings: RetrieveSettings, digest: String, embedder: (any HostService)?)
        -> [String]
    {
        let corpus = settings.corpus
        return [
            digest, corpus.format.rawValue, corpus.list ?? "", corpus.inputField, corpus.idField ?? "",
            "\(corpus.skip)", "\(corpus.limit ?? -1)", "\(corpus.shuffle.map(String.init) ?? "")",
            settings.method.rawValue, "\(WordSplitter.version)", settings.metric.rawValue, settings.lists.identity,
            "\(settings.seed)", embedder?.fingerprint ?? "",
        ]
    }

    private static func opened(_ parts: [String], _ builder: IndexBuilder, digest: String, folder: String) throws
        -> IndexFile
    {
        var bytes = CanonicalBytes()
        for part in parts { bytes.append(part) }
        let key = bytes.sha256.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        let path = "\(folder)/\(key).index"
        if let known = IndexFile(path: path, key: key) { return known }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw IndexBuilder.Failure(
                message: "the folder \(folder) cannot be made: \((error as NSError).localizedDescription)")
        }
        let made = try builder.build(key: key, digest: digest, into: folder)
        defer { unlink(made) }
        guard rename(made, path) == 0, let index = IndexFile(path: path, key: key) else {
            throw IndexBuilder.Failure(
                message: "the index cannot be kept as \(path): is the disk full or not writable?")
        }
        return index
    }

    private static func text(of error: any Error) -> String {
        switch error {
        case let failure as DatasetFailure: failure.rendered
        case let failure as IndexBuilder.Failure: failure.message
        case let failure as ModelFailure: "the corpus cannot be embedded: \(failure.message)"
        default: "\(error)"
        }
    }

    // MARK: Calls

    package func problem(with payload: JSONValue) -> String? {
        let dimensions = index.dimensions
        var members: [PayloadRules.Member] = [
            .text("query", required: payload["vector"] == nil),
            .init(
                name: "limit",
                rule: (
                    "a whole number from 1 to \(RetrieveSettings.mostHits)",
                    { (1...RetrieveSettings.mostHits).contains($0.int ?? 0) }
                )),
        ]
        if dimensions > 0 {
            members.append(
                .init(
                    name: "vector",
                    rule: (
                        "a list of \(dimensions) numbers",
                        { value in
                            value.elements?.count == dimensions
                                && value.elements?.allSatisfy { Float($0.double ?? .nan).isFinite } == true
                        }
                    )))
        }
        return PayloadRules(members: members).problem(with: payload)
    }

    package func worstCase(of payload: JSONValue) -> TokenUsage {
        guard let embedder, payload["vector"] == nil else { return TokenUsage() }
        return embedder.worstCase(of: CorpusEmbedder.payload([payload["query"]?.string ?? ""]))
    }

    package func call(
        _ payload: JSONValue, seed: UInt64, done: @escaping @Sendable (Result<ServiceResult, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        workers.add(done: done) { [self] scratch, stop in
            Result { () throws(ModelFailure) in try search(payload, seed, scratch, stop) }
        }
    }

    package func close() { workers.close() }

    private func search(_ payload: JSONValue, _ seed: UInt64, _ scratch: BM25.Scratch, _ stop: CallStop)
        throws(ModelFailure) -> ServiceResult
    {
        let limit = payload["limit"]?.int ?? settings.limit
        let query = payload["query"]?.string ?? ""
        guard settings.method == .vectors else {
            let bm25 = BM25(k1: settings.k1, b: settings.b)
            return ServiceResult(hits(bm25.search(query, in: index, limit: limit, scratch)))
        }
        var usage = TokenUsage()
        var vector: [Float] = (payload["vector"]?.elements ?? []).map { Float($0.double ?? 0) }
        if vector.isEmpty, let embedder, index.dimensions > 0 {
            let answer = try PendingAnswer(embedder, CorpusEmbedder.payload([query]), seed: seed).wait(stop).get()
            vector = try CorpusEmbedder.read(answer.value, count: 1, index.dimensions)[0]
            usage = answer.usage
        }
        if settings.metric == .cosine { vector = VectorMath.unit(vector) }
        let found = VectorSearch.search(vector, in: index, limit: limit, probes: settings.probes)
        return ServiceResult(hits(found), usage: usage)
    }

    private func hits(_ hits: [TopHits.Hit]) -> JSONValue {
        let shown = hits.map { hit -> JSONValue in
            let document = index.document(hit.document)
            return .object([
                .init("id", document?["id"] ?? .null), .init("text", document?["text"] ?? .null),
                .init("score", .double(hit.score)), .init("fields", document?["fields"] ?? .object([])),
            ])
        }
        return .object([.init("hits", .array(shown))])
    }
}
