import Completions
import Foundation
import JSON
import Testing

@testable import ModelClients
@testable import Services

@Suite(.timeLimit(.minutes(2))) struct ScoreServiceTests {
    private static let question = "Rosa has 13 figs and buys 24 more. How many figs does she have?"
    private var messages: JSONValue {
        .array([.object([.init("role", .string("user")), .init("content", .string(Self.question))])])
    }

    private func payload(_ continuation: String, prefix: String = "") -> JSONValue {
        .object([
            .init("messages", messages), .init("prefix", .string(prefix)), .init("continuation", .string(continuation)),
        ])
    }

    /// What the model writes, token by token.
    private func written(_ temperature: Double) async throws -> [TokenLogprob] {
        let endpoint = try ServedModels.shared.endpoint()
        let request = CompletionRequest(
            messages: [ChatMessage(role: .user, content: Self.question)],
            sampling: SamplingParameters(temperature: temperature, maxTokens: 24, topLogprobs: 0))
        let outcome = await endpoint.perform(
            ModelCall(id: CallID(1), role: "main", request: request, seeds: [5], stream: false))
        return try #require(outcome.completions[0]).tokens.filter { $0.token != "<|end|>" }
    }

    @Test(arguments: [0.0, 1.3])
    func `The embedded model scores its own answer exactly as it wrote it`(_ temperature: Double) async throws {
        let tokens = try await written(temperature)
        #expect(tokens.count > 5)
        let service = try await ServedModels.shared.score()
        let result = try await service.answer(payload(tokens.map(\.token).joined()))
        #expect(result.value["logprob"]?.double == tokens.reduce(0) { $0 + $1.logprob })
        let told = result.value["tokens"]?.elements ?? []
        #expect(told.compactMap { $0["token"]?.string } == tokens.map(\.token))
        #expect(told.compactMap { $0["logprob"]?.double } == tokens.map(\.logprob))
        #expect(result.value["token_count"]?.int == tokens.count && result.value["overlap"] == nil)
        #expect(!result.isError && result.usage.promptTokens > tokens.count && result.usage.requests == 1)
    }

    /// As `atts` asks where there is no service: one token at temperature 0 after each beginning of the text, and the
    /// text's own token among its alternatives.
    @Test func `One call tells the numbers that single tokens at every place tell`() async throws {
        let endpoint = try ServedModels.shared.endpoint()
        let tokens = try await written(0.7).map(\.token)
        let result = try await ServedModels.shared.score().answer(payload(tokens.joined()))
        let scores = (result.value["tokens"]?.elements ?? []).compactMap { $0["logprob"]?.double }
        var listed = 0
        for (place, token) in tokens.enumerated() {
            let request = CompletionRequest(
                messages: [ChatMessage(role: .user, content: Self.question)], prefix: tokens[..<place].joined(),
                sampling: SamplingParameters(temperature: 0, maxTokens: 1, topLogprobs: 20))
            let outcome = await endpoint.perform(
                ModelCall(id: CallID(UInt64(place) + 1), role: "main", request: request, seeds: [1], stream: false))
            let drawn = try #require(outcome.completions[0]?.tokens.first)
            guard let alternative = drawn.alternatives.first(where: { $0.token == token }) else { continue }
            listed += 1
            #expect(scores[place] == alternative.logprob, "\(place) \(token)")
        }
        #expect(scores.count == tokens.count && listed > 5)
    }

    @Test func `The parts of an answer add up to its whole`() async throws {
        let service = try await ServedModels.shared.score()
        let tokens = try await written(0).map(\.token)
        let head = tokens.prefix(4).joined()
        let tail = tokens.dropFirst(4).joined()
        let whole = try await service.answer(payload(head + tail))
        let first = try await service.answer(payload(head))
        let rest = try await service.answer(payload(tail, prefix: head))
        let sum = (first.value["logprob"]?.double ?? 0) + (rest.value["logprob"]?.double ?? 0)
        #expect(abs(sum - (whole.value["logprob"]?.double ?? 0)) < 1e-9)
    }

    @Test func `A tokenizer that joins context and continuation is told of, and the joined token counts whole`()
        async throws
    {
        let service = try await ServedModels.shared.score()
        // " figs" is one token; the context ends within it.
        let result = try await service.answer(payload("gs more", prefix: "She has 24 fi"))
        #expect(result.value["overlap"]?.string == " fi")
        #expect(result.value["tokens"]?.elements?.first?["token"]?.string == " figs")
        let plain = try await service.answer(payload(" figs more", prefix: "She has 24"))
        #expect(plain.value["logprob"] == result.value["logprob"] && plain.value["overlap"] == nil)
    }

    @Test func `All routes of one model agree`() async throws {
        let chat = try await ServedModels.shared.score()
        let frames = ChatFrames(
            system: .init(before: "", after: ""), user: .init(before: "<|user|>", after: ""),
            assistant: .init(before: "<|assistant|>", after: "<|end|>"))
        let echo = try await ServedModels.shared.score(.openaiCompletions, template: frames)
        let measured = try await ServedModels.shared.score(.openai)
        let asked = payload("24 = 37", prefix: "13 + ")
        let first = try await chat.answer(asked)
        for service in [echo, measured] {
            let other = try await service.answer(asked)
            #expect(other.value == first.value)
        }
        #expect(
            measured.description["messages_by"]?.string == "chat" && measured.description["text_by"]?.string == "echo")
        #expect(echo.description["messages_by"] == nil)
        // Which way was gone is part of what the results depend on.
        #expect(Set([chat.fingerprint, echo.fingerprint]).count == 2)
    }

    @Test func `A whole text and bytes beyond ASCII are scored`() async throws {
        let service = try await ServedModels.shared.score()
        let result = try await service.answer(try JSONValue(#"{"text": "Größe 東京: 2 + 3 = 5"}"#))
        let tokens = result.value["tokens"]?.elements ?? []
        #expect(tokens.first?["logprob"] == .null)
        #expect(result.value["token_count"]?.int == tokens.count - 1 && tokens.count > 10)
        #expect((result.value["logprob"]?.double ?? 0) < 0)
        // A boundary within a word of several bytes: each byte is a token here.
        let split = try await service.answer(try JSONValue(#"{"prefix": "Größe 東", "continuation": "京"}"#))
        #expect(split.value["token_count"]?.int == 3 && split.value["overlap"] == nil)
    }

    @Test(arguments: [
        (#"[]"#, "an object is expected"), (#"{}"#, "`continuation` is missing"),
        (#"{"continuation": "a"}"#, "needs `messages` or a `prefix`"), (#"{"text": ""}"#, "no text to score"),
        (#"{"text": "a", "limit": 3}"#, "no `limit` here"), (#"{"text": "a", "prefix": "b"}"#, "no `prefix` here"),
        (#"{"continuation": 3, "prefix": "b"}"#, "`continuation` is a whole number"),
        (#"{"continuation": "a", "messages": "b"}"#, "`messages` is a text"),
        (#"{"continuation": "a", "messages": [{"role": "tool", "content": "b"}]}"#, "`role` is system"),
        (#"{"continuation": "a", "messages": [{"role": "user"}]}"#, "`content` is missing"),
        (#"{"continuation": "a", "messages": [{"role": "user", "content": "b", "name": "c"}]}"#, "no `name` here"),
    ])
    func `A payload that is none is refused with the reason`(_ text: String, _ reason: String) async throws {
        let service = try await ServedModels.shared.score()
        let payload = try JSONValue(text)
        #expect(service.problem(with: payload)?.contains(reason) == true, "\(service.problem(with: payload) ?? "-")")
        // A call all the same ends in a failure.
        await #expect(throws: ModelFailure.self) { try await service.answer(payload) }
    }

    @Test func `A payload that is too large is refused before anything is sent`() throws {
        let (endpoint, transport) = try ModelEndpoint.scripted(provider: .reference) { _ in .later }
        let service = ScoreService(endpoint, ScoreCapability(messages: .chat, text: .echo), model: "m")
        let long = JSONValue.object([.init("text", .string(String(repeating: "a", count: ScoreService.mostBytes + 1)))])
        #expect(service.problem(with: long)?.contains("longer than") == true)
        #expect(transport.exchanges.isEmpty)
    }

    @Test func `A call costs no more than its worst case`() async throws {
        let service = try await ServedModels.shared.score()
        for asked in [payload("24 = 37", prefix: "13 + "), try JSONValue(#"{"text": "東京 é"}"#)] {
            let worst = service.worstCase(of: asked)
            let usage = try await service.answer(asked).usage
            #expect(usage.promptTokens <= worst.promptTokens && usage.completionTokens <= worst.completionTokens)
        }
        #expect(service.worstCase(of: .null) == TokenUsage())
    }

    // MARK: Endpoints that cannot

    @Test func `llama_cpp is refused before anything is sent`() async throws {
        let (endpoint, transport) = try ModelEndpoint.scripted(provider: .llamaCpp) { _ in .later }
        let failure = await #expect(throws: ModelFailure.self) { try await ScoreService.capability(of: endpoint) }
        #expect(failure?.kind == .unsupported && failure?.message.contains("llama.cpp") == true)
        #expect(transport.exchanges.isEmpty)
    }

    @Test func `A server that scores nothing is refused with what it said`() async throws {
        let (endpoint, transport) = try ModelEndpoint.scripted { _ in
            .failure(ModelFailure(kind: .badRequest, message: "HTTP 404: no such path", httpStatus: 404))
        }
        let failure = await #expect(throws: ModelFailure.self) { try await ScoreService.capability(of: endpoint) }
        #expect(failure?.kind == .unsupported && failure?.message.contains("HTTP 404: no such path") == true)
        #expect(transport.exchanges.count == 5)
    }

    @Test func `What is no matter of scoring is told as it is`() async throws {
        for kind in [ModelFailure.Kind.authentication, .connection, .rateLimited] {
            let (endpoint, transport) = try ModelEndpoint.scripted { _ in
                .failure(ModelFailure(kind: kind, message: "x"))
            }
            let failure = await #expect(throws: ModelFailure.self) { try await ScoreService.capability(of: endpoint) }
            #expect(failure?.kind == kind && transport.exchanges.count == 1)
        }
    }

    @Test func `Messages where only plain text can be scored are a problem, not a wrong score`() throws {
        let plain = ScoreCapability(text: .echo)
        let (chat, _) = try ModelEndpoint.scripted { _ in .later }
        let service = ScoreService(chat, plain, model: "m")
        #expect(service.problem(with: payload("a"))?.contains("openai-completions") == true)
        #expect(service.problem(with: try JSONValue(#"{"prefix": "a", "continuation": "b"}"#)) == nil)
        // Plain prompts need a template for more than one question.
        let (completions, _) = try ModelEndpoint.scripted(provider: .openaiCompletions) { _ in .later }
        let other = ScoreService(completions, plain, model: "m")
        #expect(other.problem(with: payload("a")) == nil)
        let two = try JSONValue(
            #"{"continuation": "a", "messages": [{"role": "system", "content": "b"}, {"role": "user", "content": "c"}]}"#
        )
        #expect(other.problem(with: two)?.contains("template") == true)
        let (framed, _) = try ModelEndpoint.scripted(provider: .openaiCompletions, template: .chatML) { _ in .later }
        #expect(ScoreService(framed, plain, model: "m").problem(with: two) == nil)
    }

    @Test func `A failure says what was paid, and a cancel ends the request`() async throws {
        let (endpoint, transport) = try ModelEndpoint.scripted { _ in
            .json(#"{"choices":[{"text":"x"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#)
        }
        let service = ScoreService(endpoint, ScoreCapability(messages: .chat, text: .echo), model: "m")
        let failure = await #expect(throws: ModelFailure.self) {
            try await service.answer(try JSONValue(#"{"text": "ab"}"#))
        }
        #expect(failure?.kind == .unsupported && failure?.spent.promptTokens == 3)
        #expect(transport.exchanges.first?.url == "http://127.0.0.1:9/v1/completions")
        let (slow, waiting) = try ModelEndpoint.scripted { _ in .later }
        let cancel = ScoreService(slow, ScoreCapability(text: .echo), model: "m").call(
            try JSONValue(#"{"text": "ab"}"#), seed: 0
        ) { _ in }
        cancel()
        #expect(waiting.cancelled == [0])
    }
}

@Suite(.timeLimit(.minutes(2))) struct EmbeddedPrefixTests {
    @Test func `A token that is the same as the prefix before it is kept`() async throws {
        let endpoint = try ServedModels.shared.endpoint()
        func text(_ messages: [ChatMessage], _ prefix: String, _ tokens: Int) async throws -> String {
            let request = CompletionRequest(
                messages: messages, prefix: prefix,
                sampling: SamplingParameters(temperature: 0, maxTokens: tokens, topLogprobs: 0))
            let outcome = await endpoint.perform(
                ModelCall(id: CallID(UInt64(tokens)), role: "main", request: request, seeds: [1], stream: false))
            return try #require(outcome.completions[0]).text
        }
        // The model begins its answer with the first number of the question.
        let messages = [ChatMessage(role: .user, content: "Rosa has 44 figs and buys 24 more. How many figs is that?")]
        let whole = try await text(messages, "", 2)
        #expect(whole == "44")
        #expect(try await text(messages, "4", 1) == "4")
    }
}
