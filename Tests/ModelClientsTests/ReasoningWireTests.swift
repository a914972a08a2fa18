import Completions
import Testing

@testable import ModelClients

/// Thinking that servers send apart from the text, in each of the ways they do it.
@Suite struct ReasoningWireTests {
    private func event(_ json: String) -> String { "data: \(json)\n\n" }
    private func piece(_ delta: String, _ more: String = "") -> String {
        event("{\"choices\":[{\"index\":0,\"delta\":{\(delta)}\(more)}]}")
    }
    private func said(_ text: String) -> String { piece("\"content\":\"\(text)\"") }
    private var end: String {
        piece("", ",\"finish_reason\":\"stop\"")
            + event(#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":5}}"#) + "data: [DONE]\n\n"
    }

    @Test(arguments: ["reasoning_content", "reasoning"])
    func `a stream shows thoughts and text in order and records both with their times`(name: String) throws {
        func thought(_ text: String) -> String { piece("\"\(name)\":\"\(text)\"") }
        let stream = thought("Hm, ") + thought("18?") + said("It is ") + said("18.") + end
        let replay = try Replay.stream(Array(stream.utf8))
        #expect(replay.shown == ["[Hm, ]", "[18?]", "It is ", "18."])
        #expect(replay.reasoning.map(\.tokens) == [1, 1] && replay.deltas.map(\.tokens) == [1, 1])
        let completion = try #require(replay.completions[0])
        #expect(completion.text == "It is 18." && completion.reasoning == "Hm, 18?")
        #expect(completion.chunks.map(\.endReasoning) == [4, 7, 7, 7])
        #expect(
            completion.chunks.map(\.endOffset) == [0, 0, 6, 9] && completion.chunks.map(\.endToken) == [1, 2, 3, 4])
        #expect(completion.chunks.map(\.seconds) == [1, 2, 3, 4])
        #expect(completion.usage.reasoningTokens == 2 && completion.usage.completionTokens == 5)
    }

    @Test func `a message has its reasoning under either name, or twice, or not at all`() throws {
        func completion(_ message: String) throws -> Completion? {
            let body = "{\"choices\":[{\"message\":{\"content\":\"18\"\(message)},\"finish_reason\":\"stop\"}]}"
            return try Replay.plain(Array(body.utf8)).completions[0]
        }
        #expect(try completion(#","reasoning_content":"so""#)?.reasoning == "so")
        #expect(try completion(#","reasoning":"so""#)?.reasoning == "so")
        #expect(try completion(#","reasoning":"so","reasoning_content":"so""#)?.reasoning == "so")
        #expect(try completion(#","reasoning":null,"reasoning_content":"""#)?.reasoning == nil)
        // OpenAI's `reasoning` of another interface is an object.
        #expect(try completion(#","reasoning":{"effort":"low"}"#)?.reasoning == nil)
        #expect(try completion("")?.reasoning == nil)
        #expect(try completion(#","reasoning":"so""#)?.text == "18")
    }

    @Test func `typed parts hold thoughts too`() throws {
        let body = #"""
            {"choices":[{"finish_reason":"stop","message":{"content":[
            {"type":"thinking","thinking":[{"type":"text","text":"one "},{"type":"text","text":"two"}]},
            {"type":"thinking","thinking":" three"},{"type":"text","text":"18"}]}}]}
            """#
        let completion = try #require(try Replay.plain(Array(body.utf8)).completions[0])
        #expect(completion.text == "18" && completion.reasoning == "one two three")
    }

    @Test func `a piece with both shows the thought first, and its tokens are shared out`() throws {
        let both = event(
            #"{"choices":[{"index":0,"delta":{"reasoning_content":"aaa","content":"b"}}],"timings":{"prompt_n":1,"predicted_n":8}}"#
        )
        let replay = try Replay.stream(Array((both + end).utf8))
        #expect(replay.shown == ["[aaa]", "b"])
        #expect(replay.reasoning.map(\.tokens) == [6] && replay.deltas.map(\.tokens) == [2])
    }

    @Test func `a stream that is cancelled within a thought has the thought and counts it`() throws {
        let stream = (0..<3).map { piece("\"reasoning\":\"t\($0) \"") }.joined()
        let replay = try Replay.stream(Array(stream.utf8), isEnded: false)
        let partial = try #require(replay.assembler.cancelled(at: 4)[0])
        #expect(partial.text.isEmpty && partial.reasoning == "t0 t1 t2 " && partial.finish == .cancelled)
        #expect(partial.usage.completionTokens == 3 && partial.usage.cancelledTokens == 3)
        #expect(!replay.assembler.isUnseen)
    }

    @Test func `text and thought together are bounded`() throws {
        let body =
            [UInt8]("{\"choices\":[{\"message\":{\"content\":\"x\",\"reasoning\":\"".utf8)
            + [UInt8](repeating: UInt8(ascii: "t"), count: WireLimits.text) + Array("\"}}]}".utf8)
        #expect(throws: ModelFailure.self) { try Replay.plain(body) }
    }
}
