import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedCascadeTests {
    private static let roles = [
        Model(role: "main", name: "m"), Model(role: "middle", name: "n"), Model(role: "grader", name: "g"),
        Model(role: "strong", name: "s"),
    ]

    private func answer(_ session: ScriptedSession) throws -> Answer {
        guard case .finished(let answer) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        return answer
    }

    /// Letters are samples' answers, "-" is a sample without one, "." one that is cut off. What is asked with the text
    /// "differently" in the prompt is the second source.
    private func run(
        _ parameters: String, weak: String = "", second: String = "", middle: String = "", strong: String = "s",
        _ other: (ScriptedRequest, Int) -> ScriptedReply? = { _, _ in nil }
    ) throws -> ScriptedSession {
        let session = try ShippedPlugins.session("cascade", parameters, host: ScriptedHost(models: Self.roles))
        session.run { request, index in
            if let reply = other(request, index) { return reply }
            let isSecond = request.messages?.contains { $0.content.contains("differently") } ?? false
            let letters = Array(
                ["": isSecond ? second : weak, "middle": middle, "strong": strong][request.model] ?? "")
            guard index < letters.count else { return .failed(RequestFailed(.server, message: "500")) }
            let text = "\(request.model.isEmpty ? "weak" : request.model) \(index)"
            return switch letters[index] {
            case "-": .text(text)
            case ".": .cutOff("\(text) = x")
            default: .text("\(text) = \(letters[index])")
            }
        }
        return session
    }

    /// Weak samples, threshold, whether they are kept, and the score.
    @Test(arguments: [
        ("aaab", 0.75, true, "0.75"), ("aaab", 0.76, false, "0.75"), ("aab--", 0.66, true, "0.6666666666666666"),
        ("ab", 0.5, true, "0.5"),
        ("ab", 0.51, false, "0.5"), ("a", 1, true, "1.0"), ("--", 0, false, "none"), ("..", 0, false, "none"),
        ("a.", 1, true, "1.0"),
    ])
    func `by agreement an answer is kept if its share of the answers reaches the threshold`(
        _ weak: String, _ threshold: Double, _ isKept: Bool, _ score: String
    ) throws {
        let session = try run(#"{"samples":\#(weak.count),"threshold":\#(threshold)}"#, weak: weak)
        let found = try answer(session)
        #expect(session.notes == ["score: main \(score)", isKept ? "stage: 1 main" : "stage: 2 strong"])
        if isKept {
            #expect(found == Answer("weak 0 = a", confidence: Double(score), reason: "threshold"))
            #expect(session.requests.map(\.n) == [weak.count])
        } else {
            #expect(found == Answer("strong 0 = s", reason: "handed_over"))
            #expect(session.requests.map(\.model) == ["", "strong"])
        }
    }

    /// What has no answer is counted below the line and never wins.
    @Test(arguments: [
        ("aab--", 0.4, true, "0.4"), ("aab--", 0.41, false, "0.4"), ("a----", 0.2, true, "0.2"),
        ("-----", 0, false, "none"),
        ("aaa.", 0.75, true, "0.75"), ("aaaa", 1, true, "1.0"),
    ])
    func `the vote is the most frequent answer's share of all samples`(
        _ weak: String, _ threshold: Double, _ isKept: Bool, _ score: String
    ) throws {
        let session = try run(#"{"rule":"vote","samples":\#(weak.count),"threshold":\#(threshold)}"#, weak: weak)
        #expect(session.notes == ["score: main \(score)", isKept ? "stage: 1 main" : "stage: 2 strong"])
        #expect(try answer(session).reason == (isKept ? "vote" : "handed_over"))
    }

    @Test func `a vote over two instructions counts all samples together`() throws {
        let parameters = #"{"rule":"vote","samples":3,"threshold":0.5,"second_instruction":"Think differently."}"#
        let session = try run(parameters, weak: "aab", second: "bb-")
        #expect(try answer(session) == Answer("weak 2 = b", confidence: 0.5, reason: "vote"))
        #expect(session.requests.map(\.n) == [3, 3])
        #expect(session.requests[0].messages == nil)
        #expect(session.requests[1].messages == [Message(.user, "1 + 1?\n\nThink differently.")])
        let low = try run(
            #"{"rule":"vote","samples":3,"threshold":0.51,"second_instruction":"Think differently."}"#, weak: "aab",
            second: "bb-")
        #expect(try answer(low).text == "strong 0 = s")
    }

    @Test(arguments: [
        ("aab", "cba", false), ("abb", "bba", true), ("aab", "bba", false), ("a--", "---", false),
        ("---", "---", false),
        ("a--", "--a", true),
        ("ab-", "ba-", false), ("ab-", "ab-", true), ("a..", "a..", true),
    ])
    func `the rule verify keeps what both instructions lead to`(_ weak: String, _ second: String, _ isEqual: Bool)
        throws
    {
        let parameters =
            #"""
            {"rule":"verify","samples":3,"threshold":1,\#
            "second_instruction":"Think differently.","second_as":"system"}
            """#
        let session = try run(parameters, weak: weak, second: second)
        #expect(try answer(session).reason == (isEqual ? "verify" : "handed_over"))
        #expect(session.requests[1].messages == [Message(.system, "Think differently."), Message(.user, "1 + 1?")])
    }

    @Test func `a kept answer of two sources is the first source's, with its share of all samples`() throws {
        let parameters = #"{"rule":"verify","samples":3,"second_instruction":"Think differently."}"#
        let session = try run(parameters, weak: "baa", second: "a-c")
        #expect(try answer(session) == Answer("weak 1 = a", confidence: 0.5, reason: "verify"))
        #expect(session.notes == ["score: main 0.5", "stage: 1 main"])
    }

    @Test func `an instruction joins a system message that is there`() throws {
        var host = ScriptedHost(models: Self.roles)
        host.item.messages = [Message(.system, "Be brief."), Message(.user, "1 + 1?"), Message(.assistant, "Hm.")]
        for (place, expected) in [
            ("system", [Message(.system, "Be brief.\n\nX"), Message(.user, "1 + 1?"), Message(.assistant, "Hm.")]),
            ("user", [Message(.system, "Be brief."), Message(.user, "1 + 1?\n\nX"), Message(.assistant, "Hm.")]),
        ] {
            let parameters = #"{"rule":"verify","samples":1,"second_instruction":"X","second_as":"\#(place)"}"#
            let session = try ShippedPlugins.session("cascade", parameters, host: host)
            session.run { _, _ in .text("= a") }
            #expect(session.requests[1].messages == expected)
        }
    }

    @Test(arguments: [(0.72, true), (0.7201, false)])
    func `by probability one sample's tokens decide, by their geometric mean`(
        _ threshold: Double, _ isKept: Bool
    ) throws {
        // (0.9 · 0.8 · 0.72 · 0.5184)^¼ = 0.72.
        let session = try run(#"{"by":"probability","threshold":\#(threshold - 1e-9)}"#) { request, _ in
            request.model.isEmpty ? .tokens([("w ", 0.9), ("= ", 0.8), ("a", 0.72), (".", 0.5184)]) : nil
        }
        #expect(session.requests[0].n == 1 && session.requests[0].sampling == Sampling(topLogprobs: 0))
        #expect(try answer(session).reason == (isKept ? "threshold" : "handed_over"))
        if isKept { #expect(abs((try answer(session).confidence ?? 0) - 0.72) < 1e-9) }
    }

    @Test func `a sample without log-probabilities is an error, one that is cut off or empty is handed over`() throws {
        let bare = try run(#"{"by":"probability"}"#, weak: "a")
        guard case .error(let text) = bare.outcome else { throw ScriptedError("\(bare.outcome)") }
        #expect(text.contains("the model main gave no log-probabilities"))
        for reply in [ScriptedReply.cutOff("= a"), .text("")] {
            for by in ["probability", "rating", "self_verification"] {
                let session = try run(#"{"by":"\#(by)","threshold":0}"#) { request, _ in
                    request.model.isEmpty ? reply : nil
                }
                #expect(session.notes == ["score: main none", "stage: 2 strong"])
                #expect(session.requests.count == 2)
            }
        }
    }

    @Test(arguments: [
        ("8", 0.8, true), ("8/10", 0.81, false), ("10", 1, true), ("0", 0, true), ("no idea", 0, false), ("", 0, false),
    ])
    func `by rating a tenth of the verifier's number decides`(_ reply: String, _ threshold: Double, _ isKept: Bool)
        throws
    {
        let session = try run(#"{"by":"rating","threshold":\#(threshold)}"#, weak: "a") { request, _ in
            request.model == "grader" ? .text(reply) : nil
        }
        #expect(try answer(session).reason == (isKept ? "threshold" : "handed_over"))
        #expect(session.requests[1].sampling == Sampling(temperature: 0, maxTokens: 16))
        #expect(session.requests[1].messages?.first?.content.contains("weak 0 = a") == true)
        #expect(session.notes.contains("verification: no number in the reply") == ["no idea", ""].contains(reply))
    }

    /// AutoMix's share of positive checks.
    @Test(arguments: [
        ("yyyyyynn", "0.75", 0.75, true), ("yyyyyynn", "0.75", 0.76, false), ("nnnnnnnn", "0.0", 0, true),
        ("yyyyyyyy", "1.0", 1, true),
        ("ynyn", "0.5", 0.5, true), ("y??", "0.3333333333333333", 0.34, false),
    ])
    func `by self-verification the share of positive checks decides`(
        _ checks: String, _ score: String, _ threshold: Double, _ isKept: Bool
    ) throws {
        let texts: [Character: String] = [
            "y": "Yes, it is, and not no.", "n": "No. (Not yes.)", "?": "Yesterday? I do not know.",
        ]
        let session = try run(
            #"{"by":"self_verification","threshold":\#(threshold),"checks":\#(checks.count)}"#, weak: "a"
        ) {
            request, index in
            request.messages == nil ? nil : .text(texts[Array(checks)[index]] ?? "")
        }
        #expect(session.notes == ["score: main \(score)", isKept ? "stage: 1 main" : "stage: 2 strong"])
        #expect(session.requests[1].model == "" && session.requests[1].n == checks.count)
        #expect(session.requests[1].sampling == Sampling(maxTokens: 16))
    }

    @Test func `checks that came count if others failed; without any the answer is handed over`() throws {
        for (came, score) in [(2, "0.5"), (0, "none")] {
            let session = try run(#"{"by":"self_verification","threshold":0.5,"checks":4}"#, weak: "a") {
                request, index in
                guard request.messages != nil else { return nil }
                return index < came ? .text(index == 0 ? "yes" : "no") : .failed(RequestFailed(.server, message: "500"))
            }
            let stage = came > 0 ? "stage: 1 main" : "stage: 2 strong"
            #expect(session.notes == ["verification: request_failed", "score: main \(score)", stage])
        }
    }

    @Test func `checks have words of their own, compared whole`() throws {
        let parameters =
            #"{"by":"self_verification","checks":2,"threshold":0.5,"positive":"Correct","negative":"Incorrect"}"#
        let session = try run(parameters, weak: "a") { request, index in
            request.messages == nil ? nil : .text(index == 0 ? "**incorrect**, not correct" : "The answer is CORRECT.")
        }
        #expect(session.notes.first == "score: main 0.5")
        #expect(session.requests[1].messages?.first?.content.contains("Reply with Correct or Incorrect") == true)
    }

    @Test func `more stages have their own thresholds, and the last one's word is final`() throws {
        let parameters = #"{"stages":["","middle","strong"],"thresholds":[0.9,0.5],"samples":4,"strong_samples":3}"#
        let middle = try run(parameters, weak: "aaab", middle: "ccdd", strong: "eff")
        #expect(try answer(middle) == Answer("middle 0 = c", confidence: 0.5, reason: "threshold"))
        #expect(middle.notes == ["score: main 0.75", "score: middle 0.5", "stage: 2 middle"])
        let last = try run(parameters, weak: "aaab", middle: "cd--", strong: "eff")
        #expect(try answer(last).text == "middle 0 = c")
        let through = try run(parameters, weak: "aaab", middle: "cdeg", strong: "eff")
        #expect(try answer(through) == Answer("strong 1 = f", confidence: 2.0 / 3, reason: "handed_over"))
        #expect(through.requests.map(\.model) == ["", "middle", "strong"])
    }

    @Test func `what cannot be handed over stands, with the reason`() throws {
        let poor = ScriptedReply.rejected(Rejected(.budget, message: ""))
        let failed = ScriptedReply.failed(RequestFailed(.server, message: "500"))
        for (reply, reason) in [(poor, "budget"), (failed, "request_failed"), (.silence, "nothing left to happen")] {
            let session = try run(#"{"samples":4}"#, weak: "aabb") { request, _ in
                request.model == "strong" ? reply : nil
            }
            #expect(try answer(session) == Answer("weak 0 = a", confidence: 0.5, reason: reason))
            #expect(session.notes.last == "stage: none further: \(reason)")
        }
        let refused = try run(#"{"samples":4}"#, weak: "aabb") { request, _ in
            request.model == "strong" ? .rejected(Rejected(.unsupported, message: "not here")) : nil
        }
        guard case .error = refused.outcome else { throw ScriptedError("\(refused.outcome)") }
        let cutOff = try run(#"{"samples":2}"#, weak: "..") { request, _ in request.model == "strong" ? poor : nil }
        #expect(try answer(cutOff) == Answer("weak 0 = x", kind: .unfinished, reason: "budget"))
        let earlier = try run(#"{"samples":2,"stages":["","middle","strong"]}"#, weak: "ab", middle: "..") {
            request, _ in
            request.model == "strong" ? poor : nil
        }
        #expect(try answer(earlier).text == "weak 0 = a", "an answer is better than a later text without one")
    }

    @Test func `samples that came are judged if the others failed, and a rating that fails hands over`() throws {
        let kept = try run(#"{"samples":5}"#, weak: "aa")
        #expect(try answer(kept) == Answer("weak 0 = a", confidence: 1, reason: "request_failed"))
        let unrated = try run(#"{"by":"rating","threshold":0}"#, weak: "a") { request, _ in
            request.model == "grader" ? .failed(RequestFailed(.server, message: "500")) : nil
        }
        #expect(try answer(unrated).text == "strong 0 = s")
        #expect(unrated.notes == ["verification: request_failed", "score: main none", "stage: 2 strong"])
        let none = try run(#"{"samples":5}"#, weak: "")
        guard case .error = none.outcome else { throw ScriptedError("\(none.outcome)") }
    }

    @Test(arguments: [
        (#"{"strong":"giant"}"#, "the suite has no model with the role giant"),
        (#"{"by":"rating","verifier_role":"judge"}"#, "the suite has no model with the role judge"),
        (#"{"stages":["","giant"]}"#, "the suite has no model with the role giant"),
    ])
    func `a role that the suite lacks is told before anything is asked`(_ parameters: String, _ text: String) throws {
        let session = try run(parameters, weak: "a")
        #expect(session.outcome == .error(text))
        #expect(session.requests.isEmpty)
    }

    @Test(arguments: [
        #"{"rule":"verify"}"#, #"{"stages":["main"]}"#, #"{"thresholds":[0.5,0.5]}"#, #"{"thresholds":[1.5]}"#,
        #"{"threshold":2}"#,
        #"{"rule":"vote","by":"rating"}"#,
        #"{"second_instruction":"x"}"#,
    ])
    func `parameters that do not go together are refused`(_ parameters: String) throws {
        let session = try run(parameters, weak: "a")
        guard case .failed = session.outcome else { throw ScriptedError("\(session.outcome)") }
    }

    @Test(arguments: [
        ("{}", 8...9, 2.0), (#"{"samples":5,"strong_samples":3}"#, 5...8, 2), (#"{"by":"probability"}"#, 1...2, 2),
        (#"{"by":"self_verification"}"#, 2...10, 3), (#"{"by":"rating"}"#, 2...3, 3),
        (#"{"rule":"verify","second_instruction":"x","samples":3}"#, 6...7, 3),
        (#"{"stages":["","middle","strong"],"samples":4}"#, 4...9, 3),
    ])
    func `its estimate counts all stages`(_ parameters: String, _ completions: ClosedRange<Int>, _ passes: Double)
        throws
    {
        let estimate = try #require(try ShippedPlugins.plugin("cascade").estimate(parameters: parameters))
        #expect(estimate == Estimate(completions: completions, promptPasses: passes))
    }
}
