import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedSprtTests {
    private func run(_ parameters: String, _ answers: String, end: ScriptedReply = .silence) throws -> (
        session: ScriptedSession, answer: Answer
    ) {
        let session = try ShippedPlugins.session("sprt", parameters)
        let letters = Array(answers)
        var next = 0
        let outcome = session.run { _, _ in
            defer { next += 1 }
            return next < letters.count ? .text(letters[next] == "-" ? "hm" : "\(next) = \(letters[next])") : end
        }
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return (session, answer)
    }

    private func factor(_ session: ScriptedSession) throws -> Double {
        let note = try #require(session.notes.first { $0.hasPrefix("bayes_factor: ") })
        return try #require(Double(note.dropFirst("bayes_factor: ".count)))
    }

    /// P / (1 − P) of the card's Beta posteriors: .75, .9375, .96875, .890625, .945312, .967285, .964844, .5.
    @Test(arguments: [
        ("a", 3.0), ("aaa", 15.0), ("aaaa", 31.0), ("abaaa", 8.142857143), ("aabbaaaaa", 17.285714286),
        ("aabbaaaaaa", 29.567164179),
        ("abaaaaa", 27.444444444), ("ab", 1.0), ("abc", 1.0), ("aaabc", 4.333333333),
    ])
    func `the Bayes factor is the posterior odds of the leader`(_ answers: String, _ expected: Double) throws {
        let (session, answer) = try run(
            #"{"threshold":1e9,"stop_when_futile":false,"max_samples":\#(answers.count)}"#, answers)
        #expect(abs(try factor(session) - expected) < 1e-8)
        #expect(abs((answer.confidence ?? 0) - expected / (1 + expected)) < 1e-10)
        #expect(answer.reason == "max_samples")
    }

    @Test(arguments: [
        ("aaaaaaa", 4, "0 = a"), ("abaaaaaaa", 7, "0 = a"), ("bbabbbbbb", 7, "0 = b"), ("a-aaaa", 5, "0 = a"),
    ])
    func `it stops as soon as the leader is decided`(_ answers: String, _ count: Int, _ text: String) throws {
        let (session, answer) = try run("{}", answers)
        #expect(session.requests.map(\.n) == Array(repeating: 1, count: count))
        #expect(answer.reason == "decided")
        #expect(answer.text == text)
        #expect(try factor(session) >= 19)
    }

    @Test func `the threshold itself decides`() throws {
        #expect(try run(#"{"threshold":15}"#, "aaaaaa").session.requests.count == 3)
        #expect(try run(#"{"threshold":15.001}"#, "aaaaaa").session.requests.count == 4)
        // Three equal answers have 15 exactly, so that three samples are not given up.
        #expect(
            try run(#"{"threshold":15,"max_samples":3}"#, "aaa").answer
                == Answer("0 = a", confidence: 0.9375, reason: "decided"))
        #expect(try run(#"{"threshold":1}"#, "aaaaaa").session.requests.count == 1)
        #expect(try run(#"{"threshold":1,"stop_when_futile":false}"#, "-aaaaa").session.requests.count == 2)
    }

    /// Where each vote for the leader up to the last would leave the factor below 19.
    @Test(arguments: [
        // (5, 1) would have 15; (6, 1), with one more sample, 27.4.
        ("abaaaa", 6, 2), ("abaaaaaa", 7, 7), ("ab", 5, 2),
        // Three equal answers have 15 at most.
        ("aaa", 3, 1), ("---", 3, 1),
        // Without votes so far, four must be left.
        ("---aaa", 6, 3), ("--aaaa", 6, 6),
    ])
    func `it gives up as soon as nothing can decide any more`(_ answers: String, _ most: Int, _ count: Int) throws {
        let (session, answer) = try run(#"{"max_samples":\#(most)}"#, answers)
        #expect(session.requests.count == count)
        #expect(answer.reason == (count == most ? "decided" : "futile"))
    }

    @Test func `giving up can be left out`() throws {
        let (session, answer) = try run(#"{"max_samples":6,"stop_when_futile":false}"#, "abaaaa")
        #expect(session.requests.count == 6)
        #expect(answer == Answer("0 = a", confidence: 0.9375, reason: "max_samples"))
    }

    @Test func `an even split is given up at thirty of forty`() throws {
        let (session, answer) = try run("{}", String(repeating: "ab", count: 20))
        #expect(session.requests.count == 30)
        #expect(answer == Answer("0 = a", confidence: 0.5, reason: "futile"))
    }

    /// Whatever the rest had been, a session that gave up would not have been decided.
    @Test(arguments: ["aab", "aabb", "abcab", "aabbab", "abba"]) func `what was given up could not have been decided`(
        _ answers: String
    )
        throws
    {
        let (session, given) = try run(#"{"max_samples":7}"#, answers + "aaaaaaa")
        guard given.reason == "futile" else {
            #expect(given.reason == "decided")
            return
        }
        let drawn = session.requests.count
        for bits in 0..<(1 << (7 - drawn)) {
            let rest = (0..<(7 - drawn)).map { bits >> $0 & 1 == 1 ? "a" : "b" }.joined()
            let (_, answer) = try run(#"{"max_samples":7,"stop_when_futile":false}"#, answers.prefix(drawn) + rest)
            #expect(answer.reason == "max_samples", "\(answers.prefix(drawn))\(rest)")
        }
    }

    @Test func `batches are asked for whole and the last one short`() throws {
        #expect(try run(#"{"batch":3}"#, "aaaaaaaaa").session.requests.map(\.n) == [3, 3])
        #expect(
            try run(#"{"batch":3,"max_samples":8,"threshold":1e6,"stop_when_futile":false}"#, "abababab").session
                .requests.map(\.n) == [
                    3, 3, 2,
                ])
    }

    @Test func `what ends it early leaves the votes so far`() throws {
        let budget = ScriptedReply.rejected(Rejected(.budget, message: ""))
        #expect(try run("{}", "ab", end: budget).answer == Answer("0 = a", confidence: 0.5, reason: "budget"))
        #expect(try run("{}", "abb").answer.reason == "nothing left to happen")
        let failed = ScriptedReply.failed(RequestFailed(.server, message: "500"))
        #expect(try run(#"{"batch":4}"#, "aaaa", end: failed).answer.reason == "decided")
        #expect(
            try run(#"{"batch":4}"#, "aab", end: failed).answer
                == Answer("0 = a", confidence: 0.6875, reason: "request_failed"))
    }

    @Test(arguments: [
        ("{}", 4, 40, 40.0), (#"{"batch":3}"#, 6, 40, 14), (#"{"max_samples":6}"#, 2, 6, 6),
        (#"{"max_samples":3}"#, 1, 3, 3),
    ])
    func `the estimate's least is the earlier of deciding and giving up`(
        _ parameters: String, _ least: Int, _ most: Int, _ passes: Double
    )
        throws
    {
        let estimate = try ShippedPlugins.plugin("sprt").estimate(parameters: parameters)
        #expect(estimate == Estimate(completions: least...most, promptPasses: passes))
    }
}
