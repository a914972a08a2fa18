import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedVoteTests {
    private func run(_ session: ScriptedSession, _ answers: [ScriptedReply]) -> ScriptedSession.Outcome {
        var next = 0
        return session.run { _, _ in
            defer { next += 1 }
            return next < answers.count ? answers[next] : .silence
        }
    }

    private func letters(_ answers: String) -> [ScriptedReply] {
        answers.enumerated().map { .text("\($0.offset) = \($0.element)") }
    }

    private func answer(_ outcome: ScriptedSession.Outcome) throws -> Answer {
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return answer
    }

    @Test func `greedy asks once at temperature 0`() throws {
        let session = try ShippedPlugins.session("greedy")
        #expect(run(session, letters("a")) == .finished(Answer("0 = a", reason: "complete")))
        #expect(session.requests.map(\.sampling) == [.greedy])
    }

    @Test(arguments: [
        ("abbab", "1 = b", 0.6), ("abab", "0 = a", 0.5), ("ba", "0 = b", 0.5), ("a", "0 = a", 1),
        ("cabb", "2 = b", 0.5),
    ])
    func `self-consistency takes the most frequent answer, the earlier of equal ones`(
        _ answers: String, _ text: String, _ share: Double
    )
        throws
    {
        let session = try ShippedPlugins.session("self-consistency", #"{"samples":\#(answers.count)}"#)
        #expect(run(session, letters(answers)) == .finished(Answer(text, confidence: share, reason: "samples")))
        #expect(session.requests.map(\.n) == [answers.count])
    }

    @Test func `what is cut off or has no answer does not vote, and votes survive a failed request`() throws {
        let session = try ShippedPlugins.session("self-consistency", #"{"samples":5}"#)
        let answers: [ScriptedReply] = [.cutOff("= b"), .cutOff("= b"), .text("no answer"), .text("= a"), .text("= a")]
        #expect(run(session, answers) == .finished(Answer("= a", confidence: 1, reason: "samples")))
        let failing = try ShippedPlugins.session("self-consistency", #"{"samples":5}"#)
        #expect(
            run(failing, [.text("= a"), .failed(RequestFailed(.rate, message: "quota"))])
                == .finished(Answer("= a", confidence: 1, reason: "request_failed")))
    }

    /// The numbers of the method's card.
    @Test(arguments: [
        ("a", 0.75), ("aa", 0.875), ("aaa", 0.9375), ("aaaa", 0.96875), ("aaaaa", 0.984375), ("ab", 0.5),
        ("abaa", 0.8125),
        ("abaaa", 0.890625),
        ("abaaaa", 0.9375), ("abaaaaa", 0.964844), ("aabbaaaaa", 0.945312), ("aabbaaaaaa", 0.967285),
        ("abaaaaaaaa", 0.994141),
    ])
    func `adaptive-consistency's certainty is the Beta posterior's`(_ answers: String, _ probability: Double) throws {
        let session = try ShippedPlugins.session(
            "adaptive-consistency", #"{"max_samples":\#(answers.count),"threshold":1}"#)
        let found = try answer(run(session, letters(answers)))
        #expect(abs((found.confidence ?? 0) - probability) < 1e-6)
        #expect(found.reason == "max_samples")
    }

    @Test func `adaptive-consistency's certainty stays exact for many votes`() throws {
        // By symmetry an even split is 1/2 exactly; one vote more adds half of the middle term, C(1000, 500) / 2^1000 /
        // 2.
        let even = try ShippedPlugins.session(
            "adaptive-consistency", #"{"max_samples":1000,"threshold":1,"batch":100}"#)
        let half = try answer(run(even, letters(String(repeating: "ab", count: 500))))
        #expect(abs((half.confidence ?? 0) - 0.5) < 1e-12)
        let odd = try ShippedPlugins.session("adaptive-consistency", #"{"max_samples":999,"threshold":1,"batch":100}"#)
        let more = try answer(run(odd, letters(String(repeating: "ab", count: 499) + "a")))
        #expect(abs((more.confidence ?? 0) - (0.5 + 0.025225018178 / 2)) < 1e-9)
    }

    @Test(arguments: [("aaaaaaaa", 4, "0 = a"), ("abaaaaaaaa", 7, "0 = a"), ("bbabbbbbb", 7, "0 = b")])
    func `adaptive-consistency stops as soon as the winner is certain enough`(
        _ answers: String, _ count: Int, _ text: String
    ) throws {
        let session = try ShippedPlugins.session("adaptive-consistency")
        let found = try answer(run(session, letters(answers)))
        #expect(found.text == text)
        #expect(found.reason == "threshold")
        #expect(session.requests.map(\.n) == Array(repeating: 1, count: count))
    }

    @Test func `adaptive-consistency keeps to its batches, least and most samples`() throws {
        let batches = try ShippedPlugins.session("adaptive-consistency", #"{"max_samples":8,"batch":3,"threshold":1}"#)
        _ = run(batches, letters("abababab"))
        #expect(batches.requests.map(\.n) == [3, 3, 2])
        let least = try ShippedPlugins.session("adaptive-consistency", #"{"min_samples":6}"#)
        _ = run(least, letters("aaaaaaaa"))
        #expect(least.requests.map(\.n) == [6])
        #expect(try ShippedPlugins.plugin("adaptive-consistency").estimate()?.completions == 4...40)
        #expect(try ShippedPlugins.plugin("adaptive-consistency").estimate()?.promptPasses == 40)
        let crossed = try ShippedPlugins.session("adaptive-consistency", #"{"min_samples":6,"max_samples":5}"#)
        crossed.step(.start)
        #expect(crossed.outcome == .failed("min_samples (6) is more than max_samples (5)"))
    }

    @Test func `adaptive-consistency answers with its votes when the budget ends`() throws {
        let session = try ShippedPlugins.session("adaptive-consistency")
        let found = try answer(run(session, letters("ab") + [.rejected(Rejected(.budget, message: ""))]))
        #expect(found == Answer("0 = a", confidence: 0.5, reason: "budget"))
        let stopped = try ShippedPlugins.session("adaptive-consistency")
        #expect(try answer(run(stopped, letters("ab"))).reason == "nothing left to happen")
    }
}
