import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedSpeculativeTests {
    private func session(_ parameters: String, host: ScriptedHost = ShippedPlugins.host) throws -> ScriptedSession {
        try ShippedPlugins.session("speculative", parameters, host: host)
    }

    private func answer(_ session: ScriptedSession) throws -> Answer {
        guard case .finished(let answer) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        return answer
    }

    private func note(_ key: String, _ session: ScriptedSession) throws -> Double {
        let note = try #require(session.notes.first { $0.hasPrefix(key + ": ") })
        return try #require(Double(note.dropFirst(key.count + 2)))
    }

    private func tokens(_ words: [String]) -> [Token] { words.map { Token($0, probability: 0.9) } }

    /// A draft and a target that write fixed tokens of one byte each.
    @discardableResult
    private func run(_ parameters: String, draft: String, target: String) throws -> ScriptedSession {
        let session = try session(parameters)
        let models = ["": draft, "strong": target].mapValues { DecodingWriter(tokens: tokens($0.map { String($0) })) }
        session.run { request, _ in models[request.model]?.reply(to: request) ?? .silence }
        return session
    }

    // MARK: Greedy

    /// A target, and a draft that agrees with it now and then, cuts words otherwise and ends where it likes.
    private struct Pair {
        let words: [String]
        let agreement: Double
        var splits = 0.3
        var ends = 0.05
        var chance: DecodingChance

        mutating func reply(to request: ScriptedRequest) -> ScriptedReply {
            let rest = rest(of: request.prefix)
            guard request.model.isEmpty else { return DecodingWriter.reply(to: request, rest) }
            var proposed: [Token] = []
            for token in rest {
                if chance.uniform() < ends { break }
                if chance.uniform() >= agreement {
                    proposed.append(Token("?", probability: 0.5))
                } else if token.text.count > 1, chance.uniform() < splits {
                    proposed += token.text.map { Token(String($0), probability: 0.8) }
                } else {
                    proposed.append(token)
                }
            }
            return DecodingWriter.reply(to: request, proposed)
        }

        /// What the target writes after a text; something else where the text is not its own.
        private func rest(of prefix: String) -> [Token] {
            var text = ""
            for place in words.indices {
                if text.utf8.count >= prefix.utf8.count {
                    return text == prefix
                        ? words[place...].map { Token($0, probability: 0.9) } : [Token("!", probability: 0.5)]
                }
                text += words[place]
            }
            return text == prefix ? [] : [Token("!", probability: 0.5)]
        }
    }

    @Test(arguments: [
        #"{}"#, #"{"candidates":1}"#, #"{"candidates":9}"#, #"{"length":"adaptive"}"#,
        #"{"length":"adaptive","stop_threshold":0.05,"min_candidates":1}"#, #"{"verify":"score"}"#,
        #"{"verify":"score","candidates":7}"#,
        #"{"verify":"score","length":"adaptive"}"#,
    ])
    func `greedy text is the target's own, however the draft agrees`(_ parameters: String) throws {
        for seed in 1...12 {
            var chance = DecodingChance(seed: seed)
            let vocabulary = ["a", "bc", "é", "def ", " ", "gh", "ïj", "k"]
            let words = (0..<40).map { _ in vocabulary[Int(chance.uniform() * 8)] }
            var pair = Pair(words: words, agreement: Double(seed) / 12, chance: chance)
            let session = try session(parameters)
            session.run { request, _ in pair.reply(to: request) }
            #expect(session.outcome == .finished(Answer(words.joined(), reason: "complete")), "\(seed)")
            #expect(try note("tokens", session) == 40)
        }
    }

    @Test(arguments: [
        (0.8, 4, 3.3616), (0.8, 8, 4.328911), (0.9, 8, 6.125795), (0.6, 4, 2.3056), (1, 4, 5), (0, 4, 1),
    ])
    func `a round is expected to add`(_ alpha: Double, _ candidates: Int, _ expected: Double) throws {
        let session = try run(#"{"alpha":\#(alpha),"candidates":\#(candidates)}"#, draft: "ab", target: "ab")
        #expect(abs(try note("expected_tokens", session) - expected) < 1e-6)
    }

    @Test(arguments: [("generate", 0.8, 4, 3.3616), ("score", 0.6, 4, 2.3056)])
    func `rounds add as many tokens as expected`(
        _ verify: String, _ alpha: Double, _ candidates: Int, _ expected: Double
    ) throws {
        let words = Array(repeating: "ab", count: 1500)
        var pair = Pair(words: words, agreement: alpha, splits: 0, ends: 0, chance: DecodingChance(seed: 5))
        let session = try session(#"{"candidates":\#(candidates),"verify":"\#(verify)","max_rounds":1500}"#)
        session.run { request, _ in pair.reply(to: request) }
        #expect(try answer(session).reason == "complete")
        #expect(abs(1 / (try note("verification_rate", session)) - expected) < 0.15)
        #expect(abs(try note("acceptance_rate", session) - alpha) < 0.03)
    }

    @Test func `rates count what was proposed, accepted and judged`() throws {
        // Rounds: abcX -> abcd (3 of 4, one rejected), efgh -> all, the target's i; then both end.
        let session = try run("{}", draft: "abcXefghi", target: "abcdefghi")
        #expect(try answer(session) == Answer("abcdefghi", reason: "complete"))
        #expect(try note("rounds", session) == 3)
        #expect(try note("draft_tokens", session) == 8)
        #expect(abs(try note("acceptance_rate", session) - 7.0 / 8) < 1e-12)
        #expect(abs(try note("discard_rate", session) - 1.0 / 9) < 1e-12)
        #expect(abs(try note("verification_rate", session) - 3.0 / 9) < 1e-12)
        #expect(try note("target_calls", session) == 3)
        #expect(try note("target_prompt_tokens", session) == 30)
        let targets = session.requests.filter { $0.model == "strong" }
        #expect(targets.map(\.prefix) == ["", "abcd", "abcdefghi"])
        #expect(targets.map { $0.sampling?.maxTokens } == [5, 5, 1])
        #expect(targets.allSatisfy { $0.sampling?.temperature == 0 })
        let positions = try run(#"{"verify":"score"}"#, draft: "abcXefghi", target: "abcdefghi")
        #expect(try note("target_calls", positions) == 5 + 5 + 1)
        #expect(try note("acceptance_rate", positions) == note("acceptance_rate", session))
    }

    @Test func `where the target ends, what the draft goes on with is rejected`() throws {
        for verify in ["generate", "score"] {
            let session = try run(#"{"verify":"\#(verify)"}"#, draft: "abcd", target: "ab")
            #expect(try answer(session) == Answer("ab", reason: "complete"))
            #expect(try note("acceptance_rate", session) == 2.0 / 3)
            #expect(try note("discard_rate", session) == 1)
        }
    }

    // MARK: Candidate length

    @Test(arguments: [(1.0, 4.0, 0.0, 0.8), (1, 4, 1, 0.8333333), (1, 0, 0, 0), (0, 4, 0, 1)])
    func `the theorem's threshold of stopping is`(
        _ discard: Double, _ target: Double, _ delta: Double, _ threshold: Double
    ) throws {
        let session = try run(
            #"{"length":"adaptive","cost_discard":\#(discard),"cost_target":\#(target),"delta":\#(delta)}"#,
            draft: "ab", target: "ab")
        #expect(abs(try note("threshold", session) - threshold) < 1e-6)
    }

    /// With h = .3 and p = .9 it is 1 − .9^4 = .3439 that is too much: the first token is not counted, so that five are
    /// proposed.
    @Test(arguments: [
        (#""min_candidates":2"#, 0.9, 5), ("\"stop_threshold\":0.35", 0.9, 6), (#""min_candidates":7"#, 0.9, 7),
        ("\"gamma\":0", 0.1, 2),
        (#""gamma":0"#, 0.99, 20), (#""max_candidates":3"#, 0.9, 3), (#""cost_discard":1,"cost_target":0"#, 0.99, 2),
        (#""stop_threshold":1"#, 0.01, 20),
    ])
    func `an adaptive draft ends when a rejection is likely`(_ parameters: String, _ probability: Double, _ count: Int)
        throws
    {
        let session = try session(#"{"length":"adaptive","max_rounds":1,\#(parameters)}"#)
        let draft = DecodingWriter(tokens: (0..<30).map { _ in Token("a", probability: probability) })
        session.run { request, _ in draft.reply(to: request) }
        #expect(try note("draft_tokens", session) == Double(count))
        let isCut = session.actions.contains { if case .cancel = $0.body { true } else { false } }
        #expect(isCut == (count < 20 && !parameters.contains("max_candidates")))
    }

    /// H = ln 2 for two equal tokens, so that p = 1 − √(.2 · .6931) = .6277.
    @Test(arguments: [(0.2, 0.37, 2), (0.2, 0.38, 3), (0.0, 0.3, 20), (2.0, 0.99, 2)])
    func `the draft's entropy stands for acceptance`(_ gamma: Double, _ threshold: Double, _ count: Int) throws {
        let session = try session(
            #"""
            {"length":"adaptive","max_rounds":1,"acceptance":"entropy",\#
            "gamma":\#(gamma),"stop_threshold":\#(threshold)}
            """#
        )
        let even = Token(
            "a", probability: 0.5,
            alternatives: [.init("a", logprob: -0.6931471806), .init("b", logprob: -0.6931471806)])
        let draft = DecodingWriter(tokens: Array(repeating: even, count: 30))
        session.run { request, _ in draft.reply(to: request) }
        #expect(try note("draft_tokens", session) == Double(count))
    }

    // MARK: Sampling

    private static let host = ScriptedHost(
        models: [Model(role: "main", name: "m", topLogprobs: 50), Model(role: "strong", name: "s", topLogprobs: 5)],
        seed: 7)

    private func token(_ text: String, _ distribution: [(String, Double)]) -> Token {
        let alternatives = distribution.map { Token($0.0, probability: $0.1) }.map {
            Token.Alternative($0.text, logprob: $0.logprob)
        }
        return Token(text, probability: distribution.first { $0.0 == text }?.1 ?? 0.01, alternatives: alternatives)
    }

    /// Draft and target draw each token from distributions of their own.
    private func sample(
        _ tokens: Int, candidates: Int, draft: [(String, Double)], target: [(String, Double)], seed: Int
    ) throws
        -> ScriptedSession
    {
        let session = try session(
            #"""
            {"mode":"sampling","verify":"score",\#
            "candidates":\#(candidates),"max_tokens":\#(tokens),"max_rounds":\#(tokens)}
            """#,
            host: Self.host)
        var chance = DecodingChance(seed: seed)
        session.run { request, _ in
            let distribution = request.model.isEmpty ? draft : target
            let drawn = (0..<(request.sampling?.maxTokens ?? 1)).map { _ in
                token(chance.draw(distribution), distribution)
            }
            return .completion(drawn.map(\.text).joined(), finish: .length, tokens: drawn)
        }
        return session
    }

    private func chiSquare(_ text: String, _ distribution: [(String, Double)]) -> Double {
        distribution.reduce(0) { sum, entry in
            let expected = Double(text.count) * entry.1
            let difference = Double(text.count { String($0) == entry.0 }) - expected
            return sum + difference * difference / expected
        }
    }

    @Test(arguments: [1, 4]) func `speculative sampling draws from the target's distribution`(_ candidates: Int) throws
    {
        let draft = [("a", 0.2), ("b", 0.3), ("c", 0.5)]
        let target = [("a", 0.5), ("b", 0.4), ("c", 0.1)]
        let session = try sample(3000, candidates: candidates, draft: draft, target: target, seed: 3)
        let text = try answer(session).text
        #expect(text.count >= 3000)
        // 13.8 is the value that two degrees of freedom exceed once in a thousand times.
        #expect(chiSquare(text, target) < 13.8)
        #expect(chiSquare(text, draft) > 1000)
        #expect(session.notes.contains("sampling: exact"))
        // A token is accepted with probability Σ min(p, q).
        #expect(abs(try note("acceptance_rate", session) - 0.6) < 0.04)
        let first = try #require(session.requests.first { $0.model == "strong" })
        #expect(first.sampling == Sampling(temperature: 1, topP: 1, minP: 0, topK: 0, maxTokens: 1, topLogprobs: 5))
    }

    @Test func `sampling from incomplete lists is noted as lossy`() throws {
        let session = try sample(
            40, candidates: 4, draft: [("a", 0.6), ("b", 0.4)], target: [("a", 0.5), ("b", 0.4)], seed: 1)
        #expect(session.notes.contains { $0.hasPrefix("sampling: lossy: ") })
    }

    /// min(ε, δ·e^(−H)) with ε = .09, δ = .3: for .95 and .05 it is ε; for four times .2 and a tail of .2, H = ln 5, it
    /// is .06.
    @Test(arguments: [
        ("b", [("a", 0.93), ("b", 0.05)], false), ("b", [("a", 0.85), ("b", 0.1)], true),
        ("e", [("a", 0.2), ("b", 0.2), ("c", 0.2), ("d", 0.13), ("e", 0.07)], true),
        ("e", [("a", 0.2), ("b", 0.2), ("c", 0.2), ("d", 0.15), ("e", 0.05)], false),
        // A token that is not listed counts with all of the rest.
        ("z", [("a", 0.8), ("b", 0.15)], false), ("z", [("a", 0.6), ("b", 0.1)], true),
    ])
    func `typical acceptance keeps what is likely enough`(
        _ proposed: String, _ target: [(String, Double)], _ isKept: Bool
    ) throws {
        let session = try session(
            #"{"mode":"sampling","verify":"score","candidates":1,"max_rounds":1}"#, host: Self.host)
        session.run { request, _ in
            let token = request.model.isEmpty ? Token(proposed, probability: 0.5) : token("a", target)
            return .completion(token.text, finish: .length, tokens: [token])
        }
        #expect(try answer(session).text == (isKept ? proposed + "a" : "a"))
        #expect(try note("acceptance_rate", session) == (isKept ? 1 : 0))
    }

    @Test func `a host is asked to score once a round, and the target at each position if it does not`() throws {
        let session = try run(
            #"{"mode":"sampling","verify":"score","candidates":2,"max_rounds":1}"#, draft: "abcd", target: "abcd")
        #expect(session.requests.count == 4)
        var host = ShippedPlugins.host
        host.services = [ServiceInfo("loglik", kind: "score", description: .object([.init("role", .string("strong"))]))]
        let scoring = try ShippedPlugins.session(
            "speculative", #"{"mode":"sampling","verify":"score","candidates":2,"max_rounds":1}"#, host: host)
        var scored: [String] = []
        scoring.run(service: { _, payload in
            scored.append(payload["continuation"]?.string ?? "")
            return nil
        }) { request, _ in DecodingWriter(tokens: tokens(["a", "b", "c", "d"])).reply(to: request) }
        #expect(scored == ["ab"])
        #expect(scoring.requests.count == 4)
    }

    @Test(arguments: [(0.9, 2), (0.4, 6)])
    func `a service that scores spares the questions about tokens that are certain`(_ probability: Double, _ calls: Int)
        throws
    {
        var host = ShippedPlugins.host
        host.services = [ServiceInfo("loglik", kind: "score", description: .object([.init("role", .string("strong"))]))]
        let session = try ShippedPlugins.session("speculative", #"{"verify":"score","max_rounds":1}"#, host: host)
        let writer = DecodingWriter(tokens: tokens("abcdefgh".map { String($0) }))
        var scored: [String] = []
        session.run(service: { _, payload in
            let text = payload["continuation"]?.string ?? ""
            scored.append(text)
            return Self.score(text.map { (String($0), probability) })
        }) { request, _ in writer.reply(to: request) }
        // One call for four tokens, and the target's own; each that is less than certain is asked about as well.
        #expect(scored == ["abcd"])
        #expect(try note("target_calls", session) == Double(calls))
        #expect(try answer(session).text == "abcde")
        let asked = session.requests.filter { $0.model == "strong" }.map(\.prefix)
        #expect(asked == (probability > 0.5 ? ["abcd"] : ["", "a", "ab", "abc", "abcd"]))
    }

    @Test func `with a service the text is the target's own, whatever is drafted and however sure it is`() throws {
        var host = ShippedPlugins.host
        host.services = [ServiceInfo("loglik", kind: "score", description: .object([.init("role", .string("strong"))]))]
        for (draft, target) in [("abXdef", "abcdef"), ("Xbc", "abc"), ("abcdef", "ab"), ("abcdef", "abcdef")] {
            let session = try ShippedPlugins.session("speculative", #"{"verify":"score"}"#, host: host)
            let models = ["": draft, "strong": target].mapValues {
                DecodingWriter(tokens: tokens($0.map { String($0) }))
            }
            session.run(service: { _, payload in
                let prefix = payload["prefix"]?.string ?? ""
                let text = payload["continuation"]?.string ?? ""
                return Self.score(
                    text.enumerated().map { index, letter in
                        // The target's own tokens have .9 or, every third, .4; others .1.
                        let place = prefix.count + index
                        let isOwn = Array(target).indices.contains(place) && Array(target)[place] == letter
                        return (String(letter), isOwn ? (place % 3 == 2 ? 0.4 : 0.9) : 0.1)
                    })
            }) { request, _ in models[request.model]?.reply(to: request) ?? .silence }
            #expect(try answer(session) == Answer(target, reason: "complete"), "\(draft)")
        }
    }

    @Test func `scores of other tokens are not used`() throws {
        var host = ShippedPlugins.host
        host.services = [ServiceInfo("loglik", kind: "score", description: .object([.init("role", .string("strong"))]))]
        let session = try ShippedPlugins.session(
            "speculative", #"{"verify":"score","candidates":2,"max_rounds":1}"#, host: host)
        session.run(service: { _, _ in Self.score([("ab", 0.9)]) }) { request, _ in
            DecodingWriter(tokens: tokens(["a", "b", "c", "d"])).reply(to: request)
        }
        // The call, and a question at each of three places.
        #expect(try note("target_calls", session) == 4)
        #expect(try answer(session).text == "abc")
    }

    private static func score(_ tokens: [(String, Double)]) -> ServiceResult {
        let entries = tokens.map { token in
            JSONValue.object([
                .init("token", .string(token.0)), .init("logprob", .double(Token("", probability: token.1).logprob)),
            ])
        }
        return ServiceResult(
            .object([
                .init("logprob", .double(tokens.reduce(0) { $0 + Token("", probability: $1.1).logprob })),
                .init("tokens", .array(entries)), .init("token_count", .integer(tokens.count)),
            ]))
    }

    // MARK: Ends

    @Test(arguments: [
        (#""max_tokens":5"#, "abcde", "cut_off"), (#""max_tokens":6"#, "abcdef", "cut_off"),
        (#""max_rounds":1"#, "abcde", "max_rounds"),
    ])
    func `a text that is cut off is unfinished`(_ parameter: String, _ text: String, _ reason: String) throws {
        for verify in ["generate", "score"] {
            let session = try run(#"{"verify":"\#(verify)",\#(parameter)}"#, draft: "abcdefghi", target: "abcdefghi")
            #expect(try answer(session) == Answer(text, kind: .unfinished, reason: reason), "\(verify)")
            #expect(session.requests.allSatisfy { $0.sampling?.maxTokens ?? 1 > 0 })
        }
    }

    @Test func `the suite's limit for the target holds`() throws {
        var host = ShippedPlugins.host
        host.models[2].sampling.maxTokens = 3
        let session = try session("{}", host: host)
        session.run { request, _ in DecodingWriter(tokens: tokens(["a", "b", "c", "d"])).reply(to: request) }
        #expect(try answer(session) == Answer("abc", kind: .unfinished, reason: "cut_off"))
    }

    @Test(arguments: [
        (ScriptedReply.rejected(Rejected(.budget, message: "")), "budget"),
        (.failed(RequestFailed(.server, message: "500")), "request_failed"), (.silence, "nothing left to happen"),
    ])
    func `what was written when something fails is unfinished`(_ misfortune: ScriptedReply, _ reason: String) throws {
        for (verify, model) in [("generate", "strong"), ("score", "strong"), ("score", "")] {
            let session = try session(#"{"verify":"\#(verify)","candidates":2}"#)
            let writer = DecodingWriter(tokens: tokens(["a", "b", "c", "d", "e"]))
            session.run { request, _ in
                request.model == model && request.prefix.count >= 3 ? misfortune : writer.reply(to: request)
            }
            #expect(try answer(session) == Answer("abc", kind: .unfinished, reason: reason))
        }
    }

    @Test(arguments: [
        (#"{"target":"judge"}"#, "no model with the role judge"), (#"{"mode":"sampling"}"#, "needs verify: score"),
        (#"{"min_candidates":9,"max_candidates":8}"#, "min_candidates (9) is more than max_candidates (8)"),
        (#"{"cost_target":4}"#, "together or not at all"),
    ])
    func `wrong parameters are refused`(_ parameters: String, _ text: String) throws {
        let session = try run(parameters, draft: "a", target: "a")
        switch session.outcome {
        case .failed(let message), .error(let message): #expect(message.contains(text))
        default: Issue.record("\(session.outcome)")
        }
    }

    @Test(arguments: [("", "main"), ("strong", "strong")]) func `the model without log-probabilities is named`(
        _ model: String, _ role: String
    ) throws {
        let session = try session("{}")
        session.run { request, _ in request.model == model ? .text("ab") : .tokens([("a", 0.9), ("b", 0.9)]) }
        guard case .error(let text) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        #expect(text.contains("the model \(role) gave no log-probabilities"))
    }
}
