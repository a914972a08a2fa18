import Completions
import Testing

@testable import ModelClients

/// The codecs on what a llama.cpp server really sent.
@Suite(.enabled(if: Transcript.areAvailable, Comment(rawValue: Transcript.comment)))
struct RecordedAnswerTests {
    private func plain(_ name: String, _ format: WireFormat = .chat, count: Int = 1, prefix: String = "") throws
        -> Replay
    {
        try Replay.plain(Transcript.body(name), format, count: count, prefix: prefix)
    }

    private func stream(_ name: String, _ format: WireFormat = .chat, count: Int = 1) throws -> Replay {
        try Replay.stream(Transcript.body(name), format, count: count)
    }

    @Test func `A plain chat answer`() throws {
        let completion = try #require(try plain("chat").completions[0])
        #expect(completion.text == "42")
        #expect(completion.finish == .stop)
        #expect(completion.usage == TokenUsage(requests: 1, promptTokens: 45, completionTokens: 3))
        #expect(!completion.isUsageEstimated)
        #expect(completion.servedModel == "gguf/qwen-0.5b.gguf")
        #expect(completion.firstTokenSeconds == nil && completion.chunks.isEmpty)
        #expect(try plain("chat_len").completions[0]?.finish == .length)
        #expect(try plain("ctx_runout").completions[0]?.finish == .length)
    }

