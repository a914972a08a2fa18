import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedAdaptiveInferenceComputeTests {
    private static let host = ScriptedHost(models: [Model(role: "main", name: "m", topLogprobs: 8)])

    private func session(_ parameters: String = "{}", host: ScriptedHost = host) throws -> ScriptedSession {
        try ShippedPlugins.session("adaptive-inference-compute", parameters, host: host)
    }

    private func answer(_ session: ScriptedSession) throws -> Answer {
        guard case .finished(let answer) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        return answer
    }

    /// A self-evaluation's first token, No with probability s.
    private static func says(_ s: Double, of mass: Double = 1) -> ScriptedReply {
        let listed = [Token("No", probability: s * mass), Token(" yes", probability: (1 - s) * mass)]
        let top = s >= 0.5 ? listed[0] : listed[1]
        let alternatives = listed.map { Token.Alternative($0.text, logprob: $0.logprob) }
        return .completion(
            top.text, finish: .length, tokens: [Token(top.text, logprob: top.logprob, alternatives: alternatives)])
    }

    /// The text that a self-evaluation is about.
    private static func evaluated(_ request: ScriptedRequest) -> String? {
        request.messages.map { $0[$0.count - 2].content }
    }

    /// Samples with their self-evaluations, in order.
    private func run(_ parameters: String, _ samples: [(String, Double)]) throws -> ScriptedSession {
        let session = try session(parameters)
        var next = 0
        session.run { request, _ in
            if let text = Self.evaluated(request) { return Self.says(samples.first { $0.0 == text }?.1 ?? 0.5) }
            next += 1
            return .text(samples[next - 1].0)
        }
        return session
    }

    private func samples(_ session: ScriptedSession) -> [ScriptedRequest] {
        session.requests.filter { $0.messages == nil }
    }

    // MARK: One after the other

    @Test func `temperatures rise from greedy to the limit`() throws {
        let session = try run(#"{"max_samples":5,"max_temperature":1}"#, (0..<5).map { ("\($0)", 0.1) })
        #expect(samples(session).map { $0.sampling?.temperature } == [0, 0.5, 0.75, 0.875, 0.9375])
        let half = try run(#"{"max_samples":3,"max_temperature":0.5}"#, (0..<3).map { ("\($0)", 0.1) })
        #expect(samples(half).map { $0.sampling?.temperature } == [0, 0.25, 0.375])
        var host = Self.host
        host.models[0].sampling.temperature = 0.8
        let suite = try self.session(#"{"max_samples":2}"#, host: host)
        suite.run { request, _ in request.messages == nil ? .text("a") : Self.says(0.1) }
        #expect(samples(suite).map { $0.sampling?.temperature } == [0, 0.4])
    }

    @Test(
        arguments: [(0.9, 0.9, 1), (0.95, 0.9, 1), (0.89, 0.9, 16), (1, 1, 16), (0.5, 0.5, 1), (0, 0, 1)]
            as [(Double, Double, Int)])
    func `a constant self-evaluation stops at once or never`(_ s: Double, _ threshold: Double, _ count: Int) throws {
        let session = try run(#"{"threshold":\#(threshold)}"#, (0..<16).map { ("\($0)", s) })
        #expect(samples(session).count == count)
        #expect(session.notes.contains("samples: \(count)"))
        let found = try answer(session)
        #expect(found.text == "0", "the earlier of equal ones")
        #expect(found.reason == (count == 1 ? "threshold" : "max_samples"))
        #expect(abs((found.confidence ?? -1) - s) < 1e-12)
    }

    @Test func `the best is the answer, not the last`() throws {
        let session = try run(#"{"max_samples":4}"#, [("a", 0.3), ("b", 0.8), ("c", 0.8), ("d", 0.1)])
        #expect(try answer(session).text == "b")
        #expect(abs((try answer(session).confidence ?? 0) - 0.8) < 1e-12)
    }

    /// With perfect self-evaluation a right sample ends it: (1 − (1 − p)^N) / p samples, right with 1 − (1 − p)^N.
    @Test(arguments: [(0.3, 16), (0.5, 4), (0.1, 3)]) func `perfect self-evaluation draws as many samples as expected`(
        _ p: Double, _ most: Int
    )
        throws
    {
        var chance = DecodingChance(seed: 17)
        var drawn = 0
        var right = 0
        let runs = 1500
        for _ in 0..<runs {
            let session = try session(#"{"max_samples":\#(most)}"#)
            session.run { request, _ in
                if let text = Self.evaluated(request) { return Self.says(text == "right" ? 1 : 0) }
                return .text(chance.uniform() < p ? "right" : "wrong")
            }
            drawn += samples(session).count
            right += try answer(session).text == "right" ? 1 : 0
        }
        var miss = 1.0
        for _ in 0..<most { miss *= 1 - p }
        let expected = (1 - miss) / p
        #expect(abs(Double(drawn) / Double(runs) - expected) < 0.06 * expected)
        #expect(abs(Double(right) / Double(runs) - (1 - miss)) < 0.04)
    }

    // MARK: Self-evaluation

    @Test func `the model is asked for one token about its own answer`() throws {
        let session = try run(#"{"max_samples":1,"question":"Again?"}"#, [("x = 4", 0.7)])
        let request = try #require(session.requests.last)
        #expect(request.messages == [Message(.user, "1 + 1?"), Message(.assistant, "x = 4"), Message(.user, "Again?")])
        #expect(request.sampling == Sampling(temperature: 0, maxTokens: 1, topLogprobs: 8))
        #expect(request.prefix.isEmpty)
    }

    @Test(
        arguments: [
            ([("No", 0.6), ("Yes", 0.2)], 0.75), ([("No", 0.3), (" NO", 0.3), ("yes.", 0.2)], 0.75),
            ([("No", 0.01), ("Maybe", 0.9)], 1),
            ([("Yes", 0.9)], 0), ([("Maybe", 0.9), ("Nope", 0.1)], 0.5), ([("", 0.9)], 0.5),
        ] as [([(String, Double)], Double)])
    func `s is the share of no among no and yes`(_ listed: [(String, Double)], _ s: Double) throws {
        let session = try session(#"{"max_samples":1}"#)
        let tokens = listed.map { Token($0.0, probability: $0.1) }
        let alternatives = tokens.map { Token.Alternative($0.text, logprob: $0.logprob) }
        let first = Token(tokens[0].text, logprob: tokens[0].logprob, alternatives: alternatives)
        session.run { request, _ in request.messages == nil ? .text("a") : .completion("reply", tokens: [first]) }
        #expect(abs((try answer(session).confidence ?? -1) - s) < 1e-12)
        #expect(session.notes.contains("undecided: 1") == (s == 0.5))
    }

    @Test func `other words may be asked for`() throws {
        let session = try session(#"{"max_samples":1,"fine_word":"Fertig","again_word":"Nochmal"}"#)
        let tokens = [Token("fertig", probability: 0.6), Token("Nochmal", probability: 0.4)]
        let alternatives = tokens.map { Token.Alternative($0.text, logprob: $0.logprob) }
        session.run { request, _ in
            request.messages == nil
                ? .text("a")
                : .completion("fertig", tokens: [Token("fertig", probability: 0.6, alternatives: alternatives)])
        }
        #expect(abs((try answer(session).confidence ?? 0) - 0.6) < 1e-12)
        let same = try self.session(#"{"fine_word":"no","again_word":"No"}"#)
        same.step(.start)
        #expect(same.outcome == .failed("fine_word and again_word must be two different words"))
    }

    @Test(arguments: [0, 8]) func `without log-probabilities replies are counted`(_ limit: Int) throws {
        let host = ScriptedHost(models: [Model(role: "main", name: "m", topLogprobs: limit)])
        let session = try session(#"{"max_samples":1,"replies":5}"#, host: host)
        let replies = ["No.", "no", "Yes, it would", "**No**", "Perhaps"]
        session.run { request, index in
            request.messages == nil ? .text("a") : .text(replies[request.n == 5 ? index : 4])
        }
        #expect(try answer(session).confidence == 0.75)
        #expect(session.requests.map(\.n) == (limit == 0 ? [1, 5] : [1, 1, 5]))
    }

    // MARK: Many at once

    /// Streams of one token a chunk, each with a self-evaluation for its beginning and one for its end.
    private func prune(_ parameters: String, _ texts: [(String, Double, Double)], limit: Int, isLate: Bool = false)
        throws
        -> ScriptedSession
    {
        let session = try session(
            #"{"mode":"prune","max_samples":\#(texts.count),"check_tokens":\#(limit),\#(parameters)}"#)
        session.runInTurns(cancelsTooLate: isLate) { request, _ in
            if let text = Self.evaluated(request) {
                let whole = texts.first { $0.0 == text }
                return Self.says(whole?.2 ?? texts.first { $0.0.hasPrefix(text) }?.1 ?? 0.5)
            }
            return .streamed(texts[Int(request.id) - 1].0.map { String($0) })
        }
        return session
    }

    private let four = [("a1234", 0.9, 0.1), ("b1234", 0.2, 0.9), ("c1234", 0.5, 0.6), ("d1234", 0.5, 0.9)]

    private func cancelled(_ session: ScriptedSession) -> [UInt64] {
        session.actions.compactMap { if case .cancel(let request) = $0.body { request } else { nil } }.sorted()
    }

    @Test(
        arguments: [
            (0.5, [2, 4], "c1234"), (0.75, [2, 3, 4], "a1234"), (0.25, [2], "d1234"), (0, [], "b1234"),
            (1, [2, 3, 4], "a1234"),
            (0.4, [2], "d1234"),
        ] as [(Double, [UInt64], String)])
    func `the worst beginnings are cancelled, and the best end is the answer`(
        _ share: Double, _ pruned: [UInt64], _ text: String
    ) throws {
        for isLate in [false, true] {
            let session = try prune(#""prune_share":\#(share)"#, four, limit: 2, isLate: isLate)
            #expect(cancelled(session) == pruned)
            #expect(try answer(session).text == text)
            #expect(try answer(session).reason == "pruned")
            #expect(session.notes.contains("pruned: \(pruned.count) of 4"))
            let partial = session.requests.compactMap { Self.evaluated($0) }.prefix(4)
            #expect(partial == ["a1", "b1", "c1", "d1"])
            #expect(session.requests.count == 4 + 4 + 4 - pruned.count)
        }
    }

    @Test func `streams that ended before are not pruned`() throws {
        let session = try prune(
            #""prune_share":1"#, [("a", 0, 0.3), ("b1234", 0.2, 0.1), ("c1234", 0.9, 0.2)], limit: 3)
        #expect(cancelled(session) == [2])
        #expect(try answer(session).text == "a")
        let short = try prune(#""prune_share":1"#, [("a", 0, 0.3), ("b", 0, 0.4)], limit: 3)
        #expect(cancelled(short).isEmpty)
        #expect(try answer(short).text == "b")
    }

    // MARK: Ends

    @Test func `cut-off and empty samples count as samples only`() throws {
        let session = try session(#"{"max_samples":4}"#)
        let replies: [ScriptedReply] = [.cutOff("x = 9"), .text(""), .text("x = 4"), .cutOff("y")]
        var next = 0
        session.run { request, _ in
            if request.messages != nil { return Self.says(0.6) }
            next += 1
            return replies[next - 1]
        }
        #expect(try answer(session).text == "x = 4")
        #expect(session.requests.filter { $0.messages != nil }.count == 1)
        #expect(session.notes.contains("samples: 4"))
    }

    @Test(arguments: [
        (ScriptedReply.rejected(Rejected(.budget, message: "")), "budget"),
        (.failed(RequestFailed(.server, message: "500")), "request_failed"), (.silence, "nothing left to happen"),
    ])
    func `the best so far is the answer when something fails`(_ misfortune: ScriptedReply, _ reason: String) throws {
        // The third sample, its evaluation, or the first evaluation fail.
        for (failing, isSample, text, s) in [(3, true, "1", 0.4), (3, false, "1", 0.4), (1, false, "1", nil)]
            as [(Int, Bool, String, Double?)]
        {
            let session = try session(#"{"max_samples":5}"#)
            var drawn = 0
            session.run { request, _ in
                if request.messages != nil {
                    return drawn == failing && !isSample ? misfortune : Self.says(0.5 - 0.1 * Double(drawn))
                }
                drawn += 1
                return drawn == failing && isSample ? misfortune : .text("\(drawn)")
            }
            let found = try answer(session)
            #expect(found.text == text)
            #expect(found.reason == reason)
            #expect(s == nil ? found.confidence == nil : abs((found.confidence ?? 0) - (s ?? 0)) < 1e-12)
        }
    }

    @Test func `pruning goes on with the streams that came`() throws {
        let session = try session(#"{"mode":"prune","max_samples":3,"check_tokens":1,"prune_share":0}"#)
        session.run { request, _ in
            if let text = Self.evaluated(request) { return Self.says(text.hasPrefix("b") ? 0.9 : 0.5) }
            return request.id == 1
                ? .failed(RequestFailed(.server, message: "500")) : .streamed([request.id == 2 ? "b" : "c", "1"])
        }
        #expect(try answer(session).text == "b1")
        #expect(try answer(session).reason == "request_failed")
        let stopped = try self.session(#"{"mode":"prune","max_samples":1}"#)
        stopped.step(.start, .chunk(request: 1, Chunk(text: "so far")))
        stopped.step(.stop(reason: "timeout"))
        #expect(stopped.outcome == .finished(Answer("so far", kind: .unfinished, reason: "timeout")))
    }
}
