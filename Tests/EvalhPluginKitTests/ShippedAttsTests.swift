import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedAttsTests {
    private static let calibration = #""calibration":[1.1,1.2,1.3,1.4,1.5]"#

    private func answer(_ session: ScriptedSession) throws -> Answer {
        guard case .finished(let answer) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        return answer
    }

    /// The numbers behind a word in the chain's note.
    private func numbers(_ word: String, _ session: ScriptedSession, chain: Int = 0) throws -> [Double] {
        let note = try #require(session.notes.first { $0.hasPrefix("chain \(chain): ") })
        let words = note.split(whereSeparator: { $0 == " " || $0 == ";" })
        return words.indices.dropLast().compactMap { words[$0] == word ? Double(words[$0 + 1]) : nil }
    }

    /// A draft that writes turns of one token, and a target that gives each of them a perplexity.
    private func run(
        _ parameters: String, turns: [String], perplexities: [Double], target: ScriptedReply = .cutOff("[T]"),
        finish: Finish = .length
    ) throws -> ScriptedSession {
        let session = try ShippedPlugins.session("atts", parameters)
        var next = 0
        session.run { request, _ in
            if request.model == "strong" {
                guard request.sampling?.maxTokens == 1 else { return target }
                let turn = turns[min(next, turns.count) - 1]
                return .completion(
                    turn, finish: .length, tokens: [Token(turn, probability: 1 / perplexities[next - 1])])
            }
            guard next < turns.count else { return .text("") }
            next += 1
            return .completion(turns[next - 1], finish: finish, tokens: [Token(turns[next - 1], probability: 0.9)])
        }
        return session
    }

    @Test(
        arguments: [
            (1.05, 0.0, 1.0 / 6, false), (1.25, 0.4, 0.5, false), (1.35, 0.6, 4.0 / 6, true), (1.6, 1.0, 1.0, true),
        ]
            as [(Double, Double, Double, Bool)])
    func `a turn's rank is as the card says, and from .6 the target takes over`(
        _ perplexity: Double, _ percentile: Double, _ p: Double, _ isTakenOver: Bool
    ) throws {
        let session = try run(#"{"max_turns":1,\#(Self.calibration)}"#, turns: ["draft"], perplexities: [perplexity])
        #expect(abs(try numbers("perplexity", session)[0] - perplexity) < 1e-9)
        #expect(abs(try numbers("percentile", session)[0] - percentile) < 1e-12)
        #expect(abs(try numbers("p", session)[0] - p) < 1e-12)
        #expect(try answer(session).text == (isTakenOver ? "draft\n\n[T]" : "draft"))
        #expect(session.notes.contains("take_over_rate: \(isTakenOver ? 1.0 : 0.0)"))
    }

    @Test(arguments: [
        (0.45, 1.25, true), (0.5, 1.25, false), (0.66, 1.35, true), (0.67, 1.35, false), (0.16, 1.05, true),
        (1, 1.6, false),
    ])
    func `with alpha it is the p-value that must be larger`(_ alpha: Double, _ perplexity: Double, _ isTakenOver: Bool)
        throws
    {
        let session = try run(
            #"{"max_turns":1,"alpha":\#(alpha),\#(Self.calibration)}"#, turns: ["draft"], perplexities: [perplexity])
        #expect(try answer(session).text == (isTakenOver ? "draft\n\n[T]" : "draft"))
    }

    @Test func `equal perplexities are not smaller ones`() throws {
        let session = try run(#"{"max_turns":1,"calibration":[1,1,1,1]}"#, turns: ["draft"], perplexities: [1])
        #expect(try numbers("percentile", session) == [0])
        #expect(try numbers("p", session) == [1])
    }

    /// With exchangeable scores the target takes over 1 − threshold of the turns: .4, with a standard error of .0123
    /// for 1600 turns.
    @Test func `the target takes over its share of exchangeable turns`() throws {
        var chance = DecodingChance(seed: 11)
        let calibration = (0..<400).map { _ in 1 + chance.uniform() }.map { "\($0)" }.joined(separator: ",")
        let session = try ShippedPlugins.session(
            "atts", #"{"chains":160,"max_turns":10,"calibration":[\#(calibration)]}"#)
        session.run { request, _ in
            return .completion("t", finish: .length, tokens: [Token("t", probability: 1 / (1 + chance.uniform()))])
        }
        let note = try #require(session.notes.first { $0.hasPrefix("take_over_rate: ") })
        let rate = try #require(Double(note.dropFirst("take_over_rate: ".count)))
        #expect(session.notes.contains("turns: 1600"))
        // Three standard errors, of the turns and of 400 calibration scores.
        #expect(abs(rate - 0.4) < 3 * (0.0123 * 0.0123 + 0.0245 * 0.0245).squareRoot())
        #expect(abs(rate - 0.6) > 0.1)
    }

    @Test func `the target continues the turn it takes over, and the draft goes on behind it`() throws {
        let session = try run(
            #"{"max_turns":3,"draft_tokens":7,"target_tokens":9,"join":" | ",\#(Self.calibration)}"#,
            turns: ["a", "b", "c"],
            perplexities: [1, 2, 1])
        #expect(try answer(session) == Answer("a | b | [T] | c", kind: .unfinished, reason: "max_turns"))
        let drafts = session.requests.filter { $0.model.isEmpty }
        #expect(drafts.map(\.prefix) == ["", "a | ", "a | b | [T] | "])
        #expect(drafts.allSatisfy { $0.sampling == Sampling(temperature: 0.8, maxTokens: 7, topLogprobs: 0) })
        let takeover = try #require(session.requests.first { $0.model == "strong" && $0.sampling?.maxTokens == 9 })
        #expect(takeover.prefix == "a | b | ")
        let probes = session.requests.filter { $0.model == "strong" && $0.sampling?.maxTokens == 1 }
        #expect(probes.map(\.prefix) == ["", "a | ", "a | b | [T] | "])
    }

    @Test(arguments: [
        (["so \\boxed{4}", "more"], 1), (["so \\boxed{\\frac{1}{2}}", "more"], 1), (["ANSWER: 4", "more"], 1),
        (["so \\boxed{4", "more"], 2), (["\\boxed{ }", "more"], 2), (["ANSWER: \nx", "more"], 2),
        (["x = 4", "more"], 2),
        (["so \\boxed{", "4}", "more"], 2),
    ])
    func `a chain ends at an answer`(_ turns: [String], _ count: Int) throws {
        let session = try run(#"{"join":"",\#(Self.calibration)}"#, turns: turns, perplexities: [1, 1, 1])
        let text = try answer(session)
        #expect(text.text == (count == 1 ? turns[0] : turns[0] + turns[1]))
        #expect((text.kind == .answered) == (count == 1 || turns.count == 3))
        #expect(session.notes.contains("turns: \(count)"))
    }

    @Test func `a piece that ended by itself ends the chain if the grader finds an answer in it`() throws {
        let session = try run("{\(Self.calibration)}", turns: ["x = 4", "more"], perplexities: [1, 1], finish: .stop)
        #expect(session.outcome == .finished(Answer("x = 4", reason: "complete")))
        let open = try run(
            "{\(Self.calibration)}", turns: ["hm", "x = 4", "more"], perplexities: [1, 1, 1], finish: .stop)
        #expect(open.outcome == .finished(Answer("hm\n\nx = 4", reason: "complete")))
        // The target may correct a draft's answer: the last turn is scored and taken over all the same.
        let corrected = try run(
            "{\(Self.calibration)}", turns: ["x = 5"], perplexities: [9], target: .text("no, x = 4"), finish: .stop)
        #expect(corrected.outcome == .finished(Answer("x = 5\n\nno, x = 4", reason: "complete")))
    }

    @Test func `what cannot be scored is taken over and counted`() throws {
        for hasTokens in [true, false] {
            let session = try ShippedPlugins.session("atts", #"{"max_turns":2,\#(Self.calibration)}"#)
            session.run { request, _ in
                guard request.model.isEmpty, hasTokens else { return .cutOff("t") }
                return .completion("d", finish: .length, tokens: [Token("d", probability: 0.9)])
            }
            #expect(session.notes.contains("faults: 2 turns without log-probabilities"))
            #expect(session.notes.contains("take_over_rate: 1.0"))
        }
    }

    // MARK: Perplexity token by token

    /// Turns of many tokens: the target likes each with 1/2, whatever comes, except that it never lists "rare".
    private func long(_ parameters: String, _ words: [String], alternatives: [(String, Double)]) throws
        -> ScriptedSession
    {
        let host = ScriptedHost(models: [
            Model(role: "main", name: "m"), Model(role: "strong", name: "s", topLogprobs: 3),
        ])
        let session = try ShippedPlugins.session("atts", parameters, host: host)
        session.run { request, _ in
            let listed = alternatives.map { Token($0.0, probability: $0.1) }.map {
                Token.Alternative($0.text, logprob: $0.logprob)
            }
            if request.model == "strong" {
                return .completion(
                    "z", finish: .length, tokens: [Token("z", probability: alternatives[0].1, alternatives: listed)])
            }
            return .completion(words.joined(), finish: .length, tokens: words.map { Token($0, probability: 0.9) })
        }
        return session
    }

    @Test(
        arguments: [
            (["z"], 2.0), (["y", "y"], 4), (["z", "y"], 8.0.squareRoot()), (["rare"], 5),
            (["rare", "z"], 10.0.squareRoot()),
        ] as [([String], Double)])
    func `a token counts with its probability, one that is not listed with that of the rest`(
        _ words: [String], _ perplexity: Double
    ) throws {
        let session = try long(
            #"{"max_turns":1,"alternatives":20,\#(Self.calibration)}"#, words,
            alternatives: [("z", 0.5), ("y", 0.25), ("x", 0.05)])
        #expect(abs(try numbers("perplexity", session)[0] - perplexity) < 1e-9)
        let probes = session.requests.filter { $0.model == "strong" && $0.sampling?.maxTokens == 1 }
        #expect(probes.map(\.prefix) == words.indices.map { words[..<$0].joined() })
        #expect(probes.allSatisfy { $0.sampling?.topLogprobs == 3 })
    }

    @Test func `a token that cannot come has a floor`() throws {
        let session = try long(#"{"max_turns":1,\#(Self.calibration)}"#, ["rare"], alternatives: [("z", 1)])
        // e^23
        #expect(abs(try numbers("perplexity", session)[0] / 9_744_803_446.2489 - 1) < 1e-9)
    }

    @Test(arguments: [(4, [0, 2, 5, 7]), (1, [0]), (10, Array(0..<10)), (32, Array(0..<10))])
    func `long turns are probed at places evenly spread`(_ probes: Int, _ places: [Int]) throws {
        let words = (0..<10).map { "\($0)" }
        let session = try long(
            #"{"max_turns":1,"probes":\#(probes),\#(Self.calibration)}"#, words, alternatives: [("z", 0.5)])
        let asked = session.requests.filter { $0.model == "strong" && $0.sampling?.maxTokens == 1 }
        #expect(asked.map(\.prefix.count) == places)
    }

    @Test func `a model that cannot score is not asked to`() throws {
        var host = ShippedPlugins.host
        host.models[2].can = [.logprobs, .prefix]
        var scoring = host
        scoring.services = [
            ServiceInfo("loglik", kind: "score", description: .object([.init("role", .string("strong"))]))
        ]
        for (host, asked) in [(host, 0), (scoring, 1)] {
            let session = try ShippedPlugins.session("atts", #"{"max_turns":1,\#(Self.calibration)}"#, host: host)
            var scored: [String] = []
            session.run(service: { _, payload in
                scored.append(payload["continuation"]?.string ?? "")
                return nil
            }) { request, _ in
                return .completion("d", finish: .length, tokens: [Token("d", probability: 0.9)])
            }
            #expect(scored == Array(repeating: "d", count: asked))
            #expect(session.notes.contains("turns: 1"))
        }
    }

    @Test func `a service scores a turn by one call, and single tokens are not asked for`() throws {
        var host = ShippedPlugins.host
        host.services = [ServiceInfo("loglik", kind: "score", description: .object([.init("role", .string("strong"))]))]
        let session = try ShippedPlugins.session("atts", #"{"max_turns":1,\#(Self.calibration)}"#, host: host)
        session.run(service: { name, payload in
            #expect(name == "loglik" && payload["continuation"]?.string == "de")
            // Perplexity 1 / √(.5 · .125) = 4.
            let tokens = [("d", 0.5), ("e", 0.125)].map { token in
                JSONValue.object([
                    .init("token", .string(token.0)),
                    .init("logprob", .double(Token("", probability: token.1).logprob)),
                ])
            }
            let sum = Token("", probability: 0.0625).logprob
            return ServiceResult(.object([.init("logprob", .double(sum)), .init("tokens", .array(tokens))]))
        }) { request, _ in
            .completion(
                "de", finish: .length, tokens: [Token("d", probability: 0.9), Token("e", probability: 0.9)])
        }
        let chain = try #require(session.notes.first { $0.hasPrefix("chain 0") })
        #expect(chain.contains("perplexity 4"), "\(chain)")
        #expect(session.notes.contains("scoring: one call of the service loglik a turn"))
        #expect(session.requests.allSatisfy { $0.model != "strong" || $0.sampling?.maxTokens != 1 })
    }

    @Test func `without a service, or where it does not take a turn, single tokens are asked for and the note says so`()
        throws
    {
        var host = ShippedPlugins.host
        for hasService in [false, true] {
            host.services =
                hasService
                ? [ServiceInfo("loglik", kind: "score", description: .object([.init("role", .string("strong"))]))] : []
            let session = try ShippedPlugins.session("atts", #"{"max_turns":1,\#(Self.calibration)}"#, host: host)
            session.run(service: { _, _ in nil }) { request, _ in
                .completion("d", finish: .length, tokens: [Token("d", probability: 0.9)])
            }
            #expect(session.requests.contains { $0.model == "strong" && $0.sampling?.maxTokens == 1 })
            let notes = session.notes.filter { $0.hasPrefix("scoring: ") }
            #expect(notes.contains { $0.contains("no service of kind score") } == !hasService, "\(notes)")
            #expect(notes.contains { $0.contains("single tokens for a turn") } == hasService, "\(notes)")
        }
    }

    @Test func `the mark that ends a turn is not asked about`() throws {
        let session = try ShippedPlugins.session("atts", #"{"max_turns":1,\#(Self.calibration)}"#)
        session.run { request, _ in
            if request.model == "strong" {
                return .completion("x", finish: .length, tokens: [Token("x", probability: 0.5)])
            }
            let tokens = ["4", "2", "<|end|>"].map { Token($0, probability: 0.9) }
            return .completion("42", finish: .stop, tokens: tokens)
        }
        let asked = session.requests.filter { $0.model == "strong" && $0.sampling?.maxTokens == 1 }
        #expect(asked.map(\.prefix) == ["", "4"])
    }

    // MARK: Calibration

    @Test func `conditional calibration samples first turns of the same question`() throws {
        let session = try ShippedPlugins.session("atts", #"{"calibration_samples":5,"max_turns":1}"#)
        // Turns are a name and "z". Any name is certain; "z" after c0 to c4 and d has the probability 1 / perplexity².
        let perplexities = ["c0": 1.1, "c1": 1.2, "c2": 1.3, "c3": 1.4, "c4": 1.5, "d": 1.35]
        session.run { request, index in
            if request.model.isEmpty {
                let name = request.n == 5 ? "c\(index)" : "d"
                return .completion(
                    name + "z", finish: .length, tokens: [Token(name, probability: 0.9), Token("z", probability: 0.9)])
            }
            let names = perplexities.keys.sorted().map { Token.Alternative($0, logprob: 0) }
            guard let perplexity = perplexities[request.prefix] else {
                return .completion("d", finish: .length, tokens: [Token("d", logprob: 0, alternatives: names)])
            }
            return .completion("z", finish: .length, tokens: [Token("z", probability: 1 / perplexity / perplexity)])
        }
        let first = try #require(session.requests.first)
        #expect(first.n == 5)
        #expect(first.sampling == Sampling(temperature: 0.8, maxTokens: 500, topLogprobs: 0, stop: ["\\boxed{"]))
        #expect(session.notes.contains("calibration: 5 of 5 turns scored"))
        #expect(abs(try numbers("perplexity", session)[0] - 1.35) < 1e-9)
        #expect(abs(try numbers("percentile", session)[0] - 0.6) < 1e-12)
        #expect(
            try ShippedPlugins.plugin("atts").estimate(parameters: #"{"calibration":[1]}"#)?.completions.lowerBound == 1
        )
        #expect(try ShippedPlugins.plugin("atts").estimate()?.completions.lowerBound == 17)
    }

    @Test func `a calibration that is given is taken in either mode, and marginal needs one`() throws {
        for mode in ["marginal", "conditional"] {
            let session = try run(
                #"{"max_turns":1,"calibration_mode":"\#(mode)",\#(Self.calibration)}"#, turns: ["d"],
                perplexities: [1.25])
            #expect(session.requests.allSatisfy { $0.n == 1 })
            #expect(abs(try numbers("percentile", session)[0] - 0.4) < 1e-12)
        }
        let session = try ShippedPlugins.session("atts", #"{"calibration_mode":"marginal"}"#)
        session.step(.start)
        #expect(session.outcome == .failed("calibration_mode marginal needs calibration"))
    }

    // MARK: Chains

    @Test func `chains vote, and only the last piece of a chain needs to have ended`() throws {
        let session = try ShippedPlugins.session("atts", #"{"chains":4,"calibration":[5]}"#)
        var started = 0
        session.run { request, _ in
            if request.model == "strong" {
                return .completion("d", finish: .length, tokens: [Token("d", probability: 0.5)])
            }
            started += 1
            let texts = ["x = a", "x = b", "x = b", ""]
            return .tokens([(texts[started - 1], probability: 0.9)])
        }
        #expect(session.outcome == .finished(Answer("x = b", confidence: 2.0 / 3, reason: "chains")))
        #expect(session.candidates == ["a": 1, "b": 2])
    }

    @Test(arguments: [
        (ScriptedReply.rejected(Rejected(.budget, message: "")), "budget"),
        (.failed(RequestFailed(.server, message: "500")), "request_failed"), (.silence, "nothing left to happen"),
    ])
    func `a chain that is interrupted is answered with if it had ended`(_ misfortune: ScriptedReply, _ reason: String)
        throws
    {
        for (finish, kind) in [(Finish.stop, Answer.Kind.answered), (.length, .unfinished)] {
            let session = try ShippedPlugins.session("atts", "{\(Self.calibration)}")
            session.run { request, _ in
                if request.model == "strong" { return misfortune }
                return .completion("x = 4", finish: finish, tokens: [Token("x = 4", probability: 0.9)])
            }
            #expect(session.outcome == .finished(Answer("x = 4", kind: kind, reason: reason)))
        }
    }

    @Test func `a missing role is told`() throws {
        let session = try ShippedPlugins.session("atts", #"{"target":"judge"}"#)
        #expect(session.run { _, _ in .text("a") } == .error("the suite has no model with the role judge"))
    }
}
