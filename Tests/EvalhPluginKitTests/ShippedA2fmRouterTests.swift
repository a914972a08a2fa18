import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedA2fmRouterTests {
    private func answer(_ session: ScriptedSession) throws -> Answer {
        guard case .finished(let answer) = session.outcome else { throw ScriptedError("\(session.outcome)") }
        return answer
    }

    /// Requests are answered in order, the last reply again and again.
    private func run(_ parameters: String, _ replies: [ScriptedReply]) throws -> ScriptedSession {
        let session = try ShippedPlugins.session("a2fm-router", parameters)
        var asked = 0
        session.run { _, _ in
            defer { asked += 1 }
            return replies[min(asked, replies.count - 1)]
        }
        return session
    }

    private func calculated(_ expression: String) throws -> String {
        let session = try run(#"{"mode":"agentic"}"#, [.text("calc: \(expression)"), .text("done = 1")])
        return try #require(session.requests.last?.messages?.last?.content)
    }

    /// What a classifier says, and the mode.
    @Test(arguments: [
        ("<mode>instant</mode>", "instant"), ("<mode>reasoning</mode>", "reasoning"),
        ("<mode>agentic</mode>", "agentic"),
        ("<MODE> Reasoning </MODE>", "reasoning"), ("<mode>reasoning", "reasoning"), ("Reasoning.", "reasoning"),
        ("**agentic**", "agentic"),
        ("<classification>reasoning_agent</classification>", "reasoning"),
        ("<classification>toolcalling_agent</classification>", "agentic"),
        ("It is instant, no: <mode>tool</mode>", "agentic"),
        ("<mode>instant</mode> no, <mode>reasoning</mode>", "reasoning"),
        ("<mode>?</mode> calculator", "agentic"), ("<mode></mode><b>reasoning</b>", "reasoning"),
        ("a < b: reasoning", "reasoning"),
    ])
    func `the classifier's mode is followed`(_ reply: String, _ mode: String) throws {
        let session = try run("{}", [.text(reply), .text("x = 4")])
        #expect(try answer(session) == Answer("x = 4", reason: mode))
        #expect(session.notes == ["mode: \(mode)", "steps: 1"])
        #expect(session.requests.count == 2)
        #expect(session.requests[0].sampling == Sampling(temperature: 0, maxTokens: 32))
        #expect(session.requests[0].messages?.first?.content.hasPrefix("Question:\n1 + 1?\n") == true)
    }

    @Test(arguments: [
        ScriptedReply.text("I do not know"), .text(""), .text("reasoning or agentic"), .text("instantly"),
        .text("<mode>instant or tool</mode>"),
    ])
    func `a classifier that names no mode, or several, means instant`(_ reply: ScriptedReply) throws {
        let session = try run("{}", [reply, .text("x = 4")])
        #expect(try answer(session).reason == "instant")
        #expect(session.notes == ["classifier: names no mode, or several", "mode: instant", "steps: 1"])
    }

    @Test func `a classifier that cannot be had means instant, one that can never be asked is an error`() throws {
        let poor = try run("{}", [.rejected(Rejected(.budget, message: "")), .text("x = 4")])
        #expect(poor.notes == ["classifier: budget", "mode: instant", "steps: 1"])
        let failed = try run("{}", [.failed(RequestFailed(.server, message: "500")), .text("x = 4")])
        #expect(try answer(failed) == Answer("x = 4", reason: "instant"))
        let refused = try run("{}", [.rejected(Rejected(.unsupported, message: "not here")), .text("x = 4")])
        guard case .error = refused.outcome else { throw ScriptedError("\(refused.outcome)") }
    }

    /// The card's stub: whatever the model says, a forced mode is the mode.
    @Test(arguments: ["instant", "reasoning", "agentic"])
    func `a forced mode asks no classifier and has its own instruction, role and length`(
        _ mode: String
    ) throws {
        let parameters = #"""
            {"mode":"\#(mode)","instant_instruction":"instant!","reasoning_instruction":"reasoning!",
            "agentic_instruction":"agentic!",
            "\#(mode)_role":"strong","\#(mode)_tokens":77}
            """#
        let session = try run(parameters, [.text("<mode>other</mode> = 4")])
        #expect(try answer(session).reason == mode)
        #expect(session.requests.count == 1)
        let request = try #require(session.requests.first)
        #expect(request.model == "strong" && request.sampling == Sampling(maxTokens: 77))
        #expect(request.messages == [Message(.user, "1 + 1?\n\n\(mode)!")])
        let system = try run(
            #"{"mode":"\#(mode)","\#(mode)_instruction":"Do.","instruction_as":"system"}"#, [.text("= 4")])
        #expect(system.requests.first?.messages == [Message(.system, "Do."), Message(.user, "1 + 1?")])
        let bare = try run(#"{"mode":"\#(mode)","\#(mode)_instruction":""}"#, [.text("= 4")])
        #expect(bare.requests.first?.messages == [Message(.user, "1 + 1?")])
        #expect(bare.requests.first?.sampling == nil)
    }

    @Test func `the classifier may be another model with another prompt`() throws {
        let session = try run(
            #"{"classifier_role":"grader","classifier_prompt":"{x} {question}?","classifier_tokens":5}"#,
            [.text("reasoning")])
        #expect(session.requests.map(\.model) == ["grader", ""])
        #expect(session.requests[0].messages == [Message(.user, "{x} 1 + 1??")])
        #expect(session.requests[0].sampling?.maxTokens == 5)
    }

    @Test func `a calculation is put back into the conversation until there is an answer`() throws {
        let session = try run(
            #"{"mode":"agentic"}"#,
            [
                .text("First\ncalc: (17 + 4) * 2.5\ncalc result: 99\nx = 99"), .text("calc: 52.5 / 2"),
                .text("x = 26.25"),
            ])
        #expect(try answer(session) == Answer("x = 26.25", reason: "agentic"))
        #expect(
            session.notes == [
                "mode: agentic", "calc: (17 + 4) * 2.5: calc result: 52.5", "calc: 52.5 / 2: calc result: 26.25",
                "steps: 3",
            ])
        let messages = try #require(session.requests.last?.messages)
        #expect(messages.map(\.role) == [.user, .assistant, .user, .assistant, .user])
        #expect(messages[1].content == "First\ncalc: (17 + 4) * 2.5", "what the model made up behind it is dropped")
        #expect(messages[2].content == "calc result: 52.5")
        #expect(session.requests.allSatisfy { $0.n == 1 && $0.messages?.first == messages.first })
    }

    @Test(arguments: [1, 2, 6]) func `a model that never answers is unfinished after its last step`(_ steps: Int) throws
    {
        let session = try run(#"{"mode":"agentic","max_steps":\#(steps)}"#, [.text("calc: 1/0")])
        #expect(try answer(session) == Answer("calc: 1/0", kind: .unfinished, reason: "max_steps"))
        #expect(session.requests.count == steps)
        #expect(session.notes.last == "steps: \(steps)")
        let told = session.requests.filter { $0.messages?.last?.content.contains("Now give the answer") == true }
        #expect(told.count == (steps > 1 ? 1 : 0))
        if steps > 1 {
            #expect(
                session.requests.last?.messages?.last?.content
                    == "calc error: division by zero\nNow give the answer, without another calculation.")
        }
    }

    @Test func `what ends a conversation leaves its last message unfinished`() throws {
        let endings: [(ScriptedReply, String)] = [
            (.rejected(Rejected(.budget, message: "")), "budget"),
            (.failed(RequestFailed(.server, message: "500")), "request_failed"),
            (.silence, "nothing left to happen"),
        ]
        for (ending, reason) in endings {
            let session = try run(#"{"mode":"agentic"}"#, [.text("calc: 1+1"), ending])
            #expect(try answer(session) == Answer("calc: 1+1", kind: .unfinished, reason: reason))
            #expect(session.notes.last == "steps: 1")
        }
        let cutOff = try run(#"{"mode":"agentic"}"#, [.text("calc: 1+1"), .cutOff("x = ")])
        #expect(try answer(cutOff) == Answer("x = ", kind: .unfinished, reason: "agentic"))
        let partial = try run(#"{"mode":"agentic"}"#, [.cutOff("calc: 1+"), .text("x = 2")])
        #expect(try answer(partial).kind == .unfinished, "a line that was cut off is not calculated")
        let whole = try run(#"{"mode":"agentic"}"#, [.cutOff("calc: 1+1\nand th"), .text("x = 2")])
        #expect(try answer(whole).text == "x = 2")
    }

    @Test(arguments: [
        "**calc: 6*7**", "  Calc: `6*7`", "CALC:6*7 = 41", "- calc: 6 * 7.", "> calc: 6×7 =", "so\r\ncalc: 6*7\r\nx",
        "a\n\ncalc:\t6*7",
    ])
    func `a call is found among the marks that models put around it`(_ text: String) throws {
        let session = try run(#"{"mode":"agentic"}"#, [.text(text), .text("x = 42")])
        #expect(session.requests.last?.messages?.last?.content == "calc result: 42")
    }

    @Test(arguments: ["I calc: 6*7", "calculate: 6*7", "calc 6*7", "recalc: 6*7"]) func `other lines are an answer`(
        _ text: String
    ) throws {
        let session = try run(#"{"mode":"agentic"}"#, [.text(text)])
        #expect(try answer(session) == Answer(text, reason: "agentic"))
    }

    @Test(arguments: [
        ("1+1", "2"), ("2+3*4", "14"), ("(2+3)*4", "20"), ("2-3-4", "-5"), ("100/10/5", "2"), ("7/2", "3.5"),
        ("1/3", "1/3 (about 0.3333333333333333)"),
        ("0.1+0.2", "0.3"), ("1/3*3", "1"), ("-3*-4", "12"), ("--5", "5"), ("-(2+3)", "-5"), (".5*4", "2"), ("5.", "5"),
        ("-1/8", "-0.125"),
        ("1/1024", "0.0009765625"), ("10 - 9.99", "0.01"), ("2/4", "0.5"), ("0/5", "0"), ("-0.5+0.5", "0"),
        ("12 × 3 ÷ 4 − 1", "8"),
        ("123456789012345678901234567890*2", "246913578024691357802469135780"), ("((((1))))", "1"), ("-7/7", "-1"),
        ("22/7", "22/7 (about 3.142857142857143)"),
        ("3 * (1 - 0.05) * (1 + 0.2)", "3.42"), ("99999999999999999999/99999999999999999999", "1"),
    ])
    func `the calculator is exact`(_ expression: String, _ value: String) throws {
        #expect(try calculated(expression) == "calc result: \(value)")
    }

    @Test(arguments: [
        ("1/0", "division by zero"), ("1/(2-2)", "division by zero"), ("", "a number is missing at the end"),
        ("2+", "a number is missing at the end"),
        ("(1+2", "a ) is missing"), ("1)", "unexpected )"), ("2**3", "a number is missing"),
        ("1,000*2", "unexpected ,"),
        ("2^10", "unexpected ^"),
        ("sqrt(4)", "a number is missing"), ("1e9", "unexpected e"), ("1.2.3", "unexpected ."),
        (".", "a number is missing"),
        ("2 3", "unexpected 3"),
        ("__import__('os')", "a number is missing"), ("١+١", "a number is missing"),
        ("1234567890123456789012345678901", "too many digits"),
        ("99999999999999999999*99999999999999999999", "too large"),
        ("0.00000000000000000001*0.00000000000000000001", "too large"),
        (String(repeating: "(", count: 40) + "1" + String(repeating: ")", count: 40), "nested too deeply"),
        (String(repeating: "-", count: 33) + "1", "nested too deeply"),
        (String(repeating: "1+", count: 100) + "1", "too long"),
    ])
    func `what the calculator cannot do it says`(_ expression: String, _ complaint: String) throws {
        let text = try calculated(expression)
        #expect(text.hasPrefix("calc error: ") && text.contains(complaint), "\(text)")
    }

    @Test func `sums and products of many numbers agree with whole arithmetic`() throws {
        var state: UInt64 = 7
        func random(_ below: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % below)
        }
        for _ in 0..<60 {
            let numbers = (0..<4).map { _ in random(1000) - 500 }
            let (a, b, c, d) = (numbers[0], numbers[1], numbers[2], numbers[3] == 0 ? 1 : numbers[3])
            #expect(try calculated("(\(a) + \(b)) * \(c) - \(d)") == "calc result: \((a + b) * c - d)")
            #expect(try calculated("\(a) * (\(b) - \(c)) * \(d) / \(d)") == "calc result: \(a * (b - c))")
        }
    }

    @Test(arguments: ["classifier", "instant", "reasoning", "agentic"])
    func `a role that the suite lacks is told before anything is asked`(
        _ name: String
    ) throws {
        let session = try run(#"{"\#(name)_role":"giant"}"#, [.text("= 4")])
        #expect(session.outcome == .error("the suite has no model with the role giant"))
        #expect(session.requests.isEmpty)
        let forced = try run(
            #"{"\#(name)_role":"giant","mode":"\#(name == "instant" ? "reasoning" : "instant")"}"#, [.text("= 4")])
        #expect(try answer(forced).text == "= 4", "who is not asked need not be there")
    }

    @Test(arguments: [
        ("{}", 2...7, 7.0), (#"{"mode":"instant"}"#, 1...1, 1), (#"{"mode":"reasoning"}"#, 1...1, 1),
        (#"{"mode":"agentic"}"#, 1...6, 6),
        (#"{"max_steps":2}"#, 2...3, 3),
    ])
    func `its estimate counts classifier and steps`(
        _ parameters: String, _ completions: ClosedRange<Int>, _ passes: Double
    ) throws {
        let estimate = try #require(try ShippedPlugins.plugin("a2fm-router").estimate(parameters: parameters))
        #expect(estimate == Estimate(completions: completions, promptPasses: passes))
        #expect(try ShippedPlugins.plugin("a2fm-router").estimate(parameters: #"{"max_steps":7}"#) == nil)
    }
}
