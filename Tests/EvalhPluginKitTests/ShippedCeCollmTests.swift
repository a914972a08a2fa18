import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedCeCollmTests {
    private func answer(_ session: ScriptedSession) throws -> Answer {
        guard case .finished(let answer) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        return answer
    }

    private func note(_ key: String, _ session: ScriptedSession) throws -> Double {
        let note = try #require(session.notes.first { $0.hasPrefix(key + ": ") })
        return try #require(Double(note.dropFirst(key.count + 2)))
    }

    /// An edge that is surer of some tokens than of others, and a cloud; both cut texts at the same bytes.
    private let edge = DecodingWriter(
        tokens: [("a", 0.9), ("b", 0.5), ("c", 0.85), ("d", 0.3), ("e", 0.95), ("f", 0.8)].map {
            Token($0.0, probability: $0.1)
        })
    private let cloud = DecodingWriter(tokens: ["A", "B", "C", "D", "E", "F"].map { Token($0, probability: 0.9) })

    @discardableResult
    private func run(_ parameters: String, cancelsTooLate: Bool = false, cloud reply: ScriptedReply? = nil) throws
        -> ScriptedSession
    {
        let session = try ShippedPlugins.session("ce-collm", parameters)
        session.run(cancelsTooLate: cancelsTooLate) { request, _ in
            request.model == "strong" ? reply ?? cloud.reply(to: request) : edge.reply(to: request)
        }
        return session
    }

    @Test(arguments: [
        (0.0, "abcdef"), (0.3, "abcdef"), (0.4, "abcDef"), (0.8, "aBcDef"), (0.81, "aBcDeF"), (0.9, "aBCDeF"),
        (1, "ABCDEF"), (2, "ABCDEF"),
    ])
    func `tokens below the threshold are the cloud's`(_ theta: Double, _ text: String) throws {
        for isLate in [false, true] {
            let session = try run(#"{"theta":\#(theta)}"#, cancelsTooLate: isLate)
            #expect(try answer(session).text == text)
            #expect(try answer(session).kind == .answered)
            let asked = session.requests.filter { $0.model == "strong" }
            #expect(asked.allSatisfy { $0.sampling == Sampling(temperature: 0, maxTokens: 1) })
            let upper = Double(text.filter(\.isUppercase).count)
            #expect(try note("cloud_tokens", session) == upper)
            #expect(try note("edge_tokens", session) == 6 - upper)
            #expect(try note("cloud_rate", session) == upper / 6)
        }
    }

    @Test func `the edge alone asks once, and above 1 the cloud decides where the text ends`() throws {
        let alone = try run(#"{"theta":0}"#)
        #expect(alone.requests.count == 1)
        #expect(try answer(alone).reason == "complete")
        #expect(alone.requests[0].sampling == Sampling(temperature: 0, topLogprobs: 0))
        // The cloud's text is longer than the edge's.
        let session = try ShippedPlugins.session("ce-collm", #"{"theta":2}"#)
        let longer = DecodingWriter(tokens: cloud.tokens + [Token("G", probability: 0.9)])
        session.run { request, _ in request.model == "strong" ? longer.reply(to: request) : edge.reply(to: request) }
        #expect(session.outcome == .finished(Answer("ABCDEFG", reason: "cloud_end")))
        #expect(try note("cloud_rate", session) == 1)
    }

    @Test func `the cloud's share grows with the threshold, and above 1 the text is the cloud's`() throws {
        for seed in 1...10 {
            var chance = DecodingChance(seed: seed)
            let pieces = ["a", "bc", "é", "d e", "\n"]
            let words = (0..<30).map { _ in pieces[Int(chance.uniform() * 5)] }
            let sure = words.map { Token($0.uppercased(), probability: chance.uniform()) }
            let cloud = DecodingWriter(tokens: words.map { Token($0, probability: 0.9) })
            var rates: [Double] = []
            for theta in [0, 0.2, 0.5, 0.8, 0.9, 1, 1.1] {
                let session = try ShippedPlugins.session("ce-collm", #"{"theta":\#(theta)}"#)
                session.run { request, _ in
                    request.model == "strong"
                        ? cloud.reply(to: request) : DecodingWriter(tokens: sure).reply(to: request)
                }
                rates.append(try note("cloud_rate", session))
                if theta == 0 { #expect(try answer(session).text == sure.map(\.text).joined()) }
                if theta > 1 { #expect(try answer(session).text == words.joined()) }
            }
            #expect(rates == rates.sorted())
            #expect(rates.first == 0)
            #expect(rates.last == 1)
        }
    }

    @Test func `a cloud that writes several tokens is asked less often`() throws {
        let session = try run(#"{"cloud_tokens":3}"#)
        #expect(try answer(session).text == "aBCDef")
        #expect(try note("cloud_calls", session) == 1)
        // The prompt "1 + 1?" and "a".
        #expect(try note("bytes_up", session) == 7)
        let single = try run("{}")
        #expect(try note("bytes_up", single) == 7 + 9)
    }

    @Test func `the text is cut where the unsure token begins, wherever chunks end`() throws {
        let tokens = [("hé", 0.9), ("llo", 0.95), (" wörld", 0.2), ("!", 0.9)].map { Token($0.0, probability: $0.1) }
        let text = tokens.map(\.text).joined()
        for chunks in [[Chunk(text: text, tokens: tokens)], tokens.map { Chunk(text: $0.text, tokens: [$0]) }] {
            let session = try ShippedPlugins.session("ce-collm")
            session.run { request, _ in
                request.model == "strong" ? .text(" all") : .completion(text, tokens: tokens, chunks: chunks)
            }
            #expect(session.outcome == .finished(Answer("héllo all", reason: "cloud_end")))
            #expect(try note("edge_tokens", session) == 2)
            #expect(try note("discarded_tokens", session) == (chunks.count == 1 ? 2 : 1))
        }
    }

    @Test(arguments: [
        (ScriptedReply.failed(RequestFailed(.transport, message: "down")), "failed"),
        (.rejected(Rejected(.budget, message: "")), "budget"),
        (.rejected(Rejected(.unsupported, message: "")), "rejected"),
        (.completion("", finish: .length), "empty"),
    ])
    func `without the cloud the edge goes on, and says so`(_ reply: ScriptedReply, _ state: String) throws {
        for theta in ["0.8", "2"] {
            let session = try run(#"{"theta":\#(theta)}"#, cloud: reply)
            #expect(session.outcome == .finished(Answer("abcdef", reason: "complete")))
            #expect(session.notes.contains("cloud: \(state)"))
            #expect(session.requests.filter { $0.model == "strong" }.count == 1)
            #expect(try note("cloud_rate", session) == 0)
        }
    }

    @Test func `after its calls the cloud is not asked any more`() throws {
        let session = try run(#"{"theta":2,"max_cloud_calls":2}"#)
        #expect(try answer(session).text == "ABcdef")
        #expect(session.notes.contains("cloud: limit"))
        #expect(try note("cloud_calls", session) == 2)
    }

    /// T = N·t_e + ρN·(t_c + rtt): 6 tokens, of which 2 are the cloud's.
    @Test func `the time model adds the edge's tokens and the cloud's`() throws {
        let session = try run(#"{"edge_seconds":0.01,"cloud_seconds":0.05,"round_trip_seconds":0.1}"#)
        #expect(abs(try note("modelled_seconds", session) - (6 * 0.01 + 2 * 0.15)) < 1e-12)
        #expect(try !run("{}").notes.contains { $0.hasPrefix("modelled_seconds") })
    }

    @Test func `the suite's limit ends the text, unfinished`() throws {
        let session = try run(#"{"max_tokens":4}"#)
        #expect(session.outcome == .finished(Answer("aBcD", kind: .unfinished, reason: "cut_off")))
        var host = ShippedPlugins.host
        host.models[0].sampling.maxTokens = 3
        let suite = try ShippedPlugins.session("ce-collm", host: host)
        suite.run { request, _ in request.model == "strong" ? cloud.reply(to: request) : edge.reply(to: request) }
        #expect(suite.outcome == .finished(Answer("aBc", kind: .unfinished, reason: "cut_off")))
    }

    @Test(arguments: [
        (ScriptedReply.rejected(Rejected(.budget, message: "")), "budget"),
        (.failed(RequestFailed(.server, message: "500")), "request_failed"), (.silence, "nothing left to happen"),
    ])
    func `what was written when the edge fails is unfinished`(_ misfortune: ScriptedReply, _ reason: String) throws {
        let session = try ShippedPlugins.session("ce-collm")
        session.run { request, _ in
            if request.model == "strong" { return cloud.reply(to: request) }
            return request.prefix.isEmpty ? edge.reply(to: request) : misfortune
        }
        #expect(session.outcome == .finished(Answer("aB", kind: .unfinished, reason: reason)))
    }

    @Test func `sure tokens are kept when a stream is stopped`() throws {
        let session = try ShippedPlugins.session("ce-collm")
        session.step(
            .start,
            .chunk(request: 1, Chunk(text: "ab", tokens: [Token("a", probability: 0.9), Token("b", probability: 0.9)])))
        session.step(.stop(reason: "timeout"))
        #expect(session.outcome == .finished(Answer("ab", kind: .unfinished, reason: "timeout")))
    }

    @Test func `a missing role, and an edge without log-probabilities, are told`() throws {
        #expect(try run(#"{"cloud":"judge"}"#).outcome == .error("the suite has no model with the role judge"))
        let session = try ShippedPlugins.session("ce-collm")
        session.run { _, _ in .text("a") }
        guard case .error(let text) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        #expect(text.contains("the model main gave no log-probabilities"))
    }
}
