import Completions
import Foundation
import JSON
import SuiteModel
import Synchronization
import Testing

@testable import Services

/// Gives texts the vectors that they name: `0.5 1 -2 anything` is (0.5, 1, −2).
final class FakeEmbedder: HostService {
    let fingerprint: String
    let description = json(#"{"kind": "embed"}"#)
    let calls = Mutex<[Int]>([])
    let failsBeyond: Int

    init(fingerprint: String = "fake", failsBeyond: Int = .max) {
        self.fingerprint = fingerprint
        self.failsBeyond = failsBeyond
    }

    func problem(with payload: JSONValue) -> String? { nil }

    func worstCase(of payload: JSONValue) -> TokenUsage { TokenUsage(promptTokens: 50) }

    func call(
        _ payload: JSONValue, seed: UInt64, done: @escaping @Sendable (Result<ServiceResult, ModelFailure>) -> Void
    ) -> @Sendable () -> Void {
        let texts = (payload["texts"]?.elements ?? []).compactMap(\.string)
        let count = calls.withLock { calls in
            calls.append(texts.count)
            return calls.reduce(0, +)
        }
        guard count <= failsBeyond else {
            done(.failure(ModelFailure(kind: .connection, message: "the embedder is away")))
            return {}
        }
        let vectors = texts.map { text in
            JSONValue.array(text.split(separator: " ").compactMap { Double($0) }.map(JSONValue.double))
        }
        done(
            .success(
                ServiceResult(
                    .object([.init("vectors", .array(vectors))]),
                    usage: TokenUsage(requests: 1, promptTokens: texts.count))))
        return {}
    }
}

@Suite struct VectorRetrieveTests {
    @Test func `cosines do not depend on length, inner products do`() throws {
        let bench = try CorpusBench(texts: ["1 0", "8 8", "0 2", "0 0"])
        let embedder = FakeEmbedder()
        let cosine = try bench.service(embedder: embedder) { $0.method = .vectors }
        defer { cosine.close() }
        let hits = try cosine.hits(#"{"query": "3 0"}"#)
        #expect(hits.map(\.id) == ["d0", "d1", "d2", "d3"])
        #expect(abs(hits[0].score - 1) < 1e-6)
        #expect(abs(hits[1].score - 0.5.squareRoot()) < 1e-6)
        #expect(hits[3].score == 0)
        let dot = try bench.service(embedder: embedder) { ($0.method, $0.metric) = (.vectors, .dot) }
        defer { dot.close() }
        #expect(try dot.hits(#"{"query": "3 0"}"#).map(\.score) == [24, 3, 0, 0])
    }

    @Test func `a query's embedding is charged, a vector in the payload costs nothing`() throws {
        let bench = try CorpusBench(texts: ["1 0", "0 1"])
        let embedder = FakeEmbedder()
        let service = try bench.service(embedder: embedder) { $0.method = .vectors }
        defer { service.close() }
        #expect(try service.ask(#"{"query": "1 0"}"#).usage.promptTokens == 1)
        #expect(service.worstCase(of: json(#"{"query": "1 0"}"#)).promptTokens == 50)
        let given = try service.ask(#"{"vector": [0, 5], "limit": 1}"#)
        #expect(given.usage == TokenUsage())
        #expect(given.value["hits"]?.elements?.first?["id"]?.string == "d1")
        #expect(service.worstCase(of: json(#"{"vector": [0, 5]}"#)) == TokenUsage())
        #expect(service.problem(with: json(#"{"vector": [1, 2, 3]}"#))?.contains("a list of 2 numbers") == true)
        #expect(service.problem(with: json(#"{"vector": [1, 1e300]}"#)) != nil)
    }

    @Test func `the corpus is embedded once for an embedder, in batches`() throws {
        let texts = (0..<100).map { "\($0) 1" }
        let bench = try CorpusBench(texts: texts)
        let embedder = FakeEmbedder()
        try bench.service(embedder: embedder) { $0.method = .vectors }.close()
        #expect(embedder.calls.withLock { $0 } == [32, 32, 32, 4])
        try bench.service(embedder: embedder) { $0.method = .vectors }.close()
        #expect(embedder.calls.withLock { $0.count } == 4)
        let other = FakeEmbedder(fingerprint: "other")
        try bench.service(embedder: other) { $0.method = .vectors }.close()
        #expect(other.calls.withLock { $0.count } == 4)
    }

    @Test func `an embedder that fails or gives nonsense leaves no index behind`() throws {
        let bench = try CorpusBench(texts: (0..<200).map { "\($0) 1" })
        let away = #expect(throws: ServiceRefusal.self) {
            try bench.service(embedder: FakeEmbedder(failsBeyond: 150)) { $0.method = .vectors }
        }
        #expect(away?.description.contains("the embedder is away") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.indexFolder).isEmpty)
        let uneven = try CorpusBench(texts: ["1 2", "1 2 3"])
        let refusal = #expect(throws: ServiceRefusal.self) {
            try uneven.service(embedder: FakeEmbedder()) { $0.method = .vectors }
        }
        #expect(refusal?.description.contains("the corpus cannot be embedded") == true)
        let none = #expect(throws: ServiceRefusal.self) { try bench.service { $0.method = .vectors } }
        #expect(none?.description.contains("needs `embedder`") == true)
    }

