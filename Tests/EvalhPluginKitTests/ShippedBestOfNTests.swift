import EvalhPluginKit
import Testing

@Suite struct ShippedBestOfNTests {
    private func answer(_ outcome: ScriptedSession.Outcome) throws -> Answer {
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return answer
    }

    private func run(_ parameters: String, _ replies: [ScriptedReply], ratings: [ScriptedReply] = []) throws -> (ScriptedSession, Answer) {
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
            .tokens([("1 = ", 0.5), ("a", 0.5)]), .tokens([("2 ", 0.6), ("= ", 0.6), ("b", 0.6)]), .tokens([("3 = a", 0.55)]),
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
        let ratings: [ScriptedReply] = [.text("9"), .text("Rating: 5/10"), .text("On a scale from 0 to 10: 5"), .text("10")]
        let (session, answer) = try run(#"{"n":4,"by":"grader_model"}"#, replies, ratings: ratings)
        #expect(answer == Answer("2 = b", confidence: 10.0 / 19, reason: "grader_model"))
        #expect(session.requests.count == 4, "the completion without an answer is not rated")
        #expect(session.requests[1].messages?.first?.content.contains("1 + 1?") == true)
        let (_, best) = try run(#"{"n":4,"by":"grader_model","weighted":false}"#, replies, ratings: ratings)
        #expect(best.text == "1 = a")
    }

    @Test(arguments: [
        ("7", 7.0), ("7/10", 7), ("**7**", 7), ("Rating: 8 out of 10", 8), ("From 0 to 10 I give 6.5.", 6.5), ("10", 10), (" 0 ", 0),
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

    @Test func `completions that could not be rated drop out; without any rating the votes decide for want of budget only`() throws {
        let replies: [ScriptedReply] = [.text("1 = a"), .text("2 = b"), .text("3 = b")]
        let failed = ScriptedReply.failed(RequestFailed(.server, message: "500"))
        let (session, answer) = try run(#"{"n":3,"by":"grader_model"}"#, replies, ratings: [.text("1"), failed, failed])
        #expect(answer.text == "1 = a")
        #expect(session.notes.contains("rating: choice 1: request_failed"))
        let poor = ScriptedReply.rejected(Rejected(.budget, message: ""))
        let (_, vote) = try run(#"{"n":3,"by":"grader_model"}"#, replies, ratings: [poor, poor, poor])
        #expect(vote == Answer("2 = b", confidence: 2.0 / 3, reason: "budget"))
        #expect(throws: ScriptedError.self) { try run(#"{"n":3,"by":"grader_model"}"#, replies, ratings: [failed, failed, failed]) }
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
}
