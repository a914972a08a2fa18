import Completions
import Testing

@testable import ModelClients

@Suite struct RequestEncodingTests {
    private func encode(
        _ format: WireFormat, _ request: CompletionRequest, _ options: WireOptions = WireOptions(model: "m"),
        n: Int = 1,
        stream: Bool = false
    ) throws -> String {
        let wire = WireRequest(request: request, seed: 7, count: n, isStream: stream)
        return String(decoding: try format.encode(wire, options), as: UTF8.self)
    }

    private let user = [ChatMessage(role: .user, content: "q")]

    @Test func `top_k and min_p are sent to llama_cpp always, to others only where they do something`() throws {
        let neutral = CompletionRequest(messages: user, sampling: SamplingParameters())
        let used = CompletionRequest(messages: user, sampling: SamplingParameters(topK: 40))
        #expect(try !encode(.chat, neutral).contains("top_k"))
        #expect(try encode(.chat, used).contains(#""top_k":40,"min_p":0"#))
        #expect(
            try encode(.chat, neutral, WireOptions(model: "m", extraSampling: .always)).contains(
                #""top_k":0,"min_p":0"#))
        #expect(try !encode(.chat, used, WireOptions(model: "m", extraSampling: .never)).contains("top_k"))
    }

    @Test func `The prefix is a last message of the assistant, joined to one that is there`() throws {
        let fresh = CompletionRequest(messages: user, prefix: "So", sampling: SamplingParameters())
        #expect(
            try encode(.chat, fresh).contains(#"{"role":"user","content":"q"},{"role":"assistant","content":"So"}]"#))
        let begun = CompletionRequest(
            messages: user + [ChatMessage(role: .assistant, content: "Well. ")], prefix: "So",
            sampling: SamplingParameters())
        #expect(try encode(.chat, begun).contains(#"{"role":"assistant","content":"Well. So"}]"#))
        #expect(ChatCodec.trailingAssistant(begun) == "Well. So")
        let flags = WireOptions(model: "m", sendsContinueFlags: true)
        #expect(
            try encode(.chat, fresh, flags).contains(#""add_generation_prompt":false,"continue_final_message":true"#))
        #expect(
            try !encode(.chat, CompletionRequest(messages: user, sampling: SamplingParameters()), flags).contains(
                "continue_final"))
    }

    @Test func `a schema holds the text where the interface can, and is refused where it cannot`() throws {
        let schema = #"{"type":"object"}"#
        let request = CompletionRequest(messages: user, sampling: SamplingParameters(jsonSchema: schema))
        #expect(
            try encode(.chat, request).contains(
                #""response_format":{"type":"json_schema","json_schema":{"name":"answer","strict":true,"schema":{"type":"object"}}}"#
            ))
        let raw = WireOptions(model: "m", template: .chatML)
        #expect(try encode(.llama, request, raw).contains(#""json_schema":{"type":"object"}"#))
        #expect(throws: ModelFailure.self) { try encode(.completions, request, raw) }
        let free = CompletionRequest(messages: user, sampling: SamplingParameters())
        #expect(try !encode(.chat, free).contains("response_format"))
    }

    @Test func `Log-probabilities, stop texts and streams are asked for as each format wants`() throws {
        let request = CompletionRequest(
            messages: user, sampling: SamplingParameters(stop: ["\n", "\"x"], topLogprobs: 2))
        let chat = try encode(.chat, request, n: 3, stream: true)
        #expect(
            chat.contains(
                #""n":3,"stop":["\n","\"x"],"stream":true,"stream_options":{"include_usage":true},"logprobs":true,"top_logprobs":2"#
            ))
        #expect(try encode(.completions, request).contains(#""prompt":"q""#))
        // The sampled token's own log-probability alone: asked for with one alternative, as llama.cpp sends none at 0.
        let own = CompletionRequest(messages: user, sampling: SamplingParameters(topLogprobs: 0))
        #expect(try encode(.chat, own).contains(#""logprobs":true,"top_logprobs":1"#))
        #expect(try encode(.completions, own).hasSuffix(#""logprobs":1}"#))
        #expect(try encode(.completions, request).hasSuffix(#""logprobs":2}"#))
        let native = try encode(.llama, request)
        #expect(native.hasPrefix(#"{"prompt":"q","n_predict":512,"temperature":1,"top_p":1,"top_k":0,"min_p":0"#))
        #expect(native.contains(#""n_probs":2"#))
        let newer = WireOptions(model: "m", usesMaxCompletionTokens: true)
        #expect(try encode(.chat, request, newer).contains(#""max_completion_tokens":512"#))
    }

    @Test func `Fields that the suite adds come last in every format`() throws {
        let request = CompletionRequest(messages: user, sampling: SamplingParameters())
        let options = WireOptions(model: "m", body: [.init(name: "k\"", json: "[1,{\"a\":2.50}]")])
        for format in [WireFormat.chat, .completions, .llama] {
            #expect(try encode(format, request, options).hasSuffix(#","k\"":[1,{"a":2.50}]}"#))
        }
    }

    @Test func `Plain prompts need a template for more than one user message`() throws {
        let talk = CompletionRequest(
            messages: [ChatMessage(role: .system, content: "s")] + user, prefix: "So", sampling: SamplingParameters())
        let failure = #expect(throws: ModelFailure.self) { try encode(.completions, talk) }
        #expect(failure?.kind == .unsupported)
        let framed = try encode(.completions, talk, WireOptions(model: "m", template: .chatML))
        #expect(
            framed.contains(
                #""prompt":"<|im_start|>system\ns<|im_end|>\n<|im_start|>user\nq<|im_end|>\n<|im_start|>assistant\nSo""#
            ))
        let single = CompletionRequest(messages: user, prefix: "So", sampling: SamplingParameters())
        #expect(try encode(.completions, single).contains(#""prompt":"qSo""#))
    }

    @Test(arguments: [
        ("http://h:8080", "http://h:8080/v1/chat/completions", "http://h:8080/health", "h:8080"),
        ("http://h:8080/v1/", "http://h:8080/v1/chat/completions", "http://h:8080/health", "h:8080"),
        ("https://H/x/v1", "https://h/x/v1/chat/completions", "https://h/x/health", "h:443"),
        ("unix:/tmp/a.sock", "http://localhost/v1/chat/completions", "http://localhost/health", "unix:/tmp/a.sock"),
        ("unix:/tmp/a.sock#/v1", "http://localhost/v1/chat/completions", "http://localhost/health", "unix:/tmp/a.sock"),
    ])
    func `Base URLs lead to paths`(base: String, chat: String, health: String, identity: String) throws {
        let address = try EndpointAddress(base)
        #expect(address.url(of: .chat, isLlama: true) == chat)
        #expect(address.serviceURL("/health") == health)
        #expect(address.identity == identity)
    }

    @Test(arguments: [
        "", "h:80", "ftp://h", "http://", "http://u:p@h", "http://h?q=1", "unix:a",
        "unix:" + String(repeating: "/a", count: 60),
        "http://h:99999",
    ])
    func `Base URLs without sense are refused`(base: String) {
        let failure = #expect(throws: ModelFailure.self) { try EndpointAddress(base) }
        #expect(failure?.message.contains("u:p") == false)
    }
}
