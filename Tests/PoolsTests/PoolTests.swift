import Completions
import Foundation
import GRDB
import Pools
import Testing

/// Files for one test.
final class PoolPlace {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-pools-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
        return file(name)
    }

    func pool(_ name: String, _ text: String, _ change: (inout PoolImport) -> Void = { _ in }) throws -> PoolFile {
        var request = PoolImport(
            files: [(nil, try write(name, text))], name: "test", tool: "test", importedAt: "2026-01-01T00:00:00Z")
        change(&request)
        return try request.write(to: file("out.pool"))
    }
}

@Suite struct PoolImportTests {
    @Test func `thinking beside a text is kept apart, and dealt with it`() throws {
        let place = try PoolPlace()
        let pool = try place.pool(
            "a.jsonl",
            #"{"q":"1+1?","gold":"2","samples":[{"text":"It is 2.","reasoning_content":"3? no","tok":8},{"content":"2","reasoning":"so"},{"ans":"2","reasoning":"a rationale of the data"},"2"]}"#
        )
        let samples = try pool.samples(of: 0)[0]
        #expect(
            samples.map(\.reasoning) == ["3? no", "so", nil, nil] && samples.map(\.text) == ["It is 2.", "2", nil, "2"])
        #expect(try pool.isIntact())
        let item = try #require(try pool.item(0))
        func deal(_ prefix: String, maxTokens: Int = 100) -> Completion? {
            var deck = PoolDeck(
                item: item, samples: [samples], models: ["main": 0], settings: PoolSettings(names: pool.models),
                repeatIndex: 0)
            let request = CompletionRequest(
                messages: [], prefix: prefix, sampling: SamplingParameters(maxTokens: maxTokens))
            return try? deck.deal(role: "main", request: request).get()
        }
        #expect(deal("")?.reasoning == "3? no" && deal("")?.text == "It is 2.")
        // Thirteen bytes are eight tokens.
        let cut = deal("", maxTokens: 2)
        #expect(cut?.reasoning == "3? " && cut?.text.isEmpty == true && cut?.finish == .length)
        let late = deal("", maxTokens: 6)
        #expect(late?.reasoning == "3? no" && late?.text == "It i")
        #expect(deal("It is ")?.text == "2." && deal("It is ")?.reasoning == nil)
    }

    @Test func `a pool of format 1 is read as it is`() throws {
        let place = try PoolPlace()
        let path = try place.pool("a.jsonl", #"{"q":"1+1?","gold":"2","samples":["2","3"]}"#).path
        let database = try DatabaseQueue(path: path)
        try database.write { db in
            try db.execute(sql: "ALTER TABLE samples DROP COLUMN reasoning; PRAGMA user_version = 1")
        }
        try database.close()
        let pool = try PoolFile(path: path)
        #expect(try pool.samples(of: 0) == [[PoolSample(text: "2"), PoolSample(text: "3")]] && pool.isIntact())
    }

    @Test func `a question with sample objects keeps texts, answers, tokens and endings`() throws {
        let place = try PoolPlace()
        let pool = try place.pool(
            "a.json",
            #"[{"q":"1+1?","gold":"2","samples":[{"text":"It is 2.","tok":4,"fin":"stop","ans":"2"},{"text":"Hm","tok":9,"fin":"length","ans":null}]}]"#
        )
        #expect(pool.models == ["main"])
        #expect(pool.itemCount == 1)
        let item = try #require(try pool.item(0))
        #expect((item.input, item.target, item.fieldsJSON) == ("1+1?", "2", #"{"input":"1+1?"}"#))
        #expect(
            try pool.samples(of: 0) == [
                [
                    PoolSample(text: "It is 2.", answer: "2", completionTokens: 4),
                    PoolSample(text: "Hm", answer: "", finish: .length, completionTokens: 9),
                ]
            ])
        #expect(pool.provenance.sources.map(\.name) == ["a.json"])
    }

    @Test(arguments: [
        (
            "texts.jsonl", #"{"prompt":"p","samples":["a","b"]}"#, ["a", "b"], [String?](repeating: nil, count: 2),
            [Double?](repeating: nil, count: 2)
        ),
        ("tot.json", #"[{"idx":900,"ys":["x","y"],"infos":[{"r":0},{"r":1}]}]"#, ["x", "y"], [nil, nil], [0, 1]),
        (
            "cot.json",
            #"[{"question":"d","final_answer":"1","model_outputs":["s","t"],"pred_answers":["1","2"],"per_sample_correct":["True","False"]}]"#,
            ["s", "t"], ["1", "2"], [1, 0]
        ),
        ("answers.jsonl", #"{"question":"q","target":"1","answers":["1","3"]}"#, [nil, nil], ["1", "3"], [nil, nil]),
    ]) func `lists of texts, of scores and of parsed answers are read`(
        _ name: String, _ text: String, _ texts: [String?], _ answers: [String?], _ scores: [Double?]
    )
        throws
    {
        let pool = try PoolPlace().pool(name, text)
        let samples = try pool.samples(of: 0)[0]
        #expect(samples.map(\.text) == texts)
        #expect(samples.map(\.answer) == answers)
        #expect(samples.map(\.score) == scores)
    }

    @Test func `columns and objects of several models are models of the pool`() throws {
        let csv = try PoolPlace().pool(
            "r.csv", "prompt,weak/m,strong,weak/m_response,strong_response\nq,False,True,no,yes\n")
        #expect(csv.models == ["weak/m", "strong"])
        #expect(try csv.samples(of: 0) == [[PoolSample(text: "no", score: 0)], [PoolSample(text: "yes", score: 1)]])
        let nested = try PoolPlace().pool(
            "n.jsonl",
            #"{"question":"q","ground_truth":"1","a":{"is_correct":false,"solution":"s"},"b":{"is_correct":true,"solution":"t"}}"#
        )
        #expect(nested.models == ["a", "b"])
        #expect(try nested.samples(of: 0) == [[PoolSample(text: "s", score: 0)], [PoolSample(text: "t", score: 1)]])
    }

    @Test func `rows that are samples are gathered by question, files by model`() throws {
        let place = try PoolPlace()
        let rows = try place.pool(
            "rows.jsonl",
            "{\"question\":\"q\",\"completion\":\"a\"}\n"
                + "{\"question\":\"r\",\"completion\":\"b\"}\n{\"question\":\"q\",\"completion\":\"c\"}\n"
        )
        #expect(rows.itemCount == 2)
        #expect(try rows.samples(of: 0)[0].map(\.text) == ["a", "c"])
        let two = try place.pool("one.jsonl", #"{"question":"q","samples":["a"]}"#) {
            let other = try? place.write("two.jsonl", #"{"question":"q","samples":["b"]}"#)
            $0.files = [("small", $0.files[0].path), ("large", other ?? "")]
        }
        #expect(two.models == ["small", "large"])
        #expect(two.itemCount == 1)
    }

    @Test func `other names of fields are given, and only what is asked for reaches strategies`() throws {
        let pool = try PoolPlace().pool(
            "x.jsonl", #"{"task":"t","truth":"1","hard":3,"secret":"right","drafts":[{"say":"1"}]}"#
        ) {
            $0.names.input = ["task"]
            $0.names.target = ["truth"]
            $0.names.samples = ["drafts"]
            $0.names.text = ["say"]
            $0.keep = ["hard"]
        }
        let item = try #require(try pool.item(0))
        #expect((item.target, item.fieldsJSON) == ("1", #"{"hard":3,"input":"t"}"#))
        #expect(try pool.samples(of: 0)[0].map(\.text) == ["1"])
    }

    @Test func `texts that stand for no answer are none`() throws {
        let pool = try PoolPlace().pool("x.jsonl", #"{"question":"q","answers":["1","No answer!",null]}"#) {
            $0.names.noAnswer = ["No answer!"]
        }
        #expect(try pool.samples(of: 0)[0].map(\.answer) == ["1", "", ""])
    }

    @Test(arguments: [
        (#"{"question":"q","note":"n"}"#, "no list of samples is found in this row; it has: question, note"),
        (#"{"question":"q","samples":["a","b"],"answers":["1"]}"#, "1 answers for 2 samples"),
        (#"["a"]"#, "a row must be an object with named fields"), (#"{"samples":["a"]}"#, "no question is found"),
    ]) func `a row that cannot be read is told with its place, and no pool is left behind`(
        _ row: String, _ message: String
    ) throws {
        let place = try PoolPlace()
        let error = #expect(throws: PoolError.self) {
            try place.pool("bad.jsonl", #"{"question":"ok","samples":["a"]}"# + "\n" + row + "\n")
        }
        #expect(error?.path.hasSuffix("bad.jsonl:2") == true)
        #expect(error?.message.contains(message) == true)
        #expect(!FileManager.default.fileExists(atPath: place.file("out.pool")))
    }

    @Test func `the checksum is the content's, whatever file it came from, and tells a change`() throws {
        let list = try PoolPlace().pool("a.json", #"[{"q":"1","gold":"2","samples":["x"]}]"#)
        let place = try PoolPlace()
        let lines = try place.pool("b.jsonl", #"{"question":"1","target":"2","completions":["x"]}"#)
        #expect(list.digest == lines.digest)
        #expect(try lines.isIntact())
        var bytes = try Data(contentsOf: URL(fileURLWithPath: lines.path))
        let place2 = try #require(bytes.range(of: Data("main".utf8)))
        bytes.replaceSubrange(place2, with: Data("mine".utf8))
        try bytes.write(to: URL(fileURLWithPath: lines.path))
        #expect(try PoolFile(path: lines.path).isIntact() == false)
    }

    @Test func `what is no pool is refused with a clear text`() throws {
        let place = try PoolPlace()
        let other = try place.write("x.pool", "hello")
        #expect(throws: PoolError.self) { try PoolFile(path: other) }
        let error = #expect(throws: PoolError.self) { try PoolFile(path: place.file("none.pool")) }
        #expect(error?.message.contains("evalh pool import") == true)
    }
}

@Suite struct PoolDeckTests {
    private let item = PoolItem(ordinal: 0, id: "i", input: "q?", target: "1")

    private func deck(_ samples: [PoolSample], _ change: (inout PoolSettings) -> Void = { _ in }, repeatIndex: Int = 0)
        -> PoolDeck
    {
        var settings = PoolSettings(names: ["m"])
        change(&settings)
        return PoolDeck(
            item: item, samples: [samples], models: ["main": 0], settings: settings, repeatIndex: repeatIndex)
    }

    private func request(prefix: String = "", maxTokens: Int = 1000, stop: [String] = [], temperature: Double = 0.8)
        -> CompletionRequest
    {
        CompletionRequest(
            messages: [ChatMessage(role: .user, content: "q?")], prefix: prefix,
            sampling: SamplingParameters(temperature: temperature, maxTokens: maxTokens, stop: stop))
    }

    private func texts(_ deck: PoolDeck, _ count: Int) -> [String] {
        var deck = deck
        return (0..<count).compactMap { _ in try? deck.deal(role: "main", request: request()).get().text }
    }

    @Test func `samples come in the recorded order, and then a miss that says how many there were`() throws {
        var deck = deck(["a", "b"].map { PoolSample(text: $0, promptTokens: 5, completionTokens: 3, seconds: 1.5) })
        let first = try deck.deal(role: "main", request: request()).get()
        #expect((first.text, first.usage.promptTokens, first.usage.completionTokens, first.seconds) == ("a", 5, 3, 1.5))
        #expect(!first.isUsageEstimated)
        _ = try deck.deal(role: "main", request: request()).get()
        guard case .failure(let miss) = deck.deal(role: "main", request: request()) else {
            Issue.record("a third sample of two")
            return
        }
        #expect(miss.message.contains("the pool has 2 samples of model 'm'"))
        guard case .failure(let other) = deck.deal(role: "strong", request: request()) else {
            Issue.record("a sample of a role without recordings")
            return
        }
        #expect(other.message.contains("no model for the role 'strong'"))
    }

    @Test func `an order is a permutation that depends on seed, repeat and question alone`() {
        let samples = (0..<20).map { PoolSample(text: "\($0)") }
        func order(_ seed: UInt64?, _ repeatIndex: Int) -> [String] {
            texts(deck(samples, { $0.order = SampleOrder(seed: seed) }, repeatIndex: repeatIndex), 20)
        }
        #expect(order(nil, 3) == (0..<20).map(String.init))
        let first = order(7, 0)
        #expect(first == order(7, 0))
        #expect(Set(first).count == 20)
        #expect(first != order(7, 1))
        #expect(first != order(8, 0))
        // Every place is dealt first about equally often.
        var counts = [String: Int]()
        for repeatIndex in 0..<4000 { counts[order(1, repeatIndex)[0], default: 0] += 1 }
        #expect(counts.count == 20)
        #expect(counts.values.allSatisfy { abs(Double($0) - 200) < 5 * (200.0).squareRoot() })
    }

    @Test func `a request that continues a prefix gets what followed exactly that prefix`() throws {
        var deck = deck(
            ["one two three four", "one too", "one two five six"].map {
                PoolSample(text: $0, completionTokens: 4, seconds: 4)
            })
        let first = try deck.deal(role: "main", request: request(prefix: "one two ")).get()
        #expect(first.text == "three four")
        #expect(first.usage.completionTokens == 2)
        #expect(first.seconds == 2)
        #expect(try deck.deal(role: "main", request: request(prefix: "one two ")).get().text == "five six")
        guard case .failure = deck.deal(role: "main", request: request(prefix: "one two ")) else {
            Issue.record("a third continuation")
            return
        }
        // Other prefixes, and none, have their own count.
        #expect(try deck.deal(role: "main", request: request()).get().text == "one two three four")
    }

    @Test func `a text ends at a stop text or at the limit of tokens, on a character's border`() throws {
        var stopped = deck([PoolSample(text: "a b STOP c", completionTokens: 4, seconds: 4)])
        let stop = try stopped.deal(role: "main", request: request(stop: ["zzz", "STOP"])).get()
        #expect((stop.text, stop.finish) == ("a b ", .stop))
        var limited = deck([PoolSample(text: "ééééé", completionTokens: 5, seconds: 5)])
        let cut = try limited.deal(role: "main", request: request(maxTokens: 2)).get()
        #expect((cut.text, cut.finish, cut.usage.completionTokens) == ("éé", .length, 2))
    }

    @Test func `log-probabilities are dealt where they were recorded and asked for`() throws {
        let tokens = ["a", " b", " c"].map { TokenLogprob(token: $0, logprob: -0.5) }
        var asked = request(maxTokens: 2)
        asked.sampling.topLogprobs = 0
        var deck = deck([
            PoolSample(text: "a b c", completionTokens: 3, tokens: tokens),
            PoolSample(text: "a b c", completionTokens: 3, tokens: tokens),
        ])
        #expect(try deck.deal(role: "main", request: asked).get().tokens == Array(tokens.prefix(2)))
        #expect(try deck.deal(role: "main", request: request()).get().tokens.isEmpty)
    }

    @Test
    func
        `a declared temperature is the request's, unknown latency is simulated, answers can stand for texts`()
        throws
    {
        var warm = deck([PoolSample(text: "a")]) { $0.temperature = 0.7 }
        guard case .failure(let miss) = warm.deal(role: "main", request: request(temperature: 0)) else {
            Issue.record("another temperature matched")
            return
        }
        #expect(miss.message.contains("temperature 0.7"))
        var timed = deck([PoolSample(text: "abcdefgh")]) {
            $0.timing = SampleTiming(firstTokenSeconds: 1, tokensPerSecond: 4)
        }
        let completion = try timed.deal(role: "main", request: request()).get()
        #expect((completion.usage.completionTokens, completion.seconds, completion.firstTokenSeconds) == (2, 1.5, 1))
        #expect(completion.isUsageEstimated)
        var parsed = deck([PoolSample(text: "so it is 4", answer: "4", finish: .length, completionTokens: 30)]) {
            $0.text = .answer
        }
        let answer = try parsed.deal(role: "main", request: request()).get()
        #expect((answer.text, answer.finish, answer.usage.completionTokens) == ("4", .stop, 30))
    }
}

/// The recordings of other people that this project is measured on; read where they are.
@Suite struct RecordedPoolTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/pools").path

    static let cases: [(file: String, items: Int, samples: Int, models: Int)] = [
        ("easy-arith/pool-qwen2.5-coder-0.5b-k8-t0.8.json", 50, 400, 1),
        ("gsm8k-qwen1.5b/pool-qwen2.5-coder-1.5b-first20-k8-t0.8.json", 20, 160, 1),
        ("verify-cot-date/date_np.json", 369, 3690, 1),
        ("routellm-gsm8k/gsm8k_responses.csv", 1319, 2638, 2),
        ("gsm8k-model-solutions/example_model_solutions.jsonl", 1319, 5276, 4),
        ("codet-humaneval/code_solution.jsonl", 164, 16400, 1),
        ("tot-game24/gpt-4_0.7_naive_cot_sample_100_start900_end1000.json", 100, 10000, 1),
    ]

    @Test(.enabled(if: FileManager.default.fileExists(atPath: folder), "../shared/pools is not here"), arguments: cases)
    func `recorded pools are read as they are`(_ file: String, _ items: Int, _ samples: Int, _ models: Int) throws {
        let place = try PoolPlace()
        let request = PoolImport(files: [(nil, Self.folder + "/" + file)], name: "x", tool: "test", importedAt: "")
        let pool = try request.write(to: place.file("x.pool"))
        #expect((pool.itemCount, pool.sampleCount, pool.models.count) == (items, samples, models))
    }
}
