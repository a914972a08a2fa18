import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedZipRcTests {
    /// The card's samples: right with 100 tokens at .6, wrong with 300 at .4.
    private static let card = #""alpha":0.1,"beta":0.05"#

    private func session(_ parameters: String, host: ScriptedHost = ShippedPlugins.host) throws -> ScriptedSession {
        try ShippedPlugins.session("zip-rc", "{\(parameters)}", host: host)
    }

    private func answer(_ session: ScriptedSession) throws -> Answer {
        guard case .finished(let answer) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        return answer
    }

    /// Utility, best reward, compute and latency of n samples.
    private func utility(_ count: Int, _ session: ScriptedSession) throws -> [Double] {
        let note = try #require(session.notes.first { $0.hasPrefix("utility \(count): ") })
        return note.split(separator: " ").dropFirst(2).compactMap { Double($0) }
    }

    private func isClose(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-9) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < tolerance }
    }

    /// Streams with as many tokens as told, which then say an answer.
    private func run(_ parameters: String, _ samples: [(tokens: Int, answer: String)], finish: Finish = .stop) throws
        -> ScriptedSession
    {
        let session = try session(parameters)
        session.runInTurns { request, _ in Self.stream(samples[(Int(request.id) - 1) % samples.count], finish) }
        return session
    }

    private static func stream(_ sample: (tokens: Int, answer: String), _ finish: Finish = .stop) -> ScriptedReply {
        let last = Chunk(text: "= \(sample.answer)", tokenCount: 1)
        let chunks = (1..<max(1, sample.tokens)).map { _ in Chunk(text: ".", tokenCount: 1) } + [last]
        return .completion(chunks.map(\.text).joined(), finish: finish, chunks: chunks)
    }

    private func stopped(_ session: ScriptedSession) -> [UInt64] {
        session.actions.compactMap { if case .cancel(let request) = $0.body { request } else { nil } }.sorted()
    }

    // MARK: Utility

    @Test(
        arguments: [
            (1, 0.55, 0.6, 180.0, 180.0), (2, 0.773, 0.84, 360, 228), (3, 0.8568, 0.936, 540, 256.8),
            (4, 0.8859, 0.9744, 720, 274.08),
        ] as [(Int, Double, Double, Double, Double)])
    func `the utility of n samples is`(
        _ count: Int, _ utility: Double, _ best: Double, _ compute: Double, _ latency: Double
    ) throws {
        let found = try self.utility(count, run(Self.card, [(1, "a")]))
        #expect(abs(found[0] - utility) < 5e-5)
        #expect(isClose(Array(found[1...]), [best, compute, latency]))
    }

    @Test(arguments: [
        (#""alpha":0.1,"beta":0.05"#, 5), (#""alpha":0.1,"beta":0.05,"max_samples":3"#, 3),
        (#""alpha":1,"beta":0.05"#, 3),
        (#""alpha":1,"beta":0.4"#, 1), (#""beta":0"#, 8), (#""beta":1000"#, 1),
        // A reward that is certain needs one sample only; of equal utilities the fewest samples are started.
        (#""prior":["1:100:1"]"#, 1), (#""prior":["1:100:1"],"beta":0"#, 1),
        // Latency only: samples of one length cost nothing more.
        (#""prior":["1:100:1","0:100:1"],"alpha":0,"beta":1"#, 8),
    ])
    func `as many samples are started as are worth most`(_ parameters: String, _ count: Int) throws {
        let session = try run(parameters, [(1, "a")])
        #expect(session.requests.count == count)
        #expect(session.requests.allSatisfy { $0.isStream && $0.n == 1 && $0.sampling == nil })
        #expect(session.notes.contains("samples: \(count)"))
        #expect(
            try ShippedPlugins.plugin("zip-rc").estimate(parameters: "{\(parameters)}")?.completions == count...count)
    }

    @Test func `counts are probabilities, and rewards may lie between 0 and 1`() throws {
        let counts = try run(#""prior":["1:100:60","0:300:40"],\#(Self.card)"#, [(1, "a")])
        #expect(isClose(try utility(2, counts), try utility(2, run(Self.card, [(1, "a")]))))
        // E[max] of two draws from {0, 1/2, 1}, a third each: 0·1/9 + 1/2·3/9 + 1·5/9.
        let three = try run(#""prior":["0:10:1","0.5:10:1","1:10:1"],"beta":0"#, [(1, "a")])
        #expect(isClose(try utility(2, three), [13.0 / 18, 13.0 / 18, 20, 10]))
    }

    /// With a horizon of 200 what is longer has the reward 0 and costs 200.
    @Test func `a horizon cuts samples off`() throws {
        let session = try run(#""prior":["1:100:0.5","1:300:0.5"],"horizon":200,"beta":0.1,"alpha":1"#, [(1, "a")])
        // c₀ is the whole expected length, 200.
        #expect(isClose(try utility(1, session), [0.5 - 0.1 * 150 / 200, 0.5, 150, 150]))
        #expect(isClose(try utility(2, session), [0.75 - 0.1 * 300 / 200, 0.75, 300, 175]))
        #expect(session.requests.allSatisfy { $0.sampling == Sampling(maxTokens: 200) })
    }

    @Test(arguments: ["1:100", "2:100:1", "-1:100:1", "1:0:1", "1:x:1", "1:100:-1", "1:inf:1", "", "0:1:0"])
    func `a row that is no reward, length and probability is refused`(_ row: String) throws {
        let session = try session(#""prior":["\#(row)"]"#)
        session.step(.start)
        guard case .failed(let text) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        #expect(text.hasPrefix("prior has "))
    }

    // MARK: Decisions

    /// At 150 tokens only wrong samples are still running by the table, so that all are stopped once one has finished.
    @Test func `samples that can only be wrong are stopped once one has finished`() throws {
        let samples = [(100, "a"), (300, "b"), (300, "b"), (300, "b"), (300, "b")]
        let session = try run(#"\#(Self.card),"every_tokens":150"#, samples)
        #expect(stopped(session) == [2, 3, 4, 5])
        #expect(try answer(session).reason == "utility")
        #expect(try answer(session).text.hasSuffix("= a"))
        #expect(try answer(session).confidence == 1)
        #expect(session.notes.contains("stopped: 4 after 150 tokens"))
    }

    @Test func `one goes on until one has finished`() throws {
        let session = try run(
            #"\#(Self.card),"every_tokens":150"#, [(300, "a"), (300, "b"), (300, "b"), (300, "b"), (300, "b")])
        #expect(stopped(session) == [2, 3, 4, 5], "of equal ones the latest are the weakest")
        #expect(try answer(session).text.hasSuffix("= a"))
        #expect(try answer(session).reason == "complete")
    }

    @Test func `while all may still be right they go on`() throws {
        let session = try run(
            #"\#(Self.card),"every_tokens":50"#, [(99, "a"), (99, "b"), (99, "b"), (99, "a"), (99, "b")])
        #expect(stopped(session).isEmpty)
        #expect(session.candidates == ["a": 2, "b": 3])
        #expect(try answer(session).confidence == 0.6)
    }

    @Test func `after the last decision samples run to their ends`() throws {
        let late = #"\#(Self.card),"every_tokens":50,"max_decisions":1"#
        let session = try run(late, [(100, "a"), (300, "b"), (300, "b"), (300, "b"), (300, "b")])
        #expect(stopped(session).isEmpty)
        #expect(try answer(session).text.hasSuffix("= b"))
    }

    /// Beyond all rows a sample has one more decision to go, and the longest rows' reward: worth it here, again and
    /// again.
    @Test func `samples longer than all rows go on while they are worth it`() throws {
        let parameters = #""prior":["0.1:50:0.5","1:100:0.5"],"max_samples":2,"beta":0.001,"every_tokens":60"#
        let session = try run(parameters, [(40, "a"), (1000, "b")])
        #expect(stopped(session).isEmpty)
        #expect(session.candidates == ["a": 1, "b": 1])
        let dear = try run(parameters.replacing("0.001", with: "0.1"), [(40, "a"), (1000, "b")])
        #expect(dear.requests.count == 2)
        #expect(stopped(dear).isEmpty, "a sample of reward 1 is worth 60 tokens")
        let short = try run(
            #""prior":["1:50:0.5","0.1:100:0.5"],"max_samples":2,"beta":0.001,"every_tokens":60"#,
            [(40, "a"), (1000, "b")])
        #expect(stopped(short) == [2])
    }

    @Test func `a sample that ended before its stop took effect is dropped all the same`() throws {
        let session = try session(#"\#(Self.card),"every_tokens":150"#)
        session.runInTurns(cancelsTooLate: true) { request, _ in Self.stream(request.id == 1 ? (100, "a") : (300, "b"))
        }
        #expect(stopped(session) == [2, 3, 4, 5])
        #expect(try answer(session).text.hasSuffix("= a"))
    }

    // MARK: Self-evaluation

    private static let listing = ScriptedHost(models: [Model(role: "main", name: "m", topLogprobs: 50)])

    private static func says(_ s: Double) -> ScriptedReply {
        let listed = [Token("No", probability: s), Token("Yes", probability: 1 - s)].map {
            Token.Alternative($0.text, logprob: $0.logprob)
        }
        return .completion("No", finish: .length, tokens: [Token("No", probability: s, alternatives: listed)])
    }

    /// Two samples at even odds; what the model says of their beginnings decides which goes on.
    @Test(arguments: [([0.9, 0.05], [2]), ([0.05, 0.9], [1]), ([0.9, 0.9], [])] as [([Double], [UInt64])])
    func `what the model says of partial answers decides which are stopped`(_ says: [Double], _ dropped: [UInt64])
        throws
    {
        let parameters =
            #"""
            "prior":["1:100:0.5","0:100:0.5"],"max_samples":2,\#
            "beta":0.1,"alpha":1,"every_tokens":50,"self_evaluation":true
            """#
        let session = try session(parameters, host: Self.listing)
        session.runInTurns { request, _ in
            guard let messages = request.messages else { return Self.stream((90, request.id == 1 ? "a" : "b")) }
            #expect(messages.map(\.role) == [.user, .assistant, .user])
            #expect(messages[1].content == String(repeating: ".", count: 50))
            return Self.says(says[Int(request.id) - 3])
        }
        #expect(stopped(session) == dropped)
        let asked = try #require(session.requests.last)
        #expect(asked.sampling == Sampling(temperature: 0, maxTokens: 1, topLogprobs: 20))
        #expect(session.candidates.keys.sorted() == (dropped == [1] ? ["b"] : dropped == [2] ? ["a"] : ["a", "b"]))
    }

    @Test func `a model that says neither word changes nothing, one without log-probabilities is named`() throws {
        let parameters = #"\#(Self.card),"every_tokens":50,"self_evaluation":true"#
        let neither = try session(parameters, host: Self.listing)
        neither.runInTurns { request, _ in
            request.messages == nil ? Self.stream((90, "a")) : .tokens([("Maybe", probability: 1)])
        }
        #expect(stopped(neither).isEmpty)
        #expect(try answer(neither).confidence == 1)
        let silent = try session(parameters, host: Self.listing)
        silent.runInTurns { request, _ in request.messages == nil ? Self.stream((90, "a")) : .text("No") }
        guard case .error(let text) = silent.outcome else { throw ScriptedError("\(silent.outcome)") }
        #expect(text.contains("the model main gave no log-probabilities"))
    }

    // MARK: The answer

    @Test func `ties go to the sample of the higher expected reward, then to the earlier`() throws {
        let parameters = #"\#(Self.card),"max_samples":2,"every_tokens":1000"#
        #expect(try answer(run(parameters, [(300, "a"), (100, "b")])).text.hasSuffix("= b"))
        #expect(try answer(run(parameters, [(100, "a"), (300, "b")])).text.hasSuffix("= a"))
        #expect(try answer(run(parameters, [(100, "a"), (90, "b")])).text.hasSuffix("= a"))
        // Longer than all rows: as the longest.
        #expect(try answer(run(parameters, [(400, "a"), (100, "b")])).text.hasSuffix("= b"))
        let three = try run(
            #"\#(Self.card),"max_samples":3,"every_tokens":1000"#, [(300, "a"), (100, "b"), (300, "a")])
        #expect(try answer(three).text.hasSuffix("= a"), "votes come first")
        #expect(abs((try answer(three).confidence ?? 0) - 2.0 / 3) < 1e-12)
    }

    @Test func `cut-off samples do not vote`() throws {
        let session = try session(#"\#(Self.card),"max_samples":3,"every_tokens":1000"#)
        session.runInTurns { request, _ in
            Self.stream((100, request.id == 3 ? "b" : "a"), request.id == 3 ? .stop : .length)
        }
        #expect(try answer(session).text.hasSuffix("= b"))
        let all = try run(#"\#(Self.card),"max_samples":3,"every_tokens":1000"#, [(100, "a")], finish: .length)
        #expect(try answer(all).kind == .unfinished)
    }

    @Test(arguments: [
        (ScriptedReply.rejected(Rejected(.budget, message: "")), "budget"),
        (.failed(RequestFailed(.server, message: "500")), "request_failed"), (.silence, "nothing left to happen"),
    ])
    func `samples that fail drop out`(_ misfortune: ScriptedReply, _ reason: String) throws {
        let session = try session(#"\#(Self.card),"max_samples":3,"every_tokens":1000"#)
        session.runInTurns { request, _ in request.id == 3 ? misfortune : Self.stream((100, "a")) }
        #expect(try answer(session).text.hasSuffix("= a"))
        #expect(try answer(session).confidence == 1)
        #expect(try answer(session).reason == reason)
    }

    @Test func `a session that is stopped before any sample finished is unfinished`() throws {
        let session = try session("")
        session.step(.start, .chunk(request: 2, Chunk(text: "so far")))
        session.step(.stop(reason: "timeout"))
        // Samples are read in order: the first has nothing yet, the second has a beginning.
        guard case .finished(let answer) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        #expect(answer.reason == "timeout")
        #expect(answer.kind != .answered)
    }
}
