import EvalhPluginKit
import EvalhPluginTesting
import Testing

/// The rules of adaptive-consistency beside beta, which `ShippedVoteTests` tests.
@Suite struct ShippedAdaptiveConsistencyRulesTests {
    private func run(_ parameters: String, _ answers: String) throws -> (session: ScriptedSession, answer: Answer) {
        let session = try ShippedPlugins.session("adaptive-consistency", parameters)
        let letters = Array(answers)
        var next = 0
        let outcome = session.run { _, _ in
            defer { next += 1 }
            return next < letters.count ? .text(letters[next] == "-" ? "hm" : "\(next) = \(letters[next])") : .silence
        }
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return (session, answer)
    }

    private func figure(_ session: ScriptedSession, _ rule: String) throws -> Double {
        let note = try #require(session.notes.first { $0.hasPrefix("\(rule): ") })
        return try #require(Double(note.dropFirst(rule.count + 2)))
    }

    /// The figure of all these answers, by a rule that cannot stop before.
    private func figure(_ rule: String, of answers: String, _ more: String = "") throws -> Double {
        let parameters = #"{"rule":"\#(rule)","max_samples":\#(answers.count),"min_samples":\#(answers.count)\#(more)}"#
        return try figure(run(parameters, answers).session, rule)
    }

    /// The integral of a Gamma density times Gamma distribution functions, by scipy.
    @Test(arguments: [
        ("aabc", 0.535493827), ("aaaabc", 0.812800069), ("aaaaabc", 0.888260174), ("aaaaaabc", 0.935123663),
        ("aabbccdde", 0.228618798),
        ("aaaaabbcdef", 0.758517036), ("aaaaaaaabbcdef", 0.942786030),
    ])
    func `dirichlet's figure is the probability that the leader has the largest share`(
        _ answers: String, _ probability: Double
    ) throws {
        #expect(abs(try figure("dirichlet", of: answers) - probability) < 1e-8)
    }

    @Test(arguments: [("aaaa", 0.96875), ("abaa", 0.8125), ("aabbaaaaa", 0.945312), ("ab", 0.5)])
    func `dirichlet is beta below three answers`(_ answers: String, _ probability: Double) throws {
        #expect(abs(try figure("dirichlet", of: answers) - probability) < 1e-6)
    }

    @Test func `dirichlet sees no more than five answers`() throws {
        #expect(try figure("dirichlet", of: "aaabcde") == figure("dirichlet", of: "aaabcdefg"))
        #expect(try figure("dirichlet", of: "aaabcd") > figure("dirichlet", of: "aaabcde"))
    }

    @Test func `dirichlet stays exact for many votes`() throws {
        let counts =
            String(repeating: "a", count: 400) + String(repeating: "b", count: 350) + String(repeating: "c", count: 200)
        #expect(abs(try figure("dirichlet", of: counts) - 0.965999325) < 1e-7)
        // By symmetry three equal counts have a third each.
        #expect(abs(try figure("dirichlet", of: String(repeating: "abc", count: 300)) - 1.0 / 3) < 1e-10)
    }

