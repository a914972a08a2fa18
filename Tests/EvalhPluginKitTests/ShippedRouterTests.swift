import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedRouterTests {
    private func answer(_ session: ScriptedSession) throws -> Answer {
        guard case .finished(let answer) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        return answer
    }

    /// The weak model answers with letters, the strong one with "s", the judge with its text.
    private func run(
        _ parameters: String, weak: String = "w", judge: String = "", fields: String = "{}", seed: UInt64 = 1,
        _ other: (ScriptedRequest) -> ScriptedReply? = { _ in nil }
    ) throws -> ScriptedSession {
        var host = ShippedPlugins.host
        host.item.fieldsJSON = fields
        host.seed = seed
        let session = try ShippedPlugins.session("router", parameters, host: host)
        session.run { request, index in
            if let reply = other(request) { return reply }
            if request.model == "strong" { return .text("strong = s") }
            if request.model == "grader" { return .text(judge) }
            let letters = Array(weak)
            guard index < letters.count else { return .failed(RequestFailed(.server, message: "500")) }
            return switch letters[index] {
            case "-": .text("weak \(index)")
            case ".": .cutOff("weak \(index) = x")
            default: .text("weak \(index) = \(letters[index])")
            }
        }
        return session
    }

    /// Strong if and only if the win rate is at least the threshold.
    @Test(arguments: [
        (0.5, 0.5, true), (0.49, 0.5, false), (0, 0, true), (1, 1, true), (0.999, 1, false), (0.3, 0.2, true),
        (1, 0, true), (0, 1, false),
    ])
    func `the strong model answers if the field's win rate reaches the threshold`(
        _ winRate: Double, _ threshold: Double, _ isStrong: Bool
    )
        throws
    {
        let session = try run(#"{"by":"field","threshold":\#(threshold)}"#, fields: #"{"win_rate":\#(winRate)}"#)
        let route = isStrong ? "strong" : "weak"
        #expect(try answer(session) == Answer(isStrong ? "strong = s" : "weak 0 = w", reason: route))
        #expect(session.notes == ["win_rate: \(winRate)", "route: \(route)"])
        #expect(session.requests.map(\.model) == [isStrong ? "strong" : ""])
        #expect(session.requests.first?.messages == nil)
    }

    @Test(arguments: [
        #"{}"#, #"{"win_rate":"half"}"#, #"{"win_rate":1.5}"#, #"{"win_rate":-1}"#, #"{"win_rate":null}"#,
    ])
    func `a field without a win rate is an error`(_ fields: String) throws {
        let session = try run(#"{"by":"field"}"#, fields: fields)
        #expect(session.outcome == .error("the item item has no number in 0...1 in its field win_rate"))
        #expect(session.requests.isEmpty)
    }

    @Test func `the field can be named, and whole numbers count`() throws {
        let session = try run(#"{"by":"field","field":"hard"}"#, fields: #"{"hard":1}"#)
        #expect(session.notes == ["win_rate: 1.0", "route: strong"])
    }

    @Test(arguments: [
        ("5", 0.5, true), ("4", 0.5, false), ("Rating: 8/10", 0.8, true), ("7.9", 0.8, false), ("0", 0, true),
        ("10", 1, true),
    ])
    func `a judge's tenth is the win rate`(_ reply: String, _ threshold: Double, _ isStrong: Bool) throws {
        let session = try run(#"{"threshold":\#(threshold)}"#, judge: reply)
        #expect(try answer(session).reason == (isStrong ? "strong" : "weak"))
        #expect(session.requests.map(\.model) == ["grader", isStrong ? "strong" : ""])
        let request = try #require(session.requests.first)
        #expect(request.sampling == Sampling(temperature: 0, maxTokens: 16))
        #expect(request.messages?.first?.content.contains("answer this question:\n1 + 1?\n") == true)
    }

    @Test(arguments: [
        (ScriptedReply.text("no idea"), "no number in the reply"),
        (.failed(RequestFailed(.server, message: "500")), "request_failed"),
        (.rejected(Rejected(.budget, message: "")), "budget"),
    ])
    func `without a win rate the strong model is asked`(_ reply: ScriptedReply, _ why: String) throws {
        let session = try run("{}") { $0.model == "grader" ? reply : nil }
        #expect(try answer(session).text == "strong = s")
        #expect(session.notes == ["judge: \(why)", "route: strong"])
    }

    @Test func `a judge that can never be asked is an error`() throws {
        let session = try run("{}") {
            $0.model == "grader" ? .rejected(Rejected(.unsupported, message: "not here")) : nil
        }
        guard case .error(let text) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        #expect(text.contains("not here"))
    }

    @Test func `a judge's prompt has the question in its place only`() throws {
        var host = ShippedPlugins.host
        host.item.input = "{question} of {x}"
        let session = try ShippedPlugins.session("router", #"{"judge_prompt":"{a} {question} {"}"#, host: host)
        session.run { _, _ in .text("1") }
        #expect(session.requests.first?.messages == [Message(.user, "{a} {question} of {x} {")])
    }

    /// Probes, the threshold, who answers, and the win rate.
    @Test(arguments: [
        ("aaaa", 0.25, false, 0), ("aaab", 0.25, true, 0.25), ("aaab", 0.26, false, 0.25), ("abcd", 0.75, true, 0.75),
        ("aa--", 0.5, true, 0.5),
        ("aa..", 0.51, false, 0.5), ("----", 1, true, 1), ("a", 0.5, false, 0),
    ])
    func `probes that disagree are the win rate`(
        _ weak: String, _ threshold: Double, _ isStrong: Bool, _ winRate: Double
    ) throws {
        let session = try run(
            #"{"by":"weak_confidence","probes":\#(weak.count),"threshold":\#(threshold)}"#, weak: weak)
        #expect(session.notes == ["win_rate: \(winRate)", "route: \(isStrong ? "strong" : "weak")"])
        if isStrong {
            #expect(try answer(session) == Answer("strong = s", reason: "strong"))
            #expect(session.requests.map(\.n) == [weak.count, 1])
        } else {
            #expect(try answer(session) == Answer("weak 0 = a", confidence: 1 - winRate, reason: "weak"))
            #expect(session.requests.map(\.n) == [weak.count])
        }
    }

    @Test func `probes answer if the strong model cannot be had`() throws {
        let replies: [(ScriptedReply, String)] = [
            (.rejected(Rejected(.budget, message: "")), "budget"),
            (.failed(RequestFailed(.server, message: "500")), "request_failed"),
            (.silence, "nothing left to happen"),
        ]
        for (reply, reason) in replies {
            let session = try run(#"{"by":"weak_confidence"}"#, weak: "abbc") { $0.model == "strong" ? reply : nil }
            #expect(try answer(session) == Answer("weak 1 = b", confidence: 0.5, reason: reason))
            #expect(session.notes.last == "route: weak")
        }
        let refused = try run(#"{"by":"weak_confidence"}"#, weak: "abbc") {
            $0.model == "strong" ? .rejected(Rejected(.unsupported, message: "")) : nil
        }
        guard case .error = refused.outcome else { throw ScriptedError("\(refused.outcome)") }
        let some = try run(#"{"by":"weak_confidence","threshold":0.6}"#, weak: "aa")
        #expect(try answer(some) == Answer("weak 0 = a", confidence: 1, reason: "request_failed"))
    }

    @Test func `the weak model answers if there is no budget for the strong one, and a failure is an error`() throws {
        let poor = try run(#"{"by":"random","share":1}"#) {
            $0.model == "strong" ? .rejected(Rejected(.budget, message: "")) : nil
        }
        #expect(try answer(poor) == Answer("weak 0 = w", reason: "budget"))
        #expect(poor.notes.last == "route: weak")
        let failing = try run(#"{"by":"random","share":1}"#) {
            $0.model == "strong" ? .failed(RequestFailed(.server, message: "500")) : nil
        }
        guard case .error = failing.outcome else { throw ScriptedError("\(failing.outcome)") }
    }

    @Test(arguments: [0, 0.25, 0.5, 1]) func `random sends its share of sessions to the strong model`(_ share: Double)
        throws
    {
        var strong = 0
        for seed in 0..<400 {
            let session = try run(#"{"by":"random","share":\#(share)}"#, seed: UInt64(seed))
            if try answer(session).reason == "strong" { strong += 1 }
            let draw = try #require(Double(session.notes[0].dropFirst("draw: ".count)))
            #expect((0..<1).contains(draw) && (draw < share) == (session.notes[1] == "route: strong"))
        }
        // 5 standard deviations of a share of one half.
        #expect(abs(Double(strong) / 400 - share) <= (share == 0 || share == 1 ? 0 : 0.125))
    }

    @Test func `the more is asked of a win rate, the fewer items are strong`() throws {
        var last = 5
        for threshold in [0, 0.2, 0.4, 0.6, 0.8, 1] {
            let strong = try [0.1, 0.3, 0.5, 0.7, 0.9].filter { winRate in
                let session = try run(
                    #"{"by":"field","threshold":\#(threshold)}"#, fields: #"{"win_rate":\#(winRate)}"#)
                return try answer(session).reason == "strong"
            }
            #expect(strong.count <= last)
            last = strong.count
        }
        #expect(last == 0)
    }

    @Test(arguments: [(#"{"strong":"giant"}"#, "giant"), (#"{"judge_role":"court"}"#, "court")])
    func `a role that the suite lacks is told before anything is asked`(_ parameters: String, _ role: String) throws {
        let session = try run(parameters)
        #expect(session.outcome == .error("the suite has no model with the role \(role)"))
        #expect(session.requests.isEmpty)
        // Who is not asked need not be there.
        #expect(try answer(run(#"{"by":"random","judge_role":"court","share":0}"#)).reason == "weak")
    }

    @Test(arguments: [
        ("{}", 2...2, 2.0), (#"{"by":"random"}"#, 1...1, 1), (#"{"by":"field"}"#, 1...1, 1),
        (#"{"by":"weak_confidence","probes":6}"#, 6...7, 2),
    ])
    func `its estimate counts judge and probes`(_ parameters: String, _ completions: ClosedRange<Int>, _ passes: Double)
        throws
    {
        let estimate = try #require(try ShippedPlugins.plugin("router").estimate(parameters: parameters))
        #expect(estimate == Estimate(completions: completions, promptPasses: passes))
    }
}
