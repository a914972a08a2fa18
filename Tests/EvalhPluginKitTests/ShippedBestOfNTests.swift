import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedBestOfNTests {
    private func answer(_ outcome: ScriptedSession.Outcome) throws -> Answer {
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return answer
    }

    private func run(_ parameters: String, _ replies: [ScriptedReply], ratings: [ScriptedReply] = []) throws -> (
        ScriptedSession, Answer
    ) {
        let session = try ShippedPlugins.session("best-of-n", parameters)
        var rated = 0
        let outcome = session.run { request, index in
            guard request.model == "grader" else { return replies[index] }
            // Requests are served newest first; the rating belongs to the text in the prompt.
            let text = request.messages?.first?.content ?? ""
            rated += 1
            let place = replies.indices.first { index in
                if case .completion(let reply, _, _, _) = replies[index] { text.contains(reply) } else { false }
            }
            return place.map { ratings[$0] } ?? .text("no such answer")
        }
        return (session, try answer(outcome))
    }

    @Test func `majority counts votes`() throws {
        let (_, answer) = try run(#"{"n":3}"#, [.text("1 = a"), .text("2 = b"), .text("3 = b")])
        #expect(answer == Answer("2 = b", confidence: 2.0 / 3, reason: "majority"))
    }

    @Test func `logprob takes the likeliest text a token, not the shortest`() throws {
        let replies: [ScriptedReply] = [
            .tokens([("1 = ", 0.5), ("a", 0.5)]), .tokens([("2 ", 0.6), ("= ", 0.6), ("b", 0.6)]),
            .tokens([("3 = a", 0.55)]),
            .completion("9 = z", finish: .length, tokens: [Token("z", probability: 1)]),
        ]
        let (session, answer) = try run(#"{"n":4,"by":"logprob"}"#, replies)
        #expect(answer.text == "2 = b")
        #expect(session.requests.first?.sampling == Sampling(topLogprobs: 0))
        let (_, weighted) = try run(#"{"n":4,"by":"logprob","weighted":true}"#, replies)
        #expect(weighted.text == "1 = a")
        #expect(abs((weighted.confidence ?? 0) - 1.05 / 1.65) < 1e-9)
    }

    @Test func `a rating model's numbers are added up by answer`() throws {
        let replies: [ScriptedReply] = [.text("1 = a"), .text("2 = b"), .text("3 = b"), .text("no answer")]
        let ratings: [ScriptedReply] = [
            .text("9"), .text("Rating: 5/10"), .text("On a scale from 0 to 10: 5"), .text("10"),
        ]
        let (session, answer) = try run(#"{"n":4,"by":"grader_model"}"#, replies, ratings: ratings)
        #expect(answer == Answer("2 = b", confidence: 10.0 / 19, reason: "grader_model"))
        #expect(session.requests.count == 4, "the completion without an answer is not rated")
        #expect(session.requests[1].messages?.first?.content.contains("1 + 1?") == true)
        let (_, best) = try run(#"{"n":4,"by":"grader_model","weighted":false}"#, replies, ratings: ratings)
        #expect(best.text == "1 = a")
    }

    @Test(arguments: [
        ("7", 7.0), ("7/10", 7), ("**7**", 7), ("Rating: 8 out of 10", 8), ("From 0 to 10 I give 6.5.", 6.5),
        ("10", 10), (" 0 ", 0),
        ("3.", 3),
        ("[[4]]", 4),
    ])
    func `a rating is read from`(_ reply: String, _ rating: Double) throws {
        let (session, _) = try run(#"{"n":1,"by":"grader_model"}"#, [.text("1 = a")], ratings: [.text(reply)])
        #expect(session.candidates == ["a": rating])
    }

    @Test(arguments: ["", "good", "11", "-3", "yes, 42"]) func `no rating is read from`(_ reply: String) throws {
        let session = try ShippedPlugins.session("best-of-n", #"{"n":1,"by":"grader_model"}"#)
        let outcome = session.run { request, _ in request.model == "grader" ? .text(reply) : .text("1 = a") }
        guard case .error(let text) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(text.contains("rated nothing"))
    }

    @Test
    func `completions that could not be rated drop out; without any rating the votes decide for want of budget only`()
        throws
    {
        let replies: [ScriptedReply] = [.text("1 = a"), .text("2 = b"), .text("3 = b")]
        let failed = ScriptedReply.failed(RequestFailed(.server, message: "500"))
        let (session, answer) = try run(
            #"{"n":3,"by":"grader_model"}"#, replies, ratings: [.text("1"), failed, failed])
        #expect(answer.text == "1 = a")
        #expect(session.notes.contains("rating: choice 1: request_failed"))
        let poor = ScriptedReply.rejected(Rejected(.budget, message: ""))
        let (_, vote) = try run(#"{"n":3,"by":"grader_model"}"#, replies, ratings: [poor, poor, poor])
        #expect(vote == Answer("2 = b", confidence: 2.0 / 3, reason: "budget"))
        #expect(throws: ScriptedError.self) {
            try run(#"{"n":3,"by":"grader_model"}"#, replies, ratings: [failed, failed, failed])
        }
    }

    @Test func `a suite without the rating model is told so`() throws {
        let session = try ShippedPlugins.session("best-of-n", #"{"n":1,"by":"grader_model","grader_role":"judge"}"#)
        #expect(session.run { _, _ in .text("1 = a") } == .error("the suite has no model with the role judge"))
    }

    @Test func `braces in an answer do not become prompt variables`() throws {
        let replies: [ScriptedReply] = [.text(#"{question} \frac{1}{2} = a"#)]
        let (session, _) = try run(#"{"n":1,"by":"grader_model"}"#, replies, ratings: [.text("3")])
        #expect(session.requests.last?.messages?.first?.content.contains(#"{question} \frac{1}{2} = a"#) == true)
    }

    // MARK: Verifiers

    /// A verifier's reply that gives "Yes" a probability, and "No" the rest.
    private func sure(_ probability: Double) -> ScriptedReply {
        let no = Token("No", probability: 1 - probability).logprob
        let tokens = [Token("Yes", probability: probability, alternatives: [.init("No", logprob: no)])]
        return .completion("Yes", finish: .length, tokens: tokens)
    }

    /// Runs with a verifier that replies by what its prompt contains; the first key found counts, the longest keys
    /// first.
    private func verify(
        _ parameters: String, _ texts: [String], _ verdicts: [String: ScriptedReply], of id: String = "best-of-n"
    ) throws -> ScriptedSession {
        let session = try ShippedPlugins.session(id, parameters)
        let keys = verdicts.keys.sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
        session.run { request, index in
            guard request.model == "grader" else { return .text(texts[index]) }
            let prompt = request.messages?.first?.content ?? ""
            return keys.first { prompt.contains($0) }.flatMap { verdicts[$0] } ?? .text("no such key")
        }
        return session
    }

    @Test func `a verifier is asked for one token, and the likeliest yes is the best`() throws {
        let texts = ["1 = a", "2 = b", "3 = b"]
        let verdicts = ["1 = a": sure(0.9), "2 = b": sure(0.5), "3 = b": sure(0.6)]
        let session = try verify(#"{"n":3,"by":"verifier"}"#, texts, verdicts)
        let found = try answer(session.outcome)
        #expect(found.text == "1 = a" && found.reason == "verifier")
        #expect(abs((found.confidence ?? 0) - 0.9) < 1e-9)
        let request = try #require(session.requests.last)
        #expect(request.sampling == Sampling(temperature: 0, maxTokens: 1, topLogprobs: 5))
        #expect(request.messages?.first?.content.contains("1 + 1?") == true)
        #expect(request.messages?.first?.content.contains("Reply with Yes or No") == true)
        #expect(session.notes.isEmpty)
        let weighted = try verify(#"{"n":3}"#, texts, verdicts, of: "weighted-best-of-n")
        let sum = try answer(weighted.outcome)
        #expect(sum.text == "2 = b" && sum.reason == "verifier")
        #expect(abs((sum.confidence ?? 0) - 1.1 / 2) < 1e-9)
        let alias = try verify(#"{"n":3,"by":"verifier","weighted":true}"#, texts, verdicts)
        #expect(alias.outcome == weighted.outcome)
    }

    /// The likeliest tokens with their probabilities, and the score.
    @Test(
        arguments: [
            ([("Yes", 0.6), ("No", 0.2)], 0.75), ([("No", 0.9), ("Yes", 0.1)], 0.1),
            ([("Yes", 0.3), (" yes", 0.3), ("NO", 0.2)], 0.75),
            ([("Yes", 0.4)], 1), ([("no", 0.4), ("Maybe", 0.6)], 0),
            ([("Maybe", 0.5), ("yes", 0.1), ("No", 0.3)], 0.25),
        ] as [([(String, Double)], Double)])
    func `a score is the share of yes in the probability of yes and no`(_ tokens: [(String, Double)], _ score: Double)
        throws
    {
        let others = tokens.map { Token.Alternative($0.0, logprob: Token($0.0, probability: $0.1).logprob) }
        // The endpoint may list the sampled token among the alternatives; it counts once.
        let reply = ScriptedReply.completion(
            tokens[0].0, tokens: [Token(tokens[0].0, probability: tokens[0].1, alternatives: others)])
        let session = try verify(#"{"n":1,"by":"verifier"}"#, ["1 = a"], ["1 = a": reply])
        #expect(abs((session.candidates["a"] ?? -1) - score) < 1e-9)
    }

    @Test func `the words of a verifier can be chosen, but not left out or the same`() throws {
        let reply = ScriptedReply.completion(
            "+",
            tokens: [
                Token("+", probability: 0.6, alternatives: [.init("-", logprob: Token("-", probability: 0.2).logprob)])
            ])
        let parameters =
            #"""
            {"n":1,"by":"verifier","positive":"+","negative":"-",\#
            "verifier_prompt":"{question} {answer} {positive}{negative}"}
            """#
        let session = try verify(parameters, ["1 = a"], ["1 = a": reply])
        #expect(abs((session.candidates["a"] ?? 0) - 0.75) < 1e-9)
        #expect(session.requests.last?.messages == [Message(.user, "1 + 1? 1 = a +-")])
        for wrong in [#"{"positive":"no"}"#, #"{"negative":""}"#, #"{"step_delimiter":""}"#] {
            for id in ["best-of-n", "weighted-best-of-n"] {
                let refused = try ShippedPlugins.session(id, wrong)
                refused.step(.start)
                guard case .failed = refused.outcome else {
                    Issue.record("\(wrong) \(refused.outcome)")
                    continue
                }
            }
        }
    }

    @Test func `a verifier may reply with a number out of ten`() throws {
        let verdicts: [String: ScriptedReply] = ["1 = a": .text("8"), "2 = b": .text("Rating: 9/10")]
        let session = try verify(#"{"n":2,"by":"verifier","verifier_reads":"number"}"#, ["1 = a", "2 = b"], verdicts)
        #expect(try answer(session.outcome) == Answer("2 = b", confidence: 0.9, reason: "verifier"))
        #expect(session.candidates == ["a": 0.8, "b": 0.9])
        #expect(session.requests.last?.sampling == Sampling(temperature: 0, maxTokens: 16))
    }

    @Test func `a perfect verifier finds a right answer whenever there is one, as pass at n does`() throws {
        // 8 samples, 3 of them right; all choices of 4: 1 - C(5,4) / C(8,4).
        var right = 0
        var all = 0
        let verdicts = ["= a": sure(1), "= b": sure(0), "= c": sure(0)]
        for mask in 0..<256 where mask.nonzeroBitCount == 4 {
            let texts = (0..<8).filter { mask & (1 << $0) != 0 }.map { $0 % 3 == 1 ? "= a" : $0 < 4 ? "= b" : "= c" }
            for id in ["best-of-n", "weighted-best-of-n"] {
                let session = try verify(#"{"n":4,"by":"verifier"}"#, texts, verdicts, of: id)
                if try answer(session.outcome).text == "= a" { right += 1 }
                all += 1
            }
        }
        #expect(all == 140)
        #expect(abs(Double(right) / Double(all) - (1 - 5.0 / 70)) < 1e-12)
    }

    @Test(arguments: ["abbab", "abab", "ba", "a", "cabb", "bcacb"])
    func `a verifier that scores all alike makes the weighted one a majority vote, and the other the first`(
        _ letters: String
    ) throws {
        let texts = letters.enumerated().map { "\($0.offset) = \($0.element)" }
        for score in [0.3, 1] {
            let weighted = try verify(#"{"n":\#(letters.count)}"#, texts, ["=": sure(score)], of: "weighted-best-of-n")
            let vote = try verify(#"{"n":\#(letters.count)}"#, texts, [:])
            #expect(try answer(weighted.outcome).text == answer(vote.outcome).text)
            #expect(
                abs((try answer(weighted.outcome).confidence ?? 0) - (try answer(vote.outcome).confidence ?? 1)) < 1e-9)
            let best = try verify(#"{"n":\#(letters.count),"by":"verifier"}"#, texts, ["=": sure(score)])
            #expect(try answer(best.outcome).text == texts[0])
        }
    }

    @Test func `scores in any order find each sample equally often, and of equal ones the first`() throws {
        let texts = ["1 = a", "2 = b", "3 = c"]
        var wins: [String: Int] = [:]
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let verdicts = Dictionary(uniqueKeysWithValues: zip(texts, order.map { sure([0.2, 0.5, 0.7][$0]) }))
            wins[try answer(verify(#"{"n":3,"by":"verifier"}"#, texts, verdicts).outcome).text, default: 0] += 1
        }
        #expect(wins == ["1 = a": 2, "2 = b": 2, "3 = c": 2])
        let tied = try verify(
            #"{"n":3,"by":"verifier"}"#, texts, ["1 = a": sure(0.2), "2 = b": sure(0.7), "3 = c": sure(0.7)])
        #expect(try answer(tied.outcome).text == "2 = b")
    }

    @Test func `what a verifier does not score counts as nothing, and is counted`() throws {
        let failed = ScriptedReply.failed(RequestFailed(.server, message: "500"))
        let maybe = ScriptedReply.tokens([("Maybe", 0.9)])
        let session = try verify(
            #"{"n":3,"by":"verifier"}"#, ["1 = a", "2 = b", "3 = c"],
            ["1 = a": failed, "2 = b": sure(0.1), "3 = c": maybe])
        #expect(try answer(session.outcome).text == "2 = b")
        #expect(session.notes == ["verifier_failures: 2 of 3, the first: request_failed"])
        #expect(session.candidates["a"] == 0 && session.candidates["c"] == 0)
    }

    @Test func `a verifier that scores nothing is an error, but for want of budget the votes decide`() throws {
        let texts = ["1 = a", "2 = b", "3 = b"]
        for by in ["verifier", "steps"] {
            let poor = try verify(#"{"n":3,"by":"\#(by)"}"#, texts, ["=": .rejected(Rejected(.budget, message: ""))])
            #expect(try answer(poor.outcome) == Answer("2 = b", confidence: 2.0 / 3, reason: "budget"))
            let silent = try verify(#"{"n":3,"by":"\#(by)"}"#, texts, ["=": .silence])
            #expect(
                try answer(silent.outcome) == Answer("2 = b", confidence: 2.0 / 3, reason: "nothing left to happen"))
            let vague = try verify(#"{"n":3,"by":"\#(by)"}"#, texts, ["=": .tokens([("Maybe", 1)])])
            #expect(
                vague.outcome
                    == .error("the model grader rated nothing: none of its replies begins with one of the two words"))
            let bare = try verify(#"{"n":3,"by":"\#(by)"}"#, texts, ["=": .text("Yes")])
            guard case .error(let text) = bare.outcome else {
                Issue.record("\(bare.outcome)")
                continue
            }
            #expect(text.contains("the model grader gave no log-probabilities"))
        }
    }

    @Test(arguments: [("last", 0.8), ("min", 0.5), ("mean", 2.2 / 3), ("product", 0.36)])
    func `steps are scored each by itself and put together`(_ aggregate: String, _ score: Double) throws {
        let text = "First one.\n\nThen two,\nor so.\n\n\n\nSo it = a"
        let verdicts = [
            "Last step:\nFirst one.\n": sure(0.9), "Last step:\nThen two,\nor so.\n": sure(0.5),
            "Last step:\nSo it = a\n": sure(0.8),
        ]
        let session = try verify(#"{"n":1,"by":"steps","aggregate":"\#(aggregate)"}"#, [text], verdicts)
        #expect(abs((session.candidates["a"] ?? 0) - score) < 1e-9)
        #expect(abs((try answer(session.outcome).confidence ?? 0) - score) < 1e-9)
        let prompts = session.requests.dropFirst().compactMap { $0.messages?.first?.content }
        #expect(prompts.count == 3)
        #expect(prompts[1].contains("so far:\nFirst one.\n\nThen two,\nor so.\n\nLast step:"))
        #expect(prompts[1].contains("Is the last step correct?"))
    }

    /// A completion, parameters, and the steps it is cut into.
    @Test(arguments: [
        ("one\ntwo = a", "", ["one", "two = a"]), ("one\n\ntwo\nthree = a", "", ["one", "two\nthree = a"]),
        ("= a", "", ["= a"]),
        ("\n\n= a\n\n", "", ["= a"]),
        ("one\ntwo\nthree\nfour = a", #","max_steps":2"#, ["one", "two\nthree\nfour = a"]),
        ("one\ntwo = a", #","max_steps":1"#, ["one\ntwo = a"]),
        ("one Step two Step = a", #","step_delimiter":"Step""#, ["one Step", "two Step", "= a"]),
        ("één\n\ntwéé = a", "", ["één", "twéé = a"]), ("one\n \ntwo = a", "", ["one", "two = a"]),
    ])
    func `a completion is cut into steps`(_ text: String, _ parameters: String, _ steps: [String]) throws {
        let parameters = #"{"n":1,"by":"steps","verifier_prompt":"<{step}>"\#(parameters)}"#
        let session = try verify(parameters, [text], ["<": sure(0.5)])
        #expect(session.requests.dropFirst().compactMap { $0.messages?.first?.content } == steps.map { "<\($0)>" })
    }

    @Test func `after a step that there is no budget for no other is asked about`() throws {
        let poor = ScriptedReply.rejected(Rejected(.budget, message: ""))
        let session = try verify(
            #"{"n":1,"by":"steps","aggregate":"mean","verifier_prompt":"<{step}>"}"#, ["one\ntwo\nthree\n= a"],
            ["<one>": sure(0.8), "<two>": poor])
        #expect(session.requests.count == 3)
        #expect(abs((session.candidates["a"] ?? 0) - 0.2) < 1e-9)
        #expect(session.notes == ["verifier_failures: 3 of 4, the first: budget"])
        let failing = try verify(
            #"{"n":1,"by":"steps","aggregate":"mean","verifier_prompt":"<{step}>"}"#, ["one\ntwo\n= a"],
            ["<one>": .failed(RequestFailed(.server, message: "500")), "<two>": sure(0.6), "<= a>": sure(0.6)])
        #expect(abs((failing.candidates["a"] ?? 0) - 0.4) < 1e-9)
    }

    @Test(arguments: ["best-of-n", "weighted-best-of-n"])
    func `of one completion the best is that one, however it is scored`(_ id: String)
        throws
    {
        for by in ["majority", "logprob", "grader_model", "verifier", "steps"] {
            let session = try ShippedPlugins.session(id, #"{"n":1,"by":"\#(by)"}"#)
            session.run { request, _ in
                guard request.model == "grader" else { return .tokens([("1 = a", 0.5)]) }
                return by == "grader_model" ? .text("2") : sure(0.2)
            }
            #expect(try answer(session.outcome).text == "1 = a")
        }
    }

    @Test func `verifiers are within the estimate`() throws {
        let plugin = try ShippedPlugins.plugin("best-of-n")
        #expect(plugin.estimate(parameters: #"{"n":5,"by":"verifier"}"#)?.completions == 5...10)
        #expect(plugin.estimate(parameters: #"{"n":5,"by":"steps","max_steps":4}"#)?.completions == 5...25)
        #expect(plugin.estimate(parameters: #"{"n":5,"by":"logprob"}"#)?.completions == 5...5)
        #expect(try ShippedPlugins.plugin("weighted-best-of-n").estimate()?.completions == 8...16)
    }
}
