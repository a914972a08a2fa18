import Completions
import Foundation
import JSON
import SuiteModel
import Synchronization
import Testing

@testable import Services

/// A corpus in a folder of its own, and services that search it.
struct CorpusBench {
    let bench: Bench
    let told = Told()

    init(_ documents: [String], name: String = "docs.jsonl") throws {
        bench = try Bench()
        try bench.write(documents.joined(separator: "\n") + "\n", to: name)
    }

    init(texts: [String]) throws {
        try self.init(
            texts.enumerated().map { place, text in
                JSONValue.object([.init("id", .string("d\(place)")), .init("text", .string(text))]).text
            })
    }

    var indexFolder: String { bench.folder.appendingPathComponent("indexes").path }

    func service(
        embedder: (any HostService)? = nil, file: String = "docs.jsonl", format: DatasetSpec.Format = .jsonl,
        _ change: (inout RetrieveSettings) -> Void = { _ in }
    ) throws -> RetrieveService {
        var settings = RetrieveSettings(
            name: "search",
            corpus: DatasetSpec(
                name: "docs", location: .path(bench.folder.appendingPathComponent(file).path), format: format,
                inputField: "text", needsTarget: false))
        change(&settings)
        return try RetrieveService(
            settings, embedder: embedder, datasets: DatasetCache(folder: bench.folder.path), folder: indexFolder,
            progress: told.add)
    }
}

extension RetrieveService {
    /// Ids of what is found, and the scores.
    func hits(_ payload: String) throws -> [(id: String, score: Double)] {
        try (ask(payload).value["hits"]?.elements ?? []).map {
            ($0["id"]?.string ?? "", $0["score"]?.double ?? .nan)
        }
    }
}

@Suite struct RetrieveServiceTests {
    static let animals = ["the cat sat on the mat", "the dog sat", "a cat and a dog and a cat"]

