import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedEscTests {
    private func run(_ parameters: String, _ answers: String, end: ScriptedReply = .silence) throws -> (
        session: ScriptedSession, answer: Answer
    ) {
        let session = try ShippedPlugins.session("esc", parameters)
        let letters = Array(answers)
        var next = 0
        let outcome = session.run { _, _ in
            defer { next += 1 }
            return next < letters.count ? .text(letters[next] == "-" ? "hm" : "\(next) = \(letters[next])") : end
        }
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return (session, answer)
    }

    private func note(_ session: ScriptedSession, _ key: String) -> String? {
        session.notes.first { $0.hasPrefix("\(key): ") }.map { String($0.dropFirst(key.count + 2)) }
    }

    private func number(_ session: ScriptedSession, _ key: String) throws -> Double {
        try #require(note(session, key).flatMap { Double($0) })
    }

    private func letters(_ pattern: String, _ count: Int) -> String {
        String(String(repeating: pattern, count: count).prefix(count))
    }

    @Test func `a unanimous first window stops`() throws {
        let (session, answer) = try run("{}", "aaaaa")
        #expect(answer == Answer("0 = a", confidence: 1, reason: "unanimous"))
        #expect(session.requests.map(\.n) == [5])
    }

    @Test func `a later unanimous window is the answer, even against the majority`() throws {
        let (session, answer) = try run(#"{"window":3,"max_samples":12}"#, "aabaabbbbaaa")
        #expect(answer == Answer("2 = b", confidence: 5.0 / 9, reason: "unanimous"))
        #expect(session.requests.map(\.n) == [3, 3, 3])
        let (_, minority) = try run(#"{"window":2,"max_samples":8}"#, "abacaabb")
        #expect(minority == Answer("0 = a", confidence: 4.0 / 6, reason: "unanimous"))
        let (_, against) = try run(#"{"window":2,"max_samples":8}"#, "abacadbb")
        #expect(against == Answer("1 = b", confidence: 3.0 / 8, reason: "unanimous"))
    }

    @Test func `without a unanimous window the majority of all decides`() throws {
        let (session, answer) = try run("{}", letters("ab", 40))
        #expect(answer == Answer("0 = a", confidence: 0.5, reason: "max_samples"))
        #expect(session.requests.map(\.n) == Array(repeating: 5, count: 8))
        let (_, later) = try run(#"{"window":2,"max_samples":5}"#, "abbab")
        #expect(later == Answer("1 = b", confidence: 0.6, reason: "max_samples"))
    }

    @Test func `a window that lacks an answer, or is cut short, stops nothing`() throws {
        let (session, answer) = try run(#"{"window":3,"max_samples":8}"#, "aa-aa-aa")
        #expect(session.requests.map(\.n) == [3, 3, 2])
        #expect(answer == Answer("0 = a", confidence: 1, reason: "max_samples"))
        let budget = ScriptedReply.rejected(Rejected(.budget, message: ""))
        let (cut, rest) = try run(#"{"window":3,"max_samples":9}"#, "abb", end: budget)
        #expect(rest == Answer("1 = b", confidence: 2.0 / 3, reason: "budget"))
        #expect(cut.requests.count == 2)
        let failed = ScriptedReply.failed(RequestFailed(.server, message: "500"))
        #expect(
            try run(#"{"window":3}"#, "aa", end: failed).answer
                == Answer("0 = a", confidence: 1, reason: "request_failed"))
    }

    /// The card's units: frequencies [1], [.8, .2], [.6, .4] and [.5, .3, .2] with w = 5 and L = 40.
    @Test(arguments: [
        ("aaaaa", 5, 5.0), ("aaaab", 5, 14.60996), ("abaab", 5, 29.62588), ("aaaaabbbcc", 10, 35.55029),
        ("bacabacaba", 10, 35.55029),
    ])
    func `expected samples are as the card says`(_ answers: String, _ first: Int, _ expected: Double) throws {
        let (session, _) = try run(#"{"window":\#(first),"windows":[5]}"#, answers + letters("abc", 40 - first))
        #expect(abs(try number(session, "expected_samples") - expected) < 1e-5)
    }

    /// Σ 1 − Φ((w − wp) / √(wp(1−p))) over the answers but the first, by scipy.
    @Test(arguments: [
        ("aaaaa", 5, 5, 0.0), ("aaaab", 5, 5, 3.872108215522e-06), ("aaabb", 5, 5, 3.08494966027208e-03),
        ("aaaaabbbcc", 10, 5, 3.2202167883e-04),
        ("aaaab", 5, 2, 2.338867490523633e-03), ("aaaaabbbcc", 10, 4, 1.156784525876e-03),
    ])
    func `risk is the chance that another answer fills a window`(
        _ answers: String, _ first: Int, _ window: Int, _ risk: Double
    ) throws {
        let (session, _) = try run(
            #"{"window":\#(first),"windows":[\#(window)]}"#, answers + letters("abc", 40 - first))
        #expect(abs(try number(session, "risk") - risk) < 1e-10)
    }

    @Test func `expected samples count what fills no window`() throws {
        // 5 q + 10 (1 − q) q + 12 (1 − q)² with q = .8⁵ + .2⁵.
        let (session, _) = try run(#"{"max_samples":12}"#, "aaaababababa")
        #expect(abs(try number(session, "expected_samples") - 9.263168) < 1e-6)
        let (silent, _) = try run(#"{"max_samples":12}"#, letters("-", 12))
        #expect(try number(silent, "expected_samples") == 12)
        let (abstaining, _) = try run(#"{"max_samples":10}"#, "aaaa-" + "abaaa")
        #expect(abs(try number(abstaining, "expected_samples") - (10 - 5 * 0.32768)) < 1e-9)
    }

    @Test func `the scheme takes the size with the fewest expected completions within the risk`() throws {
        let rest = letters("ab", 40)
        let (free, _) = try run(#"{"windows":[8,2,4]}"#, "aaabb" + rest)
        #expect(note(free, "window") == "2")
        #expect(free.requests.map(\.n).prefix(3) == [5, 2, 2])
        let (bound, _) = try run(#"{"windows":[8,2,4],"max_risk":0.01}"#, "aaabb" + rest)
        #expect(note(bound, "window") == "4")
        #expect(bound.requests.map(\.n) == [5, 4, 4, 4, 4, 4, 4, 4, 4, 3])
        #expect(abs(try number(bound, "expected_samples") - 21.001120154) < 1e-8)
        let (tight, _) = try run(#"{"windows":[8,2,4],"max_risk":0.001}"#, "aaabb" + rest)
        #expect(note(tight, "window") == "8")
    }

    @Test func `a risk above the bound lets nothing stop early`() throws {
        let answers = "aaabb" + letters("a", 35)
        let (careful, all) = try run(#"{"max_risk":0.003}"#, answers)
        #expect(careful.requests.map(\.n) == [5, 35])
        #expect(all == Answer("0 = a", confidence: 38.0 / 40, reason: "max_samples"))
        #expect(note(careful, "window") == "none: the risk is above max_risk")
        let (bold, some) = try run(#"{"max_risk":0.0031}"#, answers)
        #expect(bold.requests.map(\.n) == [5, 5])
        #expect(some.reason == "unanimous")
        // The bound itself is allowed: one answer with abstentions has no risk.
        #expect(
            try run(#"{"max_risk":0}"#, "aa-aa" + "bbbbb").answer
                == Answer("5 = b", confidence: 5.0 / 9, reason: "unanimous"))
        // A unanimous first window foretells no risk.
        #expect(try run(#"{"max_risk":0}"#, "aaaaa").answer.reason == "unanimous")
    }

    @Test func `sizes that do not fit are refused`() throws {
        for (parameters, message) in [
            (#"{"max_samples":4}"#, "window (5) is more than max_samples (4)"),
            (#"{"windows":[4,41]}"#, "windows has 41, which is not between 1 and max_samples (40)"),
            (#"{"windows":[0]}"#, "windows has 0, which is not between 1 and max_samples (40)"),
        ] {
            let session = try ShippedPlugins.session("esc", parameters)
            session.step(.start)
            #expect(session.outcome == .failed(message))
        }
    }

    @Test func `the estimate spans one window and all`() throws {
        let plugin = try ShippedPlugins.plugin("esc")
        #expect(plugin.estimate() == Estimate(completions: 5...40, promptPasses: 8))
        #expect(plugin.estimate(parameters: #"{"windows":[4,10]}"#) == Estimate(completions: 5...40, promptPasses: 10))
    }

    /// ESC's guarantee: it differs from the majority of all only if a unanimous window is not of the mode.
    @Test(arguments: 0..<20) func `the answer is the majority's unless a unanimous window says otherwise`(_ seed: Int)
        throws
    {
        var state = UInt64(seed)
        let answers = String(
            (0..<20).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return (state >> 33) % 10 < 7 ? "a" as Character : "b"
            })
        let (session, answer) = try run(#"{"window":4,"max_samples":20}"#, answers)
        let windows = (0..<5).map { Set(answers.dropFirst($0 * 4).prefix(4)) }
        let count = answers.filter { $0 == "a" }.count
        if let first = windows.firstIndex(where: { $0.count == 1 }), let letter = windows[first].first {
            #expect(answer.text.last == letter)
            #expect(session.requests.count == first + 1)
        } else {
            #expect(answer.text.last == (count > 10 ? "a" : count < 10 ? "b" : answers.first))
            #expect(session.requests.count == 5)
        }
    }
}
