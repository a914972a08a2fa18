import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedDeerTests {
    private let thinking = ["Two and two. ", "Wait, is it? ", "Alternat", "ively five. ", "Yes x=5"]

    /// Trials by the place they branch off.
    private func run(_ parameters: String, finish: Finish = .stop, _ trial: (Int) -> ScriptedReply) throws
        -> ScriptedSession
    {
        let session = try ShippedPlugins.session("deer", parameters)
        session.run { request, _ in
            if request.isStream {
                .completion(thinking.joined(), finish: finish, chunks: thinking.map { Chunk(text: $0) })
            } else {
                trial(request.branch?.offset ?? -1)
            }
        }
        return session
    }

    private let sure = ScriptedReply.tokens([("4", 0.99), ("}", 0.1)])
    private let unsure = ScriptedReply.tokens([("4", 0.5), ("}", 0.99)])

    @Test func `a confident trial ends the thinking and is the answer`() throws {
        let session = try run(#"{"min_gap":1,"lead_in":" \\boxed{"}"#) { $0 == 13 ? sure : unsure }
        guard case .finished(let answer) = session.outcome else {
            Issue.record("\(session.outcome)")
            return
        }
        #expect(answer.text == #" \boxed{4}"#)
        #expect(abs((answer.confidence ?? 0) - 0.99) < 1e-9)
        #expect(answer.reason == "confident")
        #expect(session.actions.contains { $0.body == .cancel(request: 1) })
        let fork = try #require(session.requests.last)
        #expect(fork.branch?.parent == 1)
        #expect(fork.branch?.append == #" \boxed{"#)
        #expect(fork.sampling == Sampling(temperature: 0, maxTokens: 20, topLogprobs: 0))
        #expect(session.requests.first?.sampling == .greedy)
    }

    @Test func `unsure trials let the thinking go on to its own end`() throws {
        let session = try run(#"{"min_gap":1}"#) { _ in unsure }
        #expect(session.outcome == .finished(Answer(thinking.joined(), reason: "complete")))
        #expect(session.requests.compactMap(\.branch?.offset) == [13, 26])
        let one = try run(#"{"min_gap":1,"max_trials":1}"#) { _ in unsure }
        #expect(one.requests.compactMap(\.branch?.offset) == [13])
        let far = try run(#"{"min_gap":20}"#) { _ in unsure }
        #expect(far.requests.compactMap(\.branch?.offset) == [26])
    }

    @Test func `thinking that is cut off gets a last trial`() throws {
        let session = try run(#"{"words":["never"]}"#, finish: .length) { _ in unsure }
        #expect(
            session.outcome
                == .finished(Answer("\n\n**Final Answer**\n\\boxed{4}", confidence: 0.5, reason: "forced")))
        let none = try run(#"{"words":["never"]}"#, finish: .length) { _ in .cutOff("no end") }
        #expect(none.outcome == .finished(Answer(thinking.joined(), kind: .unfinished, reason: "cut_off")))
    }

    /// The card's unit: probabilities .99, .9, .98.
    @Test(arguments: [("mean", 0.956667, true), ("geometric", 0.955802, true), ("minimum", 0.9, false)])
    func `confidence is as the card says`(_ kind: String, _ confidence: Double, _ exits: Bool) throws {
        let session = try run(#"{"min_gap":1,"confidence":"\#(kind)"}"#) { _ in
            .tokens([("1", 0.99), ("2", 0.9), ("3", 0.98), ("}", 0.1)])
        }
        #expect(abs((session.candidates["123"] ?? 0) - confidence) < 1e-6)
        guard case .finished(let answer) = session.outcome else {
            Issue.record("\(session.outcome)")
            return
        }
        #expect((answer.reason == "confident") == exits)
    }

    @Test(arguments: [
        (#"\frac{1}{2}} and more"#, #"\frac{1}{2}"#), ("4}", "4"), ("{x}}", "{x}"), ("Wait }", "Wait "),
    ])
    func `a trial's answer ends at the brace that closes the box`(_ text: String, _ answer: String) throws {
        let session = try run(#"{"min_gap":1,"lead_in":"["}"#) { _ in
            .completion(text, finish: .length, tokens: [Token(text, probability: 0.99)])
        }
        #expect(session.candidates.keys.first == answer)
        guard case .finished(let found) = session.outcome else {
            Issue.record("\(session.outcome)")
            return
        }
        #expect(found.text == "[\(answer)}")
    }

    @Test(arguments: ["", "}", "4", "  }", "{4}"]) func `a trial without an end or an answer does not count`(
        _ text: String
    ) throws {
        let session = try run(#"{"min_gap":1}"#) { _ in .completion(text, tokens: [Token(text, probability: 1)]) }
        #expect(session.candidates.isEmpty)
        #expect(session.outcome == .finished(Answer(thinking.joined(), reason: "complete")))
    }

    @Test func `another text than a brace may end a trial, as a stop text too`() throws {
        let parameters = #"{"min_gap":1,"lead_in":"<a>","lead_out":"</a>"}"#
        for text in ["4", "4</a>"] {
            let session = try run(parameters) { _ in .completion(text, tokens: [Token(text, probability: 0.99)]) }
            #expect(session.requests.last?.sampling?.stop == ["</a>"])
            guard case .finished(let answer) = session.outcome else {
                Issue.record("\(session.outcome)")
                return
            }
            #expect(answer.text == "<a>4</a>")
        }
    }

    @Test func `a trial that fails or is too dear is left out; the thinking is the answer`() throws {
        for reply in [
            ScriptedReply.failed(RequestFailed(.server, message: "500")), .rejected(Rejected(.budget, message: "")),
        ] {
            let session = try run(#"{"min_gap":1}"#) { _ in reply }
            #expect(session.outcome == .finished(Answer(thinking.joined(), reason: "complete")))
        }
    }

    @Test func `a stopped session ends unfinished, with the thinking so far`() throws {
        let session = try ShippedPlugins.session("deer")
        session.step(.start, .chunk(request: 1, Chunk(text: "I think")))
        session.step(.stop(reason: "wall"))
        #expect(session.outcome == .finished(Answer("I think", kind: .unfinished, reason: "wall")))
    }

    @Test func `a stream that ended before its cancel took effect changes nothing`() throws {
        let session = try ShippedPlugins.session("deer", #"{"min_gap":1,"lead_in":"["}"#)
        session.step(.start, .chunk(request: 1, Chunk(text: "Two. Wait, or three?")))
        let tokens = [Token("2", probability: 0.99), Token("}", probability: 1)]
        let trial = Choice(request: RequestID(number: 2), index: 0, text: "2}", finish: .stop, tokens: tokens)
        let whole = Choice(request: RequestID(number: 1), index: 0, text: "Two. Wait, or three? Two.", finish: .stop)
        let actions = session.step(.done(trial), .done(whole))
        #expect(actions.contains { $0.body == .cancel(request: 1) })
        guard case .finished(let answer) = session.outcome else {
            Issue.record("\(session.outcome)")
            return
        }
        #expect(answer.text == "[2}")
    }

    @Test func `how the stream is cut into chunks makes no difference to where trials are made`() throws {
        let text = "Héllo. Wait, wait.\n\nAlternatively\n\n\n\nWaitWait end of it all"
        var places: Set<[Int]> = []
        for size in [1, 2, 3, 7, 100] {
            var pieces: [String] = []
            var rest = text[...]
            while !rest.isEmpty {
                pieces.append(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            let session = try ShippedPlugins.session("deer", #"{"min_gap":3}"#)
            session.run { request, _ in request.isStream ? .streamed(pieces) : unsure }
            places.insert(session.requests.compactMap(\.branch?.offset))
        }
        #expect(places.count == 1)
        #expect(places.first == [8, 19, 34, 38, 42])
    }
}
