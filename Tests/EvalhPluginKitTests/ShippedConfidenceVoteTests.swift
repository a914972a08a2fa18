import EvalhPluginKit
import EvalhPluginTesting
import Foundation
import Testing

@Suite struct ShippedConfidenceVoteTests {
    private func run(_ parameters: String, _ replies: [ScriptedReply]) throws -> (
        session: ScriptedSession, answer: Answer
    ) {
        let session = try ShippedPlugins.session("confidence-vote", parameters)
        let outcome = session.run { _, index in replies[index] }
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return (session, answer)
    }

    /// A completion of one token whose likeliest token has a probability: the higher, the more certain.
    private func sure(_ text: String, _ probability: Double, finish: Finish = .stop) -> ScriptedReply {
        distribution(text, [probability], finish: finish)
    }

    /// A completion of one token, and the probabilities of the likeliest tokens.
    private func distribution(_ text: String, _ probabilities: [Double], finish: Finish = .stop) -> ScriptedReply {
        .completion(text, finish: finish, tokens: [token(text, probabilities)])
    }

    /// The first of the likeliest tokens is sampled.
    private func token(_ text: String, _ probabilities: [Double]) -> Token {
        let others = probabilities.enumerated().map {
            Token.Alternative($0.offset == 0 ? text : "t\($0.offset)", logprob: log($0.element))
        }
        return Token(text, logprob: others[0].logprob, alternatives: others)
    }

    private func certainty(_ parameters: String, _ reply: ScriptedReply) throws -> Double {
        let note = try #require(run(parameters, [reply]).session.notes.first { $0.hasPrefix("self_certainty: ") })
        let values = note.dropFirst("self_certainty: ".count).components(separatedBy: "...")
        #expect(values.count == 2 && values[0] == values[1])
        return try #require(Double(values[0]))
    }

    private let four = #"{"samples":1,"vocabulary_size":4}"#

    /// −(1/V) Σ ln(V p) with V = 4.
    @Test(arguments: [
        ([0.25, 0.25, 0.25, 0.25], 0.0), ([0.5, 0.25, 0.125, 0.125], 0.173286795), ([0.7, 0.1, 0.1, 0.1], 0.429813195),
        ([0.97, 0.01, 0.01, 0.01], 2.07519808),
    ])
    func `self-certainty of a whole distribution is as its formula says`(_ probabilities: [Double], _ expected: Double)
        throws
    {
        #expect(abs(try certainty(four, distribution("= a", probabilities)) - expected) < 1e-8)
    }

    @Test func `what the likeliest tokens leave is spread evenly, which gives a lower bound`() throws {
        // An even rest: nothing is lost.
        #expect(abs(try certainty(four, distribution("= a", [0.5, 0.25])) - 0.173286795) < 1e-8)
        #expect(abs(try certainty(four, distribution("= a", [0.7])) - 0.429813195) < 1e-8)
        // An uneven one: the fewer are known, the lower.
        let uneven = [0.5, 0.3, 0.15, 0.05]
        let values = try (1...4).map { try certainty(four, distribution("= a", Array(uneven.prefix($0)))) }
        #expect(values[0] < values[1] && values[1] < values[2])
        #expect(abs(values[2] - values[3]) < 1e-8)
    }

    @Test func `a rest of nothing counts as a ten-millionth`() throws {
        let expected = -(log(100) + 99 * log(100 * 1e-7 / 99)) / 100
        for reply in [distribution("= a", [1.0]), distribution("= a", [1.0, 0])] {
            #expect(abs(try certainty(#"{"samples":1,"vocabulary_size":100}"#, reply) - expected) < 1e-9)
        }
    }

    @Test func `a sampled token that is not among the likeliest is known too`() throws {
        let others = [Token.Alternative("x", logprob: log(0.5)), Token.Alternative("y", logprob: log(0.25))]
        let reply = ScriptedReply.completion("= a", tokens: [Token("= a", logprob: log(0.2), alternatives: others)])
        let expected = -(log(2) + log(1) + log(0.8) + log(0.2)) / 4
        #expect(abs(try certainty(four, reply) - expected) < 1e-9)
    }

    @Test func `self-certainty is the mean over the tokens`() throws {
        let tokens = [token("= ", [0.7, 0.1, 0.1, 0.1]), token("a", [0.25, 0.25, 0.25, 0.25])]
        #expect(abs(try certainty(four, .completion("= a", tokens: tokens)) - 0.429813195 / 2) < 1e-8)
    }