    @Test func `scores are those of BM25 in Lucene's form, computed by hand`() throws {
        let bench = try CorpusBench(texts: Self.animals)
        let service = try bench.service()
        defer { service.close() }
        // N = 3, "cat" is in 2 documents: idf = ln(1 + 1.5 / 2.5); lengths 6, 3, 8 with the mean 17 / 3.
        let idf = log(1 + 1.5 / 2.5)
        let mean = 17.0 / 3
        let first = idf * 1 / (1 + 1.2 * (0.25 + 0.75 * 6 / mean))
        let third = idf * 2 / (2 + 1.2 * (0.25 + 0.75 * 8 / mean))
        let hits = try service.hits(#"{"query": "Cat!"}"#)
        #expect(hits.map(\.id) == ["d2", "d0"])
        #expect(abs(hits[0].score - third) < 1e-12)
        #expect(abs(hits[1].score - first) < 1e-12)
        let twice = try service.hits(#"{"query": "cat cat"}"#)
        #expect(abs(twice[0].score - 2 * third) < 1e-12)
        #expect(try service.hits(#"{"query": "zebra ..."}"#).isEmpty)
    }

    @Test func `k1 and b are the suite's`() throws {
        let bench = try CorpusBench(texts: Self.animals)
        let service = try bench.service { ($0.k1, $0.b) = (0, 0) }
        defer { service.close() }
        // Without either every document that has the word scores its idf.
        let hits = try service.hits(#"{"query": "cat"}"#)
        #expect(hits.map(\.id) == ["d0", "d2"])
        #expect(hits.allSatisfy { abs($0.score - log(1 + 1.5 / 2.5)) < 1e-12 })
    }

    @Test func `of equal scores the earlier document comes first, whatever the limit`() throws {
        let bench = try CorpusBench(texts: (0..<50).map { "word \($0 % 2 == 0 ? "x" : "y")" })
        let service = try bench.service()
        defer { service.close() }
        for limit in [1, 2, 7, 25, 50] {
            let ids = try service.hits(#"{"query": "word", "limit": \#(limit)}"#).map(\.id)
            #expect(ids == (0..<limit).map { "d\($0)" })
        }
    }

    @Test func `hits carry the document with its other fields`() throws {
        let bench = try CorpusBench([
            #"{"id": 7, "text": "blue whale", "year": 1999, "tags": ["sea"]}"#, #"{"id": 8, "text": "ant"}"#,
        ])
        let service = try bench.service()
        defer { service.close() }
        let hit = try #require(try service.ask(#"{"query": "WHALE"}"#).value["hits"]?.elements?.first)
        #expect(hit["id"]?.string == "7")
        #expect(hit["text"]?.string == "blue whale")
        #expect(hit["fields"] == json(#"{"year": 1999, "tags": ["sea"]}"#))
        #expect(service.description["documents"]?.int == 2)
    }

    @Test func `an index is made once, found again, and made anew where corpus or settings are others`() throws {
        let bench = try CorpusBench(texts: Self.animals)
        func isMade(_ change: (inout RetrieveSettings) -> Void = { _ in }) throws -> Bool {
            let before = bench.told.lines.count
            try bench.service(change).close()
            return bench.told.lines.count > before
        }
        #expect(try isMade())
        #expect(try !isMade())
        #expect(try !isMade { $0.k1 = 2 })
        #expect(try isMade { $0.corpus.limit = 2 })
        try bench.bench.write(#"{"id": 1, "text": "new"}"#, to: "docs.jsonl")
        #expect(try isMade())
        let left = try FileManager.default.contentsOfDirectory(atPath: bench.indexFolder)
        #expect(left.allSatisfy { $0.hasSuffix(".index") })
        #expect(left.count == 3)
    }

    @Test func `an index that was damaged in any place is not believed but made anew`() throws {
        let bench = try CorpusBench(texts: Self.animals)
        let expected = try bench.service().hits(#"{"query": "cat sat"}"#).map(\.id)
        let name = try #require(FileManager.default.contentsOfDirectory(atPath: bench.indexFolder).first)
        let file = URL(fileURLWithPath: bench.indexFolder + "/" + name)
        let whole = try Data(contentsOf: file)
        for place in stride(from: 0, to: whole.count, by: 97) + [whole.count - 1, whole.count - 40] {
            var damaged = whole
            damaged[place] ^= 0x20
            try damaged.write(to: file)
            let before = bench.told.lines.count
            let service = try bench.service()
            #expect(try service.hits(#"{"query": "cat sat"}"#).map(\.id) == expected)
            #expect(bench.told.lines.count > before, "byte \(place)")
        }
        try whole.prefix(100).write(to: file)
        #expect(try bench.service().hits(#"{"query": "cat sat"}"#).map(\.id) == expected)
    }

    @Test func `mistakes in a corpus are told with their place`() throws {
        let bench = try CorpusBench([#"{"id": 1, "text": "a"}"#, #"{"id": 2, "body": "b"}"#])
        let missing = #expect(throws: ServiceRefusal.self) { try bench.service() }
        #expect(missing?.description.contains("docs.jsonl:2:1") == true, "\(missing?.description ?? "")")
        try bench.bench.write("{\"id\": 1, \"text\": \"a\"}\n{\"id\": 1, \"text\": \"b\"}\n", to: "docs.jsonl")
        let twice = #expect(throws: ServiceRefusal.self) { try bench.service() }
        #expect(twice?.description.contains("docs.jsonl:2: two documents have the id `1`") == true)
        let other = #expect(throws: ServiceRefusal.self) { try bench.service(file: "docs.json") }
        #expect(other?.description.contains("did you mean `docs.jsonl`?") == true)
        let digest = String(repeating: "0", count: 64)
        let changed = #expect(throws: ServiceRefusal.self) { try bench.service { $0.corpus.sha256 = digest } }
        #expect(changed?.description.contains("is not the file the suite names") == true)
    }

    @Test func `a table of comma-separated values is a corpus too, and rows without ids are counted`() throws {
        let bench = try CorpusBench(["title,text", "one,\"first, words\"", "two,second words"], name: "docs.csv")
        let service = try bench.service(file: "docs.csv", format: .csv)
        defer { service.close() }
        #expect(try service.hits(#"{"query": "second"}"#).map(\.id) == ["1"])
        let hit = try service.ask(#"{"query": "first"}"#).value["hits"]?.elements?.first
        #expect(hit?["fields"] == json(#"{"title": "one"}"#))
    }

    @Test func `payloads that are none are told why`() throws {
        let bench = try CorpusBench(texts: Self.animals)
        let service = try bench.service()
        defer { service.close() }
        #expect(service.problem(with: json(#"{"query": "x", "limit": 1000}"#)) == nil)
        #expect(service.problem(with: json("{}"))?.contains("lacks `query`") == true)
        #expect(service.problem(with: json(#"{"query": "x", "limit": 0}"#))?.contains("from 1 to 1000") == true)
        #expect(service.problem(with: json(#"{"query": "x", "vector": [1]}"#))?.contains("no member") == true)
        #expect(service.problem(with: json(#"{"query": "x", "k": 3}"#))?.contains("`k`") == true)
    }

    @Test(arguments: [
        ("The CAT's 2 mats", ["the", "cat", "s", "2", "mats"]), ("naïve Ångström", ["naïve", "ångström"]),
        ("e\u{301}tude", ["étude"]), ("ＦＵＬＬ ﬁne", ["full", "fine"]), ("東京 tower", ["東", "京", "tower"]),
        ("snake_case x-y", ["snake", "case", "x", "y"]), ("हिन्दी", ["हिन्दी"]), ("…!?", []),
    ])
    func `words are runs of letters, marks and digits in lower case`(_ row: (String, [String])) {
        #expect(WordSplitter.words(row.0) == row.1)
    }

    @Test func `a long word is cut at whole characters`() {
        #expect(WordSplitter.words(String(repeating: "x", count: 999)).map(\.utf8.count) == [255])
        #expect(WordSplitter.words(String(repeating: "é", count: 999)).map(\.utf8.count) == [254])
    }

    @Test func `an index made in many blocks is the one that is made in one`() throws {
        let bench = try Bench()
        func bytes(blockSize: Int) throws -> Data {
            let path = bench.folder.appendingPathComponent("index-\(blockSize)").path
            var numbers = SeededNumbers(state: 3)
            var builder = try PostingBuilder(path: path, blockSize: blockSize)
            for document in 0..<500 {
                let words = (0..<Int(numbers.next() % 40)).map { _ in "w\(numbers.next() % 97)" }
                try builder.add(words, document: UInt32(document))
            }
            var writer = try IndexWriter(path: path)
            try builder.finish(into: &writer)
            try writer.finish()
            return try Data(contentsOf: URL(fileURLWithPath: path))
        }
        let whole = try bytes(blockSize: 1 << 20)
        #expect(whole.count > 5000)
        #expect(try bytes(blockSize: 1) == whole)
        #expect(try bytes(blockSize: 100) == whole)
    }

    @Test(.enabled(if: PyPIEnvironment.python != nil, "PyPI cannot be reached: no peer to compare with"))
    func `scores are those of bm25s for random corpora`() throws {
        var numbers = SeededNumbers(state: 11)
        func word() -> String { "w\(min(numbers.next() % 60, numbers.next() % 60))" }
        let texts = (0..<300).map { _ in (0..<Int(1 + numbers.next() % 60)).map { _ in word() } }
        let queries = (0..<40).map { _ in Array(Set((0..<5).map { _ in word() })).sorted() }
        let bench = try CorpusBench(texts: texts.map { $0.joined(separator: " ") })
        let question = JSONValue.object([
            .init("texts", .array(texts.map { .strings($0) })), .init("queries", .array(queries.map { .strings($0) })),
        ])
        try bench.bench.write(question.text, to: "question.json")
        let script = """
            import bm25s, json, sys
            given = json.load(open(sys.argv[1]))
            peer = bm25s.BM25(method="lucene", k1=1.2, b=0.75, dtype="float64")
            peer.index(given["texts"], show_progress=False)
            json.dump([[float(s) for s in peer.get_scores(q)] for q in given["queries"]], open(sys.argv[2], "w"))
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(PyPIEnvironment.python))
        process.arguments = ["-c", script] + ["question.json", "answer.json"]
        process.currentDirectoryURL = bench.bench.folder
        try process.run()
        process.waitUntilExit()
        let expected = try #require(try JSONValue(parsing: bench.bench.text("answer.json")).elements)
        let service = try bench.service()
        defer { service.close() }
        for (query, scores) in zip(queries, expected) {
            let payload = JSONValue.object([
                .init("query", .string(query.joined(separator: " "))), .init("limit", .integer(300)),
            ])
            let hits = try service.hits(payload.text)
            let theirs = (scores.elements ?? []).compactMap(\.double)
            #expect(hits.count == theirs.count { $0 > 0 })
            for hit in hits {
                let place = try #require(Int(hit.id.dropFirst()))
                #expect(abs(hit.score - theirs[place]) < 1e-6 * max(1, theirs[place]))
            }
        }
    }
}
