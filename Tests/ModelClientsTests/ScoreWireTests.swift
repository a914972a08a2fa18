import Completions
import Foundation
import JSON
import Testing

@testable import ModelClients

/// Requests and answers of every route. vLLM's shapes: `vllm/entrypoints/openai/chat_completion/protocol.py`
/// (`prompt_logprobs` beside the choices), `completion/serving.py` (in the choice; `max_tokens: 0` with `echo`
/// generates a token that is counted and not told) and `clamp_prompt_logprobs` (-9999 for minus infinity); as on a
/// running 0.32 the first entry is null and keys are numbers of tokens. SGLang's: its native API, `/generate` with
/// `return_logprob`, entries `[logprob, number, text]`.
@Suite struct ScoreWireTests {
    private static let options = WireOptions(
        model: "m", body: [WireOptions.Field(name: "extra", json: #"{"a":1}"#)])
    private let plain = ScoreRequest(prefix: "The cat", continuation: " sat.")
    private let chat = ScoreRequest(
        messages: [ChatMessage(role: .user, content: "Hi")], prefix: "The cat", continuation: " sat.")

    private func exchange(_ request: ScoreRequest, _ route: ScoreRoute, generated: Int = 0) throws -> ScoreExchange {
        try ScoreCodec.encode(request, route: route, generated: generated, Self.options)
    }

    private func body(_ exchange: ScoreExchange) throws -> JSONValue {
        try JSONValue(parsing: String(decoding: exchange.body, as: UTF8.self))
    }

    // MARK: Requests

    @Test func `Echo sends the whole text as a prompt, without temperature or cuts`() throws {
        let exchange = try exchange(plain, .echo)
        let sent = try body(exchange)
        #expect(exchange.path == "/completions" && exchange.boundary == 7 && exchange.isWhole)
        #expect(sent["prompt"]?.string == "The cat sat." && sent["echo"]?.bool == true && sent["logprobs"]?.int == 1)
        #expect(sent["max_tokens"]?.int == 0 && sent["temperature"]?.int == 1 && sent["top_p"]?.int == 1)
        #expect(sent["extra"]?["a"]?.int == 1 && sent["stream"]?.bool == false)
    }

    @Test func `A chat is gone on with and not closed`() throws {
        let exchange = try exchange(chat, .chat)
        let sent = try body(exchange)
        #expect(exchange.path == "/chat/completions" && exchange.boundary == 7 && !exchange.isWhole)
        #expect(sent["messages"]?.elements?.count == 2)
        #expect(sent["messages"]?.elements?.last?["content"]?.string == "The cat sat.")
        #expect(sent["prompt_logprobs"]?.int == 0 && sent["max_tokens"]?.int == 1)
        #expect(sent["continue_final_message"]?.bool == true && sent["add_generation_prompt"]?.bool == false)
        // A last message of the assistant is joined with what follows it: two in a row are refused.
        var joined = chat
        joined.messages.append(ChatMessage(role: .assistant, content: "So: "))
        let whole = try self.exchange(joined, .chat)
        #expect(whole.text == "So: The cat sat." && whole.boundary == 11)
    }

    @Test func `Messages become a plain prompt by the model's template only`() throws {
        var options = Self.options
        options.template = .chatML
        let exchange = try ScoreCodec.encode(chat, route: .echo, generated: 0, options)
        #expect(exchange.text.hasPrefix("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nThe cat sat."))
        #expect(exchange.boundary == exchange.text.utf8.count - 5)
        let several = ScoreRequest(messages: chat.messages + chat.messages, continuation: "x")
        #expect(throws: ModelFailure.self) { try self.exchange(several, .echo) }
    }

    @Test func `SGLang is asked at its own path`() throws {
        let exchange = try exchange(plain, .generate)
        let sent = try body(exchange)
        #expect(exchange.isService && exchange.path == "/generate")
        #expect(sent["return_logprob"]?.bool == true && sent["logprob_start_len"]?.int == 0)
        #expect(sent["sampling_params"]?["max_new_tokens"]?.int == 0 && sent["text"]?.string == "The cat sat.")
    }

    // MARK: Answers

    private func read(_ json: String, _ request: ScoreRequest, _ route: ScoreRoute, generated: Int = 0) throws
        -> TextScore
    {
        try exchange(request, route, generated: generated).read(Array(json.utf8), request)
    }

    private static let arrays = #"""
        {"id":"cmpl-1","choices":[{"index":0,"text":"The cat sat.","logprobs":{"text_offset":[0,3,7,11],
        "token_logprobs":[null,-2.5,-1.25,-0.5],"tokens":["The"," cat"," sat","."],
        "top_logprobs":[null,{" cat":-2.5},{" sat":-1.25},{".":-0.5}]},"finish_reason":"length"}],
        "usage":{"prompt_tokens":4,"completion_tokens":1,"total_tokens":5,"prompt_tokens_details":{"cached_tokens":2}}}
        """#

    @Test func `The arrays of echo give the continuation's tokens and the usage`() throws {
        let score = try read(Self.arrays, plain, .echo)
        #expect(score.tokens.map(\.text) == [" sat", "."] && score.tokens.map(\.logprob) == [-1.25, -0.5])
        #expect(score.logprob == -1.75 && score.overlap.isEmpty)
        #expect(score.usage == TokenUsage(requests: 1, promptTokens: 4, cachedPromptTokens: 2, completionTokens: 1))
    }

    @Test func `A generated token behind the echo is no part of the score`() throws {
        let more = Self.arrays.replacing(#"-0.5],"#, with: #"-0.5,-3],"#).replacing(#","."],"#, with: #",".", " It"],"#)
        #expect(try read(more, plain, .echo, generated: 1).tokens.map(\.text) == [" sat", "."])
    }

    @Test func `Of a text all tokens are scored but the first, which nothing predicts`() throws {
        let text = ScoreRequest(continuation: "The cat sat.")
        let score = try read(Self.arrays, text, .echo)
        #expect(score.tokens.map(\.text) == ["The", " cat", " sat", "."])
        #expect(score.tokens.first?.logprob == nil && score.logprob == -4.25)
        // With a mark before it the first one has a number too.
        let marked = Self.arrays.replacing(#"[null,-2.5"#, with: #"[null,-4,-2.5"#)
            .replacing(#"["The""#, with: #"["<s>","The""#)
        let all = try read(marked, text, .echo)
        #expect(all.tokens.count == 4 && all.logprob == -8.25)
    }

    private static let vllm = #"""
        {"choices":[{"index":0,"message":{"role":"assistant","content":" on"},"finish_reason":"length"}],
        "usage":{"prompt_tokens":6,"completion_tokens":1,"total_tokens":7},
        "prompt_logprobs":[null,{"872":{"logprob":-9999.0,"rank":12,"decoded_token":"user"}},
        {"198":{"logprob":-0.01,"rank":1,"decoded_token":"\n"}},
        {"785":{"logprob":-3.5,"rank":9,"decoded_token":"The"}},{"8251":{"logprob":-2.5,"rank":3,"decoded_token":" cat"}},
        {"7578":{"logprob":-1.25,"rank":2,"decoded_token":" sat"},"374":{"logprob":-1.0,"rank":1,"decoded_token":" is"}},
        {"13":{"logprob":-0.5,"rank":1,"decoded_token":"."}}]}
        """#

    @Test func `vLLM's list is read at its first members`() throws {
        let score = try read(Self.vllm, chat, .chat)
        #expect(score.tokens.map(\.text) == [" sat", "."] && score.logprob == -1.75)
        #expect(score.usage.promptTokens == 6 && score.usage.completionTokens == 1)
    }

    @Test func `With completions the list stands in the choice and lacks the first token's text`() throws {
        let json = #"""
            {"choices":[{"index":0,"text":"!","prompt_logprobs":[null,{"1":{"logprob":-2.5,"decoded_token":" cat"}},
            {"2":{"logprob":-1.25,"decoded_token":" sat"}},{"3":{"logprob":-0.5,"decoded_token":"."}}]}],
            "usage":{"prompt_tokens":4,"completion_tokens":1}}
            """#
        #expect(try read(json, plain, .completions).logprob == -1.75)
        let whole = try read(json, ScoreRequest(continuation: "The cat sat."), .completions)
        #expect(whole.tokens.first == TextScore.Token(text: "The", logprob: nil) && whole.logprob == -4.25)
    }

    @Test func `SGLang's entries are read with their texts`() throws {
        let json = #"""
            {"text":"","meta_info":{"prompt_tokens":5,"completion_tokens":0,"cached_tokens":1,"input_token_logprobs":
            [[null,1,"<s>"],[-1.0,785,"The"],[-2.5,8251," cat"],[-1.25,7578," sat"],[-0.5,13,"."]],
            "output_token_logprobs":[]}}
            """#
        let score = try read(json, plain, .generate)
        #expect(score.logprob == -1.75)
        #expect(score.usage == TokenUsage(requests: 1, promptTokens: 5, cachedPromptTokens: 1))
    }

    @Test func `SGLang's entries that a newer tokenizers library has joined into one are refused`() throws {
        // With transformers 5 `batch_decode` of a flat list is one text, and one entry is left of five.
        let joined = #"{"meta_info":{"prompt_tokens":5,"input_token_logprobs":[[null,1,"<s>The cat sat."]]}}"#
        #expect(throws: ModelFailure.self) { try read(joined, plain, .generate) }
        let untold = #"{"meta_info":{"input_token_logprobs":[[null,1,null],[-1,2,null],[-2,3,null]]}}"#
        #expect(throws: ModelFailure.self) { try read(untold, plain, .generate) }
    }

    @Test func `A token across the boundary is scored whole, and what it has of the context is told`() throws {
        let request = ScoreRequest(prefix: "The c", continuation: "at sat.")
        let score = try read(Self.arrays, request, .echo)
        #expect(score.tokens.map(\.text) == [" cat", " sat", "."] && score.overlap == " c" && score.logprob == -4.25)
    }

    @Test func `A context without a token of its own is refused`() throws {
        let request = ScoreRequest(prefix: "T", continuation: "he cat sat.")
        let failure = #expect(throws: ModelFailure.self) { try read(Self.arrays, request, .echo) }
        #expect(failure?.kind == .unsupported && failure?.spent.promptTokens == 4)
    }

    @Test func `What llama_cpp answers to echo is told as what it is`() throws {
        // Recorded: it ignores `echo` and tells the generated token in the shape of chat.
        let json = #"""
            {"choices":[{"text":" Paris","index":0,"logprobs":{"content":[{"id":12095,"token":" Paris",
            "bytes":[32,80,97,114,105,115],"logprob":-0.0995979756116867,"top_logprobs":[{"id":12095,"token":" Paris","bytes":[32,80,97,114,105,115],
            "logprob":-0.0995979756116867}]}]},"finish_reason":"length"}],"object":"text_completion",
            "usage":{"completion_tokens":1,"prompt_tokens":5,"total_tokens":6}}
            """#
        let failure = #expect(throws: ModelFailure.self) { try read(json, plain, .echo) }
        #expect(failure?.kind == .unsupported && failure?.message.contains("what it writes only") == true)
        #expect(failure?.spent == TokenUsage(requests: 1, promptTokens: 5, completionTokens: 1))
    }

    @Test(arguments: [
        "", "[]", "{", #"{"choices": 3}"#, #"{"choices":[{"logprobs":{"tokens":["a"],"token_logprobs":"x"}}]}"#,
        #"{"prompt_logprobs":[1,2,3]}"#, #"{"prompt_logprobs":{}}"#, #"{"meta_info":[]}"#,
        #"{"error":{"message":"no","type":"server_error"}}"#,
    ])
    func `What is no answer is a failure and never a score`(_ json: String) {
        for route in [ScoreRoute.echo, .chat, .completions, .generate] {
            #expect(throws: ModelFailure.self) { try read(json, route == .chat ? chat : plain, route) }
        }
    }

    @Test func `Missing and minus infinite numbers are least ones`() throws {
        let json = Self.vllm.replacing(#""logprob":-1.25,"#, with: #""logprob":null,"#).replacing(
            "-0.5", with: "-1e999")
        #expect(try read(json, chat, .chat).tokens.map(\.logprob) == [-9999, -9999])
    }
}