    /// Weights (N − r + 1)^p of the ranks 3, 1, 2 of b, a, b.
    @Test(arguments: [(0.0, 1.0, 2.0, "b"), (0.5, 1.7320508, 2.4142136, "b"), (1, 3, 3, "b"), (2, 9, 5, "a")])
    func `votes weigh by their rank`(_ power: Double, _ a: Double, _ b: Double, _ winner: String) throws {
        let (session, answer) = try run(
            #"{"samples":3,"power":\#(power)}"#, [sure("0 = b", 0.3), sure("1 = a", 0.9), sure("2 = b", 0.6)])
        #expect(abs((session.candidates["a"] ?? 0) - a) < 1e-6)
        #expect(abs((session.candidates["b"] ?? 0) - b) < 1e-6)
        #expect(answer.text == (winner == "a" ? "1 = a" : "0 = b"))
        #expect(abs((answer.confidence ?? 0) - max(a, b) / (a + b)) < 1e-6)
        #expect(answer.reason == "samples")
    }

    @Test func `half is the default power, and the earlier of equal certainties ranks higher`() throws {
        let (session, answer) = try run(#"{"samples":2}"#, [sure("0 = a", 0.5), sure("1 = b", 0.5)])
        #expect(abs((session.candidates["a"] ?? 0) - 2.0.squareRoot()) < 1e-9)
        #expect(session.candidates["b"] == 1)
        #expect(answer.text == "0 = a")
    }

    /// With power 0, and with uniform weights, it is the majority, whatever the certainties are.
    @Test(arguments: ["abbab", "abab", "ba", "cabb"]) func `power 0 and uniform are the majority`(_ answers: String)
        throws
    {
        let replies = answers.enumerated().map { sure("\($0.offset) = \($0.element)", $0.element == "a" ? 0.99 : 0.4) }
        let plain = try ShippedPlugins.session("self-consistency", #"{"samples":\#(answers.count)}"#)
        let majority = plain.run { _, index in replies[index] }
        for more in [#""power":0"#, #""weight":"uniform""#] {
            let (session, answer) = try run(#"{"samples":\#(answers.count),\#(more)}"#, replies)
            #expect(.finished(answer) == majority)
            #expect(session.candidates == plain.candidates)
        }
    }

    @Test func `what does not vote has no rank`() throws {
        let replies = [
            sure("0 = a", 0.5), sure("1 = b", 0.99, finish: .length), .text("no answer"), sure("3 = c", 0.9),
        ]
        let (session, answer) = try run(#"{"samples":4,"power":1}"#, replies)
        #expect(session.candidates == ["a": 1, "c": 2])
        #expect(answer == Answer("3 = c", confidence: 2.0 / 3, reason: "samples"))
    }

    @Test func `probability weighs by the geometric mean, not by length`() throws {
        let replies: [ScriptedReply] = [
            .tokens([("0 = ", 0.4), ("a", 0.9)]), .tokens([("1 = b", 0.5)]),
            .tokens([("2 ", 0.7), ("= ", 0.7), ("c", 0.7)]),
        ]
        let (session, answer) = try run(#"{"samples":3,"weight":"probability"}"#, replies)
        #expect(answer.text == "2 = c")
        #expect(abs((session.candidates["a"] ?? 0) - 0.6) < 1e-9)
        #expect(abs((session.candidates["b"] ?? 0) - 0.5) < 1e-9)
        #expect(abs((session.candidates["c"] ?? 0) - 0.7) < 1e-9)
        let twice = try run(#"{"samples":4,"weight":"probability"}"#, replies + [.tokens([("3 = b", 0.3)])])
        #expect(twice.answer.text == "1 = b")
    }

    @Test(arguments: [
        (#"{"top_logprobs":7}"#, Sampling(topLogprobs: 7)), ("{}", Sampling(topLogprobs: 20)),
        (#"{"weight":"probability"}"#, Sampling(topLogprobs: 0)), (#"{"weight":"uniform"}"#, nil as Sampling?),
    ])
    func `each weight asks for what it needs`(_ parameters: String, _ sampling: Sampling?) throws {
        let session = try ShippedPlugins.session("confidence-vote", parameters)
        session.step(.start)
        #expect(session.requests.map(\.sampling) == [sampling])
        #expect(session.requests.map(\.n) == [8])
    }

    @Test func `a vote without log-probabilities or alternatives is an error that names the model`() throws {
        let bare = ScriptedReply.completion("= a", tokens: [Token("= a", probability: 0.9)])
        let hollow = ScriptedReply.completion("= a", tokens: [Token("= a", logprob: .nan)])
        for (parameters, reply) in [
            (#"{"samples":1}"#, bare), (#"{"samples":1}"#, .text("= a")),
            (#"{"samples":1,"weight":"probability"}"#, .text("= a")),
            (#"{"samples":1,"weight":"probability"}"#, hollow),
        ] {
            let session = try ShippedPlugins.session("confidence-vote", parameters)
            guard case .error(let text) = session.run({ _, _ in reply }) else {
                Issue.record("\(session.outcome)")
                continue
            }
            #expect(text.contains("the model main gave no log-probabilities"))
        }
        #expect(try run(#"{"samples":1,"weight":"probability"}"#, [bare]).answer.text == "= a")
    }

    @Test func `the completions that came vote when a request fails`() throws {
        let failing: [ScriptedReply] = [sure("0 = a", 0.5), .failed(RequestFailed(.rate, message: "quota"))]
        #expect(try run(#"{"samples":3}"#, failing).answer == Answer("0 = a", confidence: 1, reason: "request_failed"))
    }
}
