import EvalhPluginKit
import EvalhPluginTesting
import Testing

/// min-p-sweep, adaptive-temperature, entropy-adaptive.
@Suite struct ShippedSamplersTests {
    private func answer(_ outcome: ScriptedSession.Outcome) throws -> Answer {
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return answer
    }

    // MARK: min-p-sweep

    @Test func `every temperature is sampled with every min_p, and all vote`() throws {
        let session = try ShippedPlugins.session(
            "min-p-sweep", #"{"min_p":[0.05,0.2],"temperature":[0.5,2],"samples_each":2}"#)
        let outcome = session.run { request, index in
            let isHot = request.sampling?.temperature == 2
            return .text("= \(isHot ? "b\(index)" : "a")")
        }
        #expect(try answer(outcome) == Answer("= a", confidence: 0.5, reason: "samples"))
        #expect(
            session.requests.map { [$0.sampling?.temperature, $0.sampling?.minP] } == [
                [0.5, 0.05], [0.5, 0.2], [2, 0.05], [2, 0.2],
            ])
        #expect(session.requests.map(\.n) == [2, 2, 2, 2])
        #expect(
            session.notes == [
                "min_p 0.05, temperature 0.5: a, a", "min_p 0.2, temperature 0.5: a, a",
                "min_p 0.05, temperature 2.0: b0, b1",
                "min_p 0.2, temperature 2.0: b0, b1",
            ])
    }

    @Test func `one setting is the plain sampler, and wrong settings are refused`() throws {
        let plain = try ShippedPlugins.session("min-p-sweep", #"{"min_p":[0.1],"samples_each":1}"#)
        #expect(try answer(plain.run { _, _ in .text("= a") }).text == "= a")
        #expect(plain.requests.map(\.sampling) == [Sampling(minP: 0.1)])
        for wrong in [#"{"min_p":[]}"#, #"{"min_p":[1.5]}"#, #"{"temperature":[-1]}"#] {
            let session = try ShippedPlugins.session("min-p-sweep", wrong)
            session.step(.start)
            guard case .failed = session.outcome else {
                Issue.record("\(wrong) was taken")
                continue
            }
        }
    }

    // MARK: adaptive-temperature

    @Test(arguments: [
        (#"{"samples":5,"max_temperature":1}"#, [0, 0.5, 0.75, 0.875, 0.9375]),
        (#"{"samples":3,"max_temperature":0.8,"schedule":"linear"}"#, [0, 0.4, 0.8]),
        (#"{"samples":1,"schedule":"linear","max_temperature":1}"#, [0]),
        (#"{"samples":2,"max_temperature":0.7,"schedule":"constant"}"#, [0.7, 0.7]),
    ]) func `temperatures rise as the schedule says`(_ parameters: String, _ temperatures: [Double]) throws {
        let session = try ShippedPlugins.session("adaptive-temperature", parameters)
        _ = session.run { _, _ in .text("= a") }
        let asked = session.requests.compactMap { $0.sampling?.temperature }
        #expect(asked.count == temperatures.count)
        for (found, expected) in zip(asked, temperatures) { #expect(abs(found - expected) < 1e-12) }
    }

    @Test(arguments: [("aab", 2, 2), ("abaa", 2, 4), ("aaaa", 3, 3), ("-aaa", 2, 4)])
    func `it stops if the first ones agree, and only then`(
        _ answers: String, _ agree: Int, _ asked: Int
    ) throws {
        let list = Array(answers)
        let session = try ShippedPlugins.session("adaptive-temperature", #"{"samples":4,"agree":\#(agree)}"#)
        var next = 0
        let found = try answer(
            session.run { _, _ in
                defer { next += 1 }
                guard next < list.count else { return .text("= z") }
                return list[next] == "-" ? .text("none") : .text("= \(list[next])")
            })
        #expect(session.requests.count == asked)
        #expect(found.text == "= a")
        #expect(found.reason == (asked < 4 ? "agreed" : "samples"))
    }

    // MARK: entropy-adaptive

    /// A token with these probabilities of its alternatives, the first being its own.
    private static func token(_ probabilities: [Double]) -> Token {
        let alternatives = probabilities.enumerated().map {
            Token.Alternative("t\($0.offset)", logprob: log($0.element))
        }
        return Token("t0", logprob: alternatives[0].logprob, alternatives: alternatives)
    }

    private static func log(_ value: Double) -> Double { Token("", probability: value).logprob }

    /// What the session asks for after one chunk of such tokens.
    private func second(_ probabilities: [Double], _ parameters: String = #"{"max_tokens":100,"chunk_tokens":1}"#)
        throws -> (
            request: ScriptedRequest, notes: [String]
        )
    {
        var host = ShippedPlugins.host
        host.models[0].sampling = Sampling(temperature: 1, maxTokens: 100)
        let session = try ShippedPlugins.session("entropy-adaptive", parameters, host: host)
        var count = 0
        _ = session.run { _, _ in
            count += 1
            return count == 1
                ? .completion("one", finish: .length, tokens: [Self.token(probabilities)]) : .text(" two = 2")
        }
        return (try #require(session.requests.dropFirst().first), session.notes)
    }

    @Test func `a sure model goes on greedily`() throws {
        let (request, notes) = try second([0.99, 0.01])
        #expect(request.sampling?.temperature == 0)
        #expect(request.prefix == "one")
        #expect(notes == ["regimes: greedy: 1"])
    }

    @Test func `a model undecided between many tokens is made to think, once`() throws {
        // Sixteen equal tokens: H = ln 16 = 2.77, V = 0.
        let (request, notes) = try second(Array(repeating: 1.0 / 16, count: 16))
        #expect(request.prefix == "one\nWait, let me think.")
        #expect(notes == ["regimes: think: 1"])
    }

    @Test func `a model torn between a sure token and a long tail branches, and the likelier branch is kept`() throws {
        // 0.6 and forty of 0.01: H = 2.15, V = 4.0.
        let torn = [0.6] + Array(repeating: 0.01, count: 40)
        var host = ShippedPlugins.host
        host.models[0].sampling = Sampling(temperature: 1, maxTokens: 100)
        let session = try ShippedPlugins.session(
            "entropy-adaptive", #"{"max_tokens":100,"chunk_tokens":1,"branches":2}"#, host: host)
        let outcome = session.run { request, index in
            if request.n == 2 {
                return .completion(" b\(index) = \(index)", tokens: [Token("b", probability: index == 0 ? 0.2 : 0.9)])
            }
            return .completion("one", finish: .length, tokens: [Self.token(torn)])
        }
        #expect(session.requests.map(\.n) == [1, 2])
        #expect(try answer(outcome).text == "one b1 = 1")
    }

    @Test func `a wild chunk is thrown away and sampled once more`() throws {
        // 0.3 and seven hundred of 0.001: H = 5.2, V = 6.7.
        let wild = [0.3] + Array(repeating: 0.001, count: 700)
        let (request, notes) = try second(wild)
        #expect(request.prefix == "")
        #expect(notes == ["regimes: resample: 1"])
    }

    @Test func `else the temperature follows the entropy`() throws {
        // Two equal tokens: H = ln 2, V = 0: 0.693 / 1.2 of the suite's.
        let (request, _) = try second([0.5, 0.5])
        #expect(abs((request.sampling?.temperature ?? 0) - 0.6931471805599453 / 1.2) < 1e-9)
        // What the alternatives leave counts as one token: 0.5 and the rest is the same.
        let (tail, _) = try second([0.5])
        #expect(abs((tail.sampling?.temperature ?? 0) - 0.6931471805599453 / 1.2) < 1e-9)
    }

    @Test func `its text is unfinished at the limit of tokens`() throws {
        let session = try ShippedPlugins.session("entropy-adaptive", #"{"max_tokens":2,"chunk_tokens":1}"#)
        let found = try answer(
            session.run { _, _ in .completion("a", finish: .length, tokens: [Self.token([0.5, 0.5])]) })
        #expect(found == Answer("aa", kind: .unfinished, reason: "max_tokens"))
    }
}
