import EvalhPluginKit
import EvalhPluginTesting
import Testing

/// deepconf, dynasor, budget-forcing, runaway-guard.
@Suite struct ShippedStopGeneratingTests {
    private func answer(_ outcome: ScriptedSession.Outcome) throws -> Answer {
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return answer
    }

    // MARK: deepconf

    /// A token of confidence c, by two alternatives.
    private static func token(_ c: Double) -> Token {
        Token("t", logprob: -0.1, alternatives: [.init("t", logprob: 0), .init("u", logprob: -2 * c)])
    }

    private func number(_ notes: [String], _ key: String) -> Double? {
        notes.first { $0.hasPrefix(key + ": ") }.flatMap { Double($0.dropFirst(key.count + 2)) }
    }

    @Test func `a token's confidence is minus the mean log-probability of its alternatives`() throws {
        let token = Token(
            "a", logprob: -0.1,
            alternatives: [.init("a", logprob: -0.1), .init("b", logprob: -3), .init("c", logprob: -4)])
        let session = try ShippedPlugins.session("deepconf", #"{"traces":1,"score":"mean"}"#)
        _ = session.run { _, _ in .completion("= 1", tokens: [token]) }
        #expect(abs((number(session.notes, "threshold") ?? 0) - 2.366667) < 1e-6)
        #expect(session.requests.map { $0.sampling?.topLogprobs } == [20])
    }

    @Test(arguments: [("mean", 3.5), ("lowest_group", 1.5), ("tail", 5.5), ("bottom_10", 1.5)])
    func `a trace is scored by its windows`(
        _ score: String, _ value: Double
    )
        throws
    {
        // Confidences 1 to 6, window 2: groups 1.5, 2.5, ... 5.5.
        let session = try ShippedPlugins.session("deepconf", #"{"traces":1,"window":2,"score":"\#(score)"}"#)
        _ = session.run { _, _ in .completion("= 1", tokens: (1...6).map { Self.token(Double($0)) }) }
        #expect(abs((number(session.notes, "threshold") ?? 0) - value) < 1e-12)
    }

    @Test func `offline only the confident ones vote, with their score`() throws {
        // Keeping half of four: the median, interpolated, is 2.5. Answers b have the higher sum though a has as many
        // votes.
        let session = try ShippedPlugins.session("deepconf", #"{"traces":4,"keep":50,"score":"mean"}"#)
        let found = try answer(
            session.run { _, index in
                .completion("= \(["a", "a", "a", "b"][index])", tokens: [Self.token(Double(index + 1))])
            })
        #expect(found.text == "= b")
        #expect(abs((found.confidence ?? 0) - 4.0 / 7) < 1e-12)
        #expect(number(session.notes, "threshold") == 2.5)
        #expect(session.notes.contains("kept: 2 of 4"))
    }

    @Test func `online a trace that loses confidence is cancelled and does not vote`() throws {
        let session = try ShippedPlugins.session(
            "deepconf", #"{"mode":"online","traces":4,"warm_up":2,"window":1,"keep":100,"consensus":1}"#)
        var streams = 0
        let found = try answer(
            session.run { request, index in
                guard request.isStream else {
                    return .completion("= \(index == 0 ? "a" : "b")", tokens: [Self.token(2)])
                }
                streams += 1
                let isSure = streams == 2
                let chunks = [
                    Chunk(text: "x", tokens: [Self.token(3)]),
                    Chunk(text: " = b", tokens: [Self.token(isSure ? 2.5 : 1)]),
                ]
                return .completion("x = b", tokens: chunks.flatMap(\.tokens), chunks: chunks)
            })
        #expect(number(session.notes, "threshold") == 2)
        #expect(session.notes.contains("stopped: 1 of 2 traces"))
        // b: 2 and 2.5, weighted by the lowest group; a: 2.
        #expect(found.text == "= b")
        #expect(abs((found.confidence ?? 0) - 4.5 / 6.5) < 1e-12)
        #expect(session.actions.filter { if case .cancel = $0.body { true } else { false } }.count == 1)
    }

    @Test func `online sampling ends with a consensus`() throws {
        let session = try ShippedPlugins.session("deepconf", #"{"mode":"online","traces":64,"warm_up":4}"#)
        let found = try answer(session.run { _, _ in .completion("= a", tokens: [Self.token(2)]) })
        #expect(found.reason == "consensus")
        #expect(session.requests.map(\.n) == [4])
        let crossed = try ShippedPlugins.session("deepconf", #"{"mode":"online","traces":2,"warm_up":4}"#)
        crossed.step(.start)
        #expect(crossed.outcome == .failed("warm_up (4) is more than traces (2)"))
    }

    // MARK: dynasor

    /// Streams as many pieces as there are probes to answer, one token each.
    private func probe(_ answers: [String], _ parameters: String) throws -> (answer: Answer, session: ScriptedSession) {
        let session = try ShippedPlugins.session("dynasor", parameters)
        var next = 0
        let outcome = session.run { request, _ in
            if request.isStream {
                let pieces =
                    (0..<answers.count).map { Chunk(text: "step \($0). ", tokenCount: 64) } + [
                        Chunk(text: "= end", tokenCount: 1)
                    ]
                return .completion(pieces.map(\.text).joined(), chunks: pieces)
            }
            defer { next += 1 }
            return .text(next < answers.count ? answers[next] + "} \\]" : "?")
        }
        return (try answer(outcome), session)
    }

    @Test(arguments: [
        (["A", "B", "B", "B", "B"], #"{"probes":3}"#, 4, "B"), (["A", "A", "B"], #"{"preset":"high"}"#, 2, "A"),
        (["A", "A", "A", "A"], #"{"preset":"mid"}"#, 3, "A"),
        ([#"\frac{1}{2}"#, #"\frac{1}{2}"#], #"{"probes":2}"#, 2, #"\frac{1}{2}"#),
        (["1 wait", "1 wait", "3", "3"], #"{"probes":2}"#, 4, "3"),
        (["I know 7", "I know 7"], #"{"probes":2}"#, 2, "I know 7"),
    ]) func `it exits at the probe that makes them agree`(
        _ answers: [String], _ parameters: String, _ exit: Int, _ text: String
    ) throws {
        let (found, session) = try probe(answers, parameters)
        #expect(found.reason == "stable")
        #expect(found.text.hasSuffix("\\boxed{\(text)}"))
        #expect(session.notes.contains("exit: probe \(exit), after \(exit * 64) tokens"))
        #expect(
            session.requests.filter { !$0.isStream }.allSatisfy {
                $0.sampling == Sampling(temperature: 0.6, topP: 0.95, maxTokens: 20)
            })
    }

    @Test(arguments: [["A", "B", "A", "B"], ["", "", ""], ["no", "no", "no"], ["but 3", "but 3", "but 3"]])
    func `else the stream's own end is the answer`(_ answers: [String])
        throws
    {
        let (found, session) = try probe(answers, #"{"probes":2}"#)
        #expect(found.reason == "complete")
        #expect(found.text.hasSuffix("= end"))
        #expect(session.notes == ["probes: \(answers.count)"])
    }

    @Test func `presets are the published ones`() throws {
        for (preset, probes, tokens) in [
            ("mild", 8, 64), ("low", 5, 64), ("mid", 3, 64), ("high", 2, 64), ("crazy", 2, 32),
        ] {
            let session = try ShippedPlugins.session("dynasor", #"{"preset":"\#(preset)"}"#)
            _ = session.run { request, _ in
                guard request.isStream else { return .text("7}") }
                return .completion("x", chunks: (0..<1000).map { _ in Chunk(text: "x", tokenCount: 1) })
            }
            #expect(session.notes == ["exit: probe \(probes), after \(probes * tokens) tokens"], "\(preset)")
        }
    }

    // MARK: budget-forcing

    @Test func `the end of thinking is put off as often as told, and then the text is the answer`() throws {
        let session = try ShippedPlugins.session("budget-forcing", #"{"extensions":2,"think_tokens":100}"#)
        var next = 0
        let found = try answer(
            session.run { _, _ in
                defer { next += 1 }
                return .completion(
                    ["a ", " b ", " c = 3"][next], tokens: [Token("x", probability: 1), Token("y", probability: 1)])
            })
        #expect(found == Answer("a Wait b Wait c = 3", reason: "complete"))
        #expect(session.requests.map(\.prefix) == ["", "a Wait", "a Wait b Wait"])
        #expect(session.requests.map { $0.sampling?.maxTokens } == [100, 98, 96])
        #expect(session.notes == ["thinking: 6 tokens, 2 extensions"])
    }

    @Test func `thinking that is cut short is made to answer`() throws {
        let session = try ShippedPlugins.session(
            "budget-forcing", #"{"think_tokens":2,"end_of_thinking":"</think>","lead_in":"Answer: ","answer_tokens":9}"#
        )
        let found = try answer(
            session.run { request, _ in
                request.prefix.isEmpty
                    ? .completion(
                        "so long", finish: .length,
                        tokens: [Token("so", probability: 1), Token(" long", probability: 1)])
                    : .text("= 5")
            })
        #expect(found == Answer("Answer: = 5", reason: "forced"))
        #expect(session.requests.map(\.prefix) == ["", "so long</think>Answer: "])
        #expect(session.requests.map { $0.sampling?.maxTokens } == [2, 9])
        #expect(session.requests.first?.sampling?.stop == ["</think>"])
    }

    @Test func `a model that thinks in tags answers behind them`() throws {
        let session = try ShippedPlugins.session("budget-forcing", #"{"end_of_thinking":"</think>"}"#)
        let found = try answer(session.run { request, _ in .text(request.prefix.isEmpty ? "thought" : "= 5") })
        #expect(found == Answer("= 5", reason: "complete"))
        #expect(session.requests.map(\.prefix) == ["", "thought</think>"])
    }

    // MARK: runaway-guard

    private func guarded(_ pieces: [String], _ parameters: String, cancelsTooLate: Bool = false) throws -> (
        answer: Answer, session: ScriptedSession
    ) {
        let session = try ShippedPlugins.session("runaway-guard", parameters)
        let outcome = session.run(cancelsTooLate: cancelsTooLate) { request, _ in
            request.isStream
                ? .completion(pieces.joined(), chunks: pieces.map { Chunk(text: $0, tokenCount: 1) }) : .text("= 9")
        }
        return (try answer(outcome), session)
    }

    private let loop = ["Let me see. "] + Array(repeating: "1 + 1 is 2. ", count: 20)

    @Test(arguments: [("stop", 1), ("answer", 1), ("resample", 3)])
    func `thinking apart from the text that goes in circles is stopped, and is no answer`(
        onRepeat: String, streams: Int
    ) throws {
        let session = try ShippedPlugins.session(
            "runaway-guard", #"{"on_repeat":"\#(onRepeat)","max_restarts":2,"min_tokens":4}"#)
        let found = try answer(
            session.run { request, _ in
                .reasoned((0..<200).map { _ in "Wait, let me check that. " }, text: ["So 18."])
            })
        #expect(found == Answer("", kind: .unfinished, reason: "repeated"))
        // Nothing is continued: the thought is not in the text.
        #expect(session.requests.count == streams && session.requests.allSatisfy { $0.isStream && $0.prefix.isEmpty })
        #expect(session.notes.allSatisfy { $0.hasPrefix("stopped: repeats after ") } && session.notes.count == streams)
        let calm = try ShippedPlugins.session("runaway-guard", #"{"on_repeat":"\#(onRepeat)"}"#)
        #expect(try answer(calm.run { _, _ in .reasoned(["7? ", "No."], text: ["So ", "18."]) }).text == "So 18.")
    }

    @Test(arguments: [false, true]) func `a loop is stopped and an answer forced from the text before it`(
        _ cancelsTooLate: Bool
    ) throws {
        let (found, session) = try guarded(loop, #"{"min_tokens":2}"#, cancelsTooLate: cancelsTooLate)
        #expect(found == Answer("\n\nFinal Answer: = 9", reason: "repeated"))
        #expect(session.requests.last?.prefix == "Let me see. 1 + 1 is 2\n\nFinal Answer: ")
        // Four times twelve bytes: noticed at the fifth piece.
        #expect(session.notes.first?.hasPrefix("stopped: repeats after 5 tokens") == true)
    }

    @Test func `a loop may end the session, or be sampled anew`() throws {
        let (stopped, _) = try guarded(loop, #"{"on_repeat":"stop","min_tokens":2}"#)
        #expect(stopped == Answer("Let me see. 1 + 1 is 2", kind: .unfinished, reason: "repeated"))
        let (again, session) = try guarded(
            loop, #"{"on_repeat":"resample","max_restarts":2,"min_tokens":2,"restart_temperature":1.5}"#)
        #expect(again.kind == .unfinished)
        #expect(session.requests.map { $0.sampling?.temperature } == [nil, 1.5, 1.5])
    }

    @Test(arguments: [
        ["The cat sat on the mat. ", "It was warm there, ", "and so it slept = 4"], ["....", "....", "= 4"],
        ["a b ", "a b ", "a c ", "a b ", "= 4"],
    ]) func `what does not repeat itself is the answer`(_ pieces: [String]) throws {
        let (found, session) = try guarded(pieces, #"{"min_tokens":0}"#)
        #expect(found == Answer(pieces.joined(), reason: "complete"))
        #expect(session.requests.count == 1)
    }

    @Test func `going round in circles is noticed by the share of new word groups`() throws {
        // Thirty words of a cycle of five, with a filler of changing length so that no stretch of bytes repeats.
        let words = (0..<60).map {
            ["one", "two", "three", "four", "five"][$0 % 5] + String(repeating: " ", count: 1 + $0 % 7)
        }
        let (found, session) = try guarded(words, #"{"min_tokens":0,"window":30,"min_distinct":0.3,"max_period":20}"#)
        #expect(found.reason == "repeated")
        #expect(session.notes.first?.hasPrefix("stopped: circles after 30 tokens") == true)
        let (free, _) = try guarded(words + ["= 1"], #"{"min_tokens":0,"window":30,"min_distinct":0,"max_period":20}"#)
        #expect(free.reason == "complete")
    }
}
