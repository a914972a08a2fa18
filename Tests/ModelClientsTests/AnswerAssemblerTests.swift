import Completions
import Testing

@testable import ModelClients

/// Answers of servers other than llama.cpp, written by hand.
@Suite struct AnswerAssemblerTests {
    private func event(_ json: String) -> String { "data: \(json)\n\n" }
    private func delta(_ index: Int, _ text: String) -> String {
        event(#"{"model":"m","choices":[{"index":\#(index),"delta":{"content":"\#(text)"}}]}"#)
    }
    private func finish(_ index: Int, _ reason: String = "stop") -> String {
        event(#"{"choices":[{"index":\#(index),"delta":{},"finish_reason":"\#(reason)"}]}"#)
    }
    private func usage(_ prompt: Int, _ completion: Int, _ more: String = "") -> String {
        event(#"{"choices":[],"usage":{"prompt_tokens":\#(prompt),"completion_tokens":\#(completion)\#(more)}}"#)
    }
    private let done = "data: [DONE]\n\n"

    @Test func `One sum at the end is divided among the choices`() throws {
        let stream =
            delta(1, "aa") + delta(0, "b") + delta(0, "b") + delta(0, "b") + finish(0) + finish(1, "length")
            + usage(10, 8) + done
        let replay = try Replay.stream(Array(stream.utf8), count: 2)
        #expect(replay.completions[0]?.usage.completionTokens == 6)
        #expect(replay.completions[1]?.usage.completionTokens == 2)
        #expect(replay.completions[1]?.finish == .length)
        #expect(replay.completions.values.allSatisfy { $0.usage.promptTokens == 10 && $0.isUsageEstimated })
    }

    @Test func `Usage with the last piece, or none, or null`() throws {
        let inline =
            #"{"choices":[{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":4,"completion_tokens":2}}"#
        #expect(try Replay.stream(Array((event(inline) + done).utf8)).completions[0]?.usage.completionTokens == 2)
        let without = try Replay.stream(
            Array((delta(0, "a") + delta(0, "b") + finish(0) + event(#"{"choices":[],"usage":null}"#) + done).utf8))
        #expect(without.completions[0]?.usage == TokenUsage(requests: 1, promptTokens: 7, completionTokens: 2))
        #expect(without.completions[0]?.isUsageEstimated == true)
        let plain = try Replay.plain(
            Array(#"{"choices":[{"message":{"content":"12345678"},"finish_reason":"stop"}]}"#.utf8))
        #expect(plain.completions[0]?.usage.completionTokens == 3)
        #expect(plain.completions[0]?.isUsageEstimated == true)
    }

    @Test func `Reasoning told apart is counted and is no part of the text`() throws {
        let thinking = event(#"{"choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}"#)
        let counted =
            thinking + thinking + delta(0, "7") + finish(0)
            + usage(5, 9, #","completion_tokens_details":{"reasoning_tokens":8}"#) + done
        let completion = try #require(try Replay.stream(Array(counted.utf8)).completions[0])
        #expect(completion.text == "7")
        #expect(completion.usage.reasoningTokens == 8 && !completion.isUsageEstimated)
        let uncounted = try Replay.stream(
            Array((thinking + thinking + delta(0, "7") + finish(0) + usage(5, 9) + done).utf8))
        #expect(uncounted.completions[0]?.usage.reasoningTokens == 2)
        #expect(uncounted.completions[0]?.isUsageEstimated == true)
    }

    @Test func `OpenAI's parallel arrays of log-probabilities`() throws {
        let body = #"""
            {"choices":[{"index":0,"text":" a b","finish_reason":"length","logprobs":{"tokens":[" a"," b"],"token_logprobs":[null,-0.5],
            "top_logprobs":[null,{" b":-0.5," c":-0.1}],"text_offset":[0,2]}}],"usage":{"prompt_tokens":1,"completion_tokens":2}}
            """#
        let completion = try #require(try Replay.plain(Array(body.utf8), .completions).completions[0])
        #expect(completion.tokens.map(\.token) == [" a", " b"])
        #expect(completion.tokens[1].alternatives.map(\.token) == [" c", " b"])
    }

    @Test func `A server that ignores n leaves choices missing, and what it sent is kept`() throws {
        let body =
            #"{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#
        let replay = try Replay.plain(Array(body.utf8), count: 3)
        #expect(replay.completions.keys.sorted() == [0])
        #expect(replay.missing == [1, 2])
    }

    @Test func `Choices that are all numbered 0 are taken in order`() throws {
        let choice = #"{"index":0,"message":{"content":"a"},"finish_reason":"stop"}"#
        let replay = try Replay.plain(Array("{\"choices\":[\(choice),\(choice)]}".utf8), count: 2)
        #expect(replay.completions.count == 2)
    }

    @Test(arguments: [
        ("{}", ModelFailure.Kind.malformed), (#"{"choices":[]}"#, .malformed),
        (#"{"choices":[{"index":5,"message":{"content":"a"}}]}"#, .malformed),
        (#"{"choices":[{"index":-1,"message":{"content":"a"}}]}"#, .malformed),
        (#"{"error":{"message":"no","code":429}}"#, .rateLimited),
    ])
    func `Plain answers without sense fail`(body: String, kind: ModelFailure.Kind) {
        let failure = #expect(throws: ModelFailure.self) { try Replay.plain(Array(body.utf8)) }
        #expect(failure?.kind == kind)
    }

    @Test func `Streams that end too early, or with an error, fail`() throws {
        func kind(_ stream: String) -> ModelFailure.Kind? {
            #expect(throws: ModelFailure.self) { try Replay.stream(Array(stream.utf8)) }?.kind
        }
        #expect(kind(delta(0, "a")) == .connection)
        #expect(kind("") == .connection)
        #expect(kind(done) == .malformed)
        #expect(kind(delta(0, "a") + done) == .malformed)
        #expect(kind(delta(0, "a") + event(#"{"error":{"message":"overloaded","type":"server_error"}}"#)) == .server)
    }

    @Test(arguments: ["", "null", "unheard_of"])
    func `A word that is no finish reason ends nothing without the stream's own end`(word: String) throws {
        let pieces = delta(0, "a") + finish(0, word) + delta(0, "b") + finish(0, word)
        let failure = #expect(throws: ModelFailure.self) { try Replay.stream(Array(pieces.utf8)) }
        #expect(failure?.kind == .connection && failure?.isRetryable == true)
        let whole = try Replay.stream(Array((pieces + done).utf8))
        #expect(whole.completions[0]?.text == "ab" && whole.completions[0]?.finish == .other)
        // With every piece until the true one comes.
        let ended = try Replay.stream(Array((pieces + finish(0) + usage(3, 2) + finish(0, word)).utf8))
        #expect(ended.completions[0]?.text == "ab" && ended.completions[0]?.finish == .stop)
        // Of two choices the one that has no end fails the answer.
        let half = delta(0, "a") + finish(0) + delta(1, "b") + finish(1, word)
        #expect(throws: ModelFailure.self) { try Replay.stream(Array(half.utf8), count: 2) }
    }

    @Test func `A server that gives an answer up has failed, whatever it sent before`() throws {
        func failure(_ stream: String) -> ModelFailure? {
            #expect(throws: ModelFailure.self) { try Replay.stream(Array(stream.utf8)) }
        }
        for word in ["error", "abort"] {
            let given = failure(delta(0, "a") + finish(0, word) + done)
            #expect(given?.kind == .server && given?.message.contains(word) == true)
        }
        let told = failure(delta(0, "a") + event(#"{"object":"error","message":"out of memory","code":500}"#) + done)
        #expect(told?.kind == .server && told?.message.contains("out of memory") == true)
    }

    @Test func `A cancelled stream keeps what came, flagged unless the server counts as it goes`() throws {
        let stream = Array((delta(0, "a") + delta(0, "b") + delta(0, "c") + finish(0)).utf8)
        let part = try Replay.stream(stream, limit: 2, isEnded: false)
        let completion = try #require(part.assembler.cancelled(at: 3)[0])
        #expect(completion.text == "ab" && completion.finish == .cancelled)
        #expect(completion.usage == TokenUsage(requests: 1, promptTokens: 7, completionTokens: 2, cancelledTokens: 2))
        #expect(completion.isUsageEstimated)

        let timed = event(
            #"{"choices":[{"index":0,"delta":{"content":"ab"}}],"timings":{"cache_n":3,"prompt_n":2,"predicted_n":5}}"#)
        let exact = try Replay.stream(Array(timed.utf8), isEnded: false)
        let counted = try #require(exact.assembler.cancelled(at: 3)[0])
        #expect(
            counted.usage
                == TokenUsage(
                    requests: 1, promptTokens: 5, cachedPromptTokens: 3, completionTokens: 5, cancelledTokens: 5))
        #expect(!counted.isUsageEstimated)
        #expect(exact.deltas.map(\.tokens) == [5])
    }

    @Test func `A prefix is stripped by bytes, even before a combining mark`() throws {
        let body = "{\"choices\":[{\"message\":{\"content\":\"cafe\u{301}\"},\"finish_reason\":\"stop\"}]}"
        #expect(
            try Replay.plain(Array(body.utf8), prefix: "cafe").completions[0]?.text.unicodeScalars.map(\.value) == [
                0x301
            ])
        #expect(try Replay.plain(Array(body.utf8), prefix: "tea").completions[0]?.text.utf8.count == 6)
    }

    @Test func `A long stream is recorded in a bounded number of pieces`() throws {
        let stream = (0..<5000).map { _ in delta(0, "ab") }.joined() + finish(0) + done
        let completion = try #require(try Replay.stream(Array(stream.utf8)).completions[0])
        #expect(completion.chunks.count <= 512 && completion.chunks.count >= 256)
        #expect(completion.chunks.last?.endOffset == 10_000 && completion.chunks.last?.endToken == 5000)
        #expect(zip(completion.chunks, completion.chunks.dropFirst()).allSatisfy { $0.endOffset < $1.endOffset })
    }

    @Test func `A sum is divided without losing a token`() {
        #expect(TokenEstimate.split(10, by: [1, 1, 1]) == [4, 3, 3])
        #expect(TokenEstimate.split(7, by: [0, 0]) == [4, 3])
        #expect(TokenEstimate.split(0, by: [3, 4]) == [0, 0])
        #expect(TokenEstimate.split(5, by: []) == [])
    }
}