    @Test(arguments: [
        ("a", 1, 0.5), ("aaaa", 1, 0.9375), ("aaaaa", 1, 0.96875), ("aaaabc", 1, 0.845630787),
        ("aaaaabbcdef", 1, 0.805453223),
        ("aaaabc", 3, 0.618389784), ("aaaaaabc", 3, 0.839291622),
    ])
    func `crp's figure counts what was not seen as a rival`(
        _ answers: String, _ concentration: Int, _ probability: Double
    ) throws {
        let found = try figure("crp", of: answers, #","concentration":\#(concentration)"#)
        #expect(abs(found - probability) < 1e-8)
    }

    /// 1 − erfc(√(χ²/2)), by scipy.
    @Test(arguments: [
        ("a", 0.682689492), ("aaa", 0.916735483), ("aaaa", 0.954499736), ("aaaaaab", 0.941218279),
        ("aaaaaaab", 0.966105146), ("ab", 0),
        ("aaaaaaabcd", 0.966105146),
    ])
    func `chi-square's figure is that of the first two counts`(_ answers: String, _ figure: Double) throws {
        #expect(abs(try self.figure("chi_square", of: answers) - figure) < 1e-8)
    }

    @Test(arguments: [
        ("aaaab", 0.721928095, 0.8), ("aaab", 0.811278124, 0.75), ("aabc", 0.946394630, 0.5),
        ("aaaabc", 0.789690082, 4.0 / 6),
        ("ab", 1.0, 0.5),
        ("aaaa", 0.0, 1.0),
    ])
    func `entropy is that of the shares, normalised, and majority the leader's share`(
        _ answers: String, _ entropy: Double, _ share: Double
    )
        throws
    {
        #expect(abs(try figure("entropy", of: answers) - entropy) < 1e-8)
        #expect(abs(try figure("majority", of: answers) - share) < 1e-12)
    }

    /// The defaults of each rule: at the threshold, and not before.
    @Test(arguments: [
        ("dirichlet", "aaaaaaaa", 4), ("dirichlet", "abaaaaaa", 7), ("dirichlet", "abcaaaaaaa", 9),
        ("majority", "abaaaaaa", 5),
        ("majority", "ababaaaaaaaa", 10), ("entropy", "abaaaaaa", 5), ("entropy", "abcaaaaaaa", 7),
        ("chi_square", "aaaaaaaa", 4),
        ("chi_square", "abaaaaaaa", 8), ("crp", "aaaaaaaa", 5), ("crp", "abcaaaaaaa", 8),
    ])
    func `a rule stops at its own default threshold`(_ rule: String, _ answers: String, _ count: Int) throws {
        let (session, answer) = try run(#"{"rule":"\#(rule)"}"#, answers)
        #expect(session.requests.count == count)
        #expect(answer.reason == "threshold")
        #expect(answer.text == "0 = a")
    }

    @Test(arguments: ["majority", "entropy"])
    func `one distinct answer stops majority and entropy only if min_samples says so`(
        _ rule: String
    )
        throws
    {
        let (never, all) = try run(#"{"rule":"\#(rule)","max_samples":9}"#, "aaaaaaaaa")
        #expect(never.requests.count == 9)
        #expect(all.reason == "max_samples")
        let (soon, some) = try run(#"{"rule":"\#(rule)","max_samples":9,"min_samples":3}"#, "aaaaaaaaa")
        #expect(soon.requests.map(\.n) == [3])
        #expect(some.reason == "threshold")
        // An abstention is no second answer.
        #expect(try run(#"{"rule":"\#(rule)","max_samples":6}"#, "a-aaaa").session.requests.count == 6)
    }

    @Test func `a threshold that is given is taken, upwards, or downwards for entropy`() throws {
        #expect(try run(#"{"rule":"majority","threshold":0.75}"#, "abaaaaaa").session.requests.count == 4)
        #expect(try run(#"{"rule":"entropy","threshold":1}"#, "abaaaaaa").session.requests.count == 2)
        #expect(
            try run(#"{"rule":"entropy","threshold":0.6,"max_samples":9}"#, "abaaaaaaa").session.requests.count == 7)
        #expect(try run(#"{"rule":"crp","threshold":0.937}"#, "aaaaaaaa").session.requests.count == 4)
        #expect(try run(#"{"rule":"crp","concentration":4,"max_samples":9}"#, "aaaaaaaaaa").session.requests.count > 5)
        let low = try ShippedPlugins.session("adaptive-consistency", #"{"threshold":0.4}"#)
        low.step(.start)
        #expect(low.outcome == .failed("threshold (0.4) is less than 0.5, which rule beta always reaches"))
    }

    @Test func `confidence is the probability of rules that have one, else the winner's share`() throws {
        let (session, sure) = try run(#"{"rule":"crp"}"#, "aaaaaaaa")
        #expect(abs((sure.confidence ?? 0) - 0.96875) < 1e-10)
        #expect(try figure(session, "crp") == sure.confidence)
        #expect(try run(#"{"rule":"chi_square"}"#, "abaaaaaaa").answer.confidence == 0.875)
        #expect(try run(#"{"rule":"entropy"}"#, "abaaaaaaa").answer.confidence == 0.8)
        #expect(try run(#"{}"#, "aaaa").session.notes.isEmpty)
    }

    @Test(arguments: [
        (#"{"rule":"majority"}"#, 5), (#"{"rule":"entropy"}"#, 5), (#"{"rule":"entropy","min_samples":3}"#, 3),
        (#"{"rule":"chi_square"}"#, 4), (#"{"rule":"crp"}"#, 5), (#"{"rule":"dirichlet","batch":3}"#, 6),
    ])
    func `the estimate's least is the rule's earliest stop`(_ parameters: String, _ least: Int) throws {
        #expect(
            try ShippedPlugins.plugin("adaptive-consistency").estimate(parameters: parameters)?.completions
                == least...40)
    }

    @Test(arguments: ["beta", "dirichlet", "chi_square", "crp"])
    func `more votes for the leader never lower a rule's figure`(
        _ rule: String
    )
        throws
    {
        var last = 0.0
        for more in 0..<12 {
            let found =
                rule == "beta"
                ? try #require(
                    run(#"{"threshold":1,"max_samples":\#(4 + more)}"#, "abca" + String(repeating: "a", count: more))
                        .answer.confidence)
                : try figure(rule, of: "abca" + String(repeating: "a", count: more))
            #expect(found > last)
            last = found
        }
    }
}
