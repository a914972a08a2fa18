import EvalhPluginKit
import EvalhPluginTesting
import Testing

/// Edges of deepconf, dynasor, budget-forcing, runaway-guard and entropy-adaptive.
@Suite struct ShippedGeneratingEdgesTests {
    private func answer(_ outcome: ScriptedSession.Outcome) throws -> Answer {
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return answer
    }

    // MARK: deepconf

    /// A token of confidence c, by two alternatives.
    private static func token(_ c: Double) -> Token {
        Token("t", logprob: -0.1, alternatives: [.init("t", logprob: 0), .init("u", logprob: -2 * c)])
    }

    @Test func `a trace like the warm-up's is not cancelled for the rounding of a running sum`() throws {
        let session = try ShippedPlugins.session(
            "deepconf", #"{"mode":"online","traces":3,"warm_up":2,"window":3,"keep":100,"consensus":1}"#)
        let tokens = (0..<40).map { Self.token([0.1, 0.7, 1.3][$0 % 3]) }
        _ = session.run { request, index in
            let text = "= \(request.isStream ? "a" : ["a", "b"][index])"
            return .completion(
                text, tokens: tokens, chunks: tokens.map { Chunk(text: "", tokens: [$0]) } + [Chunk(text: text)])
        }
        #expect(session.notes.contains("stopped: 0 of 1 traces"))
        #expect(session.candidates["a"].map { $0 > (session.candidates["b"] ?? 0) } == true)
    }

    @Test func `empty completions of the warm-up count towards the traces`() throws {
        let parameters = #"{"mode":"online","traces":4,"warm_up":3,"window":1,"consensus":1}"#
        let session = try ShippedPlugins.session("deepconf", parameters)
        _ = session.run { request, index in
            if !request.isStream, index == 2 { return .text("") }
            return .completion("= \(request.isStream ? "c" : ["a", "b"][index])", tokens: [Self.token(2)])
        }
        let most = try #require(try ShippedPlugins.plugin("deepconf").estimate(parameters: parameters)).completions
            .upperBound
        #expect(session.requests.reduce(0) { $0 + $1.n } <= most)
    }

    @Test func `an alternative that cannot come does not spoil the vote`() throws {
        let session = try ShippedPlugins.session("deepconf", #"{"traces":2,"window":1,"keep":100}"#)
        let impossible = Token(
            "t", logprob: -0.1, alternatives: [.init("t", logprob: -0.1), .init("u", logprob: -.infinity)])
        let found = try answer(session.run { _, _ in .completion("= a", tokens: [impossible, Self.token(1)]) })
        #expect(found.text == "= a")
        #expect(found.confidence == 1)
    }

    // MARK: dynasor

    private func probed(_ chunks: [Chunk], _ probes: [String], _ parameters: String) throws -> (
        answer: Answer, session: ScriptedSession
    ) {
        let session = try ShippedPlugins.session("dynasor", parameters)
        var next = 0
        let outcome = session.run { request, _ in
            guard !request.isStream else { return .completion(chunks.map(\.text).joined(), chunks: chunks) }
            defer { next += 1 }
            return .text((next < probes.count ? probes[next] : "?") + "}")
        }
        return (try answer(outcome), session)
    }

    @Test func `a hedge word counts even where the grader finds an answer beside it`() throws {
        let chunks = (0..<2).map { Chunk(text: "step \($0). ", tokenCount: 64) } + [Chunk(text: "= end", tokenCount: 1)]
        let (found, _) = try probed(chunks, ["wait = 3", "wait = 3"], #"{"probes":2}"#)
        #expect(found.reason == "complete")
    }

    @Test func `probes are that many tokens apart though a chunk brings more`() throws {
        let chunks = [Chunk(text: "long ", tokenCount: 640)] + (0..<3).map { _ in Chunk(text: "x", tokenCount: 1) }
        let (found, session) = try probed(chunks, ["A", "A", "A"], #"{"probes":2}"#)
        #expect(session.requests.count { !$0.isStream } == 1)
        #expect(found.reason == "complete")
    }

    @Test func `a probe continues what was read, not what came meanwhile`() throws {
        let session = try ShippedPlugins.session("dynasor", #"{"every_tokens":1,"probes":2}"#)
        session.step(.start)
        session.step(
            .chunk(request: 1, Chunk(text: "ab", tokenCount: 1)), .chunk(request: 1, Chunk(text: "cd", tokenCount: 1)),
            .chunk(request: 1, Chunk(text: "ef", tokenCount: 1)))
        session.step(.done(Choice(request: RequestID(number: 2), index: 0, text: "7}", finish: .stop)))
        #expect(session.requests.compactMap(\.branch?.offset) == [2, 4])
    }

    @Test func `a stream that fails midway leaves its text, as unfinished`() throws {
        let session = try ShippedPlugins.session("dynasor")
        session.step(.start)
        session.step(.chunk(request: 1, Chunk(text: "so far", tokenCount: 1)))
        session.step(.failed(request: 1, RequestFailed(.transport, message: "gone")))
        #expect(session.outcome == .finished(Answer("so far", kind: .unfinished, reason: "request_failed")))
    }

    // MARK: budget-forcing

    @Test(arguments: ["", "</think>"]) func `a model that writes nothing has no answer, whatever was appended`(
        _ end: String
    ) throws {
        let session = try ShippedPlugins.session("budget-forcing", #"{"extensions":2,"end_of_thinking":"\#(end)"}"#)
        #expect(try answer(session.run { _, _ in .text("") }) == .none(reason: "empty"))
    }

    // MARK: runaway-guard

    @Test func `the text before the repeats ends at a whole character`() throws {
        // £ is C2 A3 and ã is C3 A3: the bytes repeat from within £ on.
        let session = try ShippedPlugins.session("runaway-guard", #"{"min_tokens":0,"min_bytes":4,"on_repeat":"stop"}"#)
        let pieces = ["£"] + Array(repeating: "bcã", count: 8)
        let found = try answer(
            session.run { _, _ in .completion(pieces.joined(), chunks: pieces.map { Chunk(text: $0, tokenCount: 1) }) })
        #expect(found.reason == "repeated")
        #expect(found.text.hasPrefix("£bc"))
        #expect(!found.text.contains("\u{FFFD}"))
    }

    // MARK: entropy-adaptive

    @Test func `a chunk that is cut off without text ends unfinished`() throws {
        let session = try ShippedPlugins.session("entropy-adaptive", #"{"max_tokens":20,"chunk_tokens":1}"#)
        let sure = Token("one", logprob: -0.01, alternatives: [.init("one", logprob: -0.01)])
        let found = try answer(
            session.run { request, _ in
                .completion(request.prefix.isEmpty ? "one" : "", finish: .length, tokens: [sure])
            })
        #expect(found.kind == .unfinished)
    }
}