    @Test func `Log-probabilities without the end-of-turn token`() throws {
        let completion = try #require(try plain("chat_logprobs").completions[0])
        #expect(completion.tokens.map(\.token) == ["4", "2"])
        #expect(completion.tokens[0].logprob == -0.037415891885757446)
        #expect(completion.tokens[0].alternatives.map(\.token) == ["4", "5", "3", "6", "1"])
        #expect(completion.usage.completionTokens == 3)
        #expect(try stream("chat_logprobs_stream").completions[0]?.tokens.map(\.token) == ["4", "2"])
        #expect(
            try plain("cmpl_logprobs", .completions).completions[0]?.tokens.map(\.token) == [
                " Paris", ".", " The", " capital",
            ])
        #expect(try plain("toplp_200").completions[0]?.tokens.first?.alternatives.count == 200)
    }

    @Test func `A stream with usage`() throws {
        let replay = try stream("chat_stream_usage")
        let completion = try #require(replay.completions[0])
        #expect(completion.text == replay.deltaText(0) && completion.text.hasPrefix("1, 2, 3"))
        #expect(!completion.isUsageEstimated && completion.usage.promptTokens > 0)
        #expect(completion.firstTokenSeconds == 2)
        #expect(completion.chunks.last?.endOffset == completion.text.utf8.count)
        #expect(replay.assembler.isDone)
    }

    @Test func `A stream without usage is counted by llama_cpp's timings where there are any`() throws {
        let completion = try #require(try stream("chat_stream").completions[0])
        #expect(!completion.text.isEmpty && completion.usage.completionTokens > 0)
        #expect(completion.usage.promptTokens > 7)
    }

    @Test func `Multi-byte text split over chunks arrives whole, whatever the split`() throws {
        let bytes = try Transcript.body("chat_stream_unicode")
        let whole = try #require(try Replay.stream(bytes).completions[0])
        #expect(whole.text.unicodeScalars.contains { $0.value > 0x2000 } && !whole.text.contains("\u{FFFD}"))
        for size in [1, 2, 3, 7, 64] {
            #expect(try Replay.stream(bytes, pieceSize: size).completions[0]?.text == whole.text)
        }
    }

    @Test func `Interleaved choices each get their own usage event`() throws {
        let replay = try stream("chat_n3_stream", count: 2)
        #expect(replay.completions.count == 2 && replay.missing.isEmpty)
        #expect(replay.order == [1, 0])
        #expect(replay.completions[1]?.usage.completionTokens == 4)
        #expect(replay.completions[0]?.usage.completionTokens == 7)
        #expect(
            replay.completions.values.allSatisfy { $0.usage.promptTokens == 33 && $0.usage.cachedPromptTokens == 32 })
        #expect(replay.completions.values.allSatisfy { !$0.isUsageEstimated })
        #expect(replay.completions[0]?.sharesPrompt == false && replay.completions[1]?.sharesPrompt == true)
        for choice in 0...1 { #expect(replay.completions[choice]?.text == replay.deltaText(choice)) }
    }

    @Test func `Plain usage of several choices counts the first, the others are estimated and flagged`() throws {
        let replay = try plain("chat_n3", count: 3)
        #expect(replay.completions.count == 3)
        #expect(replay.completions[0]?.usage.completionTokens == 7)
        #expect(replay.completions[0]?.isUsageEstimated == false)
        let others = [1, 2].compactMap { replay.completions[$0] }
        #expect(
            others.allSatisfy { $0.isUsageEstimated && $0.usage.completionTokens > 0 && $0.usage.promptTokens == 33 })
        #expect(replay.completions.values.reduce(0) { $0 + $1.paidUsage.promptTokens } == 33)
        #expect(try plain("cmpl_n2", .completions, count: 2).completions[1]?.text == " \"apple\", \"banana\",")
    }

    @Test func `The prefix is not part of the completion`() throws {
        let prefix = "Let us compute: 12*12 = 1"
        #expect(try plain("chat_prefill", prefix: prefix).completions[0]?.text == "44.")
        #expect(try stream("chat_prefill_stream").completions[0]?.text == "44.")
    }

    @Test func `Stop texts are not in the text but their tokens are in the usage`() throws {
        let native = try #require(try stream("lp_stop_stream", .llama).completions[0])
        #expect(native.finish == .stop)
        #expect(native.text == " 5, 6, 7, 8, ")
        #expect(native.usage.completionTokens == 18)
        #expect(native.tokens.map(\.token).joined() == native.text)
    }

    @Test func `llama_cpp's own completions, plain, listed and streamed`() throws {
        let native = try #require(try plain("native", .llama).completions[0])
        #expect(native.text == " Paris. The capital of the")
        #expect(native.finish == .length)
        #expect(native.usage == TokenUsage(requests: 1, promptTokens: 5, cachedPromptTokens: 4, completionTokens: 6))
        #expect(try plain("native_nprobs", .llama).completions[0]?.tokens.map(\.token) == [" Paris", ".", " The"])
        let list = try plain("native_ncmpl", .llama, count: 2)
        #expect(list.completions.count == 2 && list.completions.values.allSatisfy { $0.usage.completionTokens == 4 })
        let streamed = try stream("native_stream", .llama)
        #expect(streamed.completions[0]?.text == streamed.deltaText(0))
        #expect(streamed.completions[0]?.usage.completionTokens == 4)
    }

    @Test func `Pings and progress reports are passed over`() throws {
        #expect(try stream("sse_ping").completions[0]?.finish == .length)
        #expect(try stream("return_progress").completions[0]?.text == "")
    }

    @Test func `A stream that broke off is a failure that knows what was received`() throws {
        for name in ["die_sigterm", "die_sigkill"] {
            let failure = #expect(throws: ModelFailure.self) { try stream(name) }
            #expect(failure?.kind == .connection)
            #expect((failure?.spent.completionTokens ?? 0) > 5)
        }
    }

    @Test func `Every stream that ended decodes to the text of its deltas`() throws {
        for name in try Transcript.streams() where !name.hasPrefix("die_") && name != "responses" {
            let isNative = name.hasPrefix("native") || name.hasPrefix("lp_stop")
            let replay = try stream(name, isNative ? .llama : .chat, count: name == "chat_n3_stream" ? 2 : 1)
            #expect(replay.completions[0]?.text == replay.deltaText(0), "\(name)")
        }
    }

    @Test func `Services answer`() throws {
        #expect(LlamaCodec.readTokenCount(try Transcript.body("tokenize")) == 10)
    }

    @Test(arguments: [
        ("err_ctx", ModelFailure.Kind.contextExceeded), ("err_ctx_stream", .contextExceeded),
        ("auth_none", .authentication),
        ("auth_bad", .authentication), ("err_badjson", .badRequest), ("err_n_over_slots", .badRequest),
        ("err_404", .badRequest),
        ("embeddings", .unsupported), ("load_chat", .server), ("err_badrequestline", .badRequest),
        ("err_longheader", .badRequest),
        ("slots_fail_busy", .server), ("err_schema", .badRequest), ("chat_prefill_two_asst", .badRequest),
    ])
    func `Recorded errors are of the right kind`(name: String, kind: ModelFailure.Kind) throws {
        let failure = FailureReader.failure(
            status: try Transcript.status(name), contentType: "application/json", body: try Transcript.body(name))
        #expect(failure.kind == kind, "\(failure.message)")
        #expect(failure.isRetryable == (kind == .server))
        #expect(failure.message.unicodeScalars.count <= 500 && !failure.message.contains("\n"))
    }
}