    /// Points around some centres.
    private func clustered(_ count: Int, dimensions: Int, clusters: Int) -> [[Double]] {
        var numbers = SeededNumbers(state: 5)
        func draw() -> Double { Double(numbers.next() >> 11) / Double(1 << 53) * 2 - 1 }
        let centres = (0..<clusters).map { _ in (0..<dimensions).map { _ in draw() } }
        return (0..<count).map { place in centres[place % clusters].map { $0 + 0.3 * draw() } }
    }

    private func text(_ vector: [Double]) -> String { vector.map { "\($0)" }.joined(separator: " ") }

    @Test(arguments: [RetrieveSettings.Metric.cosine, .dot])
    func `lists find nearly all that comparing everything finds, and all with all lists`(
        _ metric: RetrieveSettings.Metric
    ) throws {
        let points = clustered(1200, dimensions: 12, clusters: 30)
        let bench = try CorpusBench(texts: points.map(text))
        let embedder = FakeEmbedder()
        func service(lists: RetrieveSettings.Lists, probes: Int = 1) throws -> RetrieveService {
            try bench.service(embedder: embedder) {
                ($0.method, $0.metric, $0.lists, $0.probes) = (.vectors, metric, lists, probes)
            }
        }
        let exact = try service(lists: .none)
        let some = try service(lists: .bySize, probes: 8)
        let all = try service(lists: .count(32), probes: 32)
        defer { for service in [exact, some, all] { service.close() } }
        var (found, wanted) = (0, 0)
        for point in clustered(1230, dimensions: 12, clusters: 30).suffix(30) {
            let payload = #"{"query": "\#(text(point))", "limit": 10}"#
            let expected = try exact.hits(payload)
            #expect(try all.hits(payload).map(\.id) == expected.map(\.id))
            let ids = Set(try some.hits(payload).map(\.id))
            found += expected.count { ids.contains($0.id) }
            wanted += expected.count
        }
        #expect(Double(found) / Double(wanted) >= 0.95, "recall \(found) of \(wanted)")
    }

    @Test func `lists are the same every time for a seed`() throws {
        let sample = clustered(300, dimensions: 6, clusters: 8).flatMap { $0.map(Float.init) }
        let one = CentreTrainer(sample, dimensions: 6, lists: 8, seed: 1)
        #expect(CentreTrainer(sample, dimensions: 6, lists: 8, seed: 1).centres == one.centres)
        #expect(CentreTrainer(sample, dimensions: 6, lists: 8, seed: 2).centres != one.centres)
        #expect(CentreTrainer(Array(sample.prefix(12)), dimensions: 6, lists: 8, seed: 1).lists == 2)
    }
}
