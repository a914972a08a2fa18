import Completions
import PluginHost
import Testing

/// What a plugin written in C reads from each event.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct EventTests {
    /// What the probe says it read, one text an event.
    private func seen(_ bodies: SessionEvent.Body..., services: ScriptedServices = ScriptedServices()) throws
        -> [String]
    {
        let instance = try Probe.instance("echo", services)
        let events = bodies.enumerated().map { SessionEvent(seq: UInt64($0 + 1), timeNanoseconds: 10, body: $1) }
        return try instance.step(events).compactMap { action in
            guard case .emit(let candidate, 1.5, "evidence") = action.body else { return nil }
            return candidate
        }
    }

    @Test func `START carries item, prompt, parameters and models`() throws {
        let sampling = SamplingParameters(
            temperature: 0.7, topP: 0.95, topK: 20, minP: 0.05, maxTokens: 99, stop: ["A", "B"], topLogprobs: 2)
        let able = EndpointCapabilities(stream: true, topLogprobs: 20, prefix: true, multipleChoices: nil, cancel: true)
        let unable = EndpointCapabilities(
            stream: false, topLogprobs: nil, prefix: false, multipleChoices: false, cancel: false)
        let start = SessionStart(
            itemID: "i1", input: "1+1?", fieldsJSON: #"{"a":1}"#,
            messages: [ChatMessage(role: .system, content: "Bé"), ChatMessage(role: .user, content: "1+1?")],
            parametersJSON: #"{"n":3}"#,
            seed: .max,
            models: [
                SessionModel(role: "main", name: "m", capabilities: able, sampling: sampling),
                SessionModel(role: "judge", name: "", capabilities: unable, sampling: SamplingParameters()),
            ], repeatIndex: 2)
        #expect(
            try seen(.start(start)) == [
                "#1 @10 f0 START size=1 item=i1 input=1+1? fields={\"a\":1} params={\"n\":3} seed=18446744073709551615 "
                    + "repeat=2"
                    + " {0 Bé} {1 1+1?} <main m can=10f top=20 sampling=99,0.7,0.95,0.05,20,2 stop=A stop=B>"
                    + " <judge  can=0 top=0 sampling=512,1,1,0,0,-1>"
            ])
    }

    @Test func `DELTA carries text, tokens and their alternatives`() throws {
        let tokens = [
            TokenLogprob(
                token: "a", logprob: -0.5,
                alternatives: [TokenAlternative(token: "a", logprob: -0.5), TokenAlternative(token: "é", logprob: -2)]),
            TokenLogprob(token: "b", logprob: -1),
        ]
        #expect(
            try seen(
                .delta(request: 3, choice: 1, text: "ab", tokens: tokens, tokenCount: 2),
                .delta(request: 3, choice: 0, text: "", tokens: [], tokenCount: 0))
                == ["#1 @10 f0 DELTA 3.1 n=2 text=ab [a -0.5 (a -0.5) (é -2)] [b -1]", "#2 @10 f0 DELTA 3.0 n=0 text="])
    }

    @Test func `DELTA and DONE carry thinking that came apart from the text`() throws {
        let thought = [TokenLogprob(token: "h", logprob: -0.5)]
        var whole = Completion(text: "42", finish: .length, usage: TokenUsage(), seconds: 1.5)
        whole.reasoning = "hmm"
        #expect(
            try seen(
                .reasoning(request: 3, choice: 1, text: "hm", tokens: thought, tokenCount: 2),
                .done(request: 3, choice: 1, completion: whole, isLast: true)) == [
                    "#1 @10 f0 DELTA 3.1 n=2 text= reasoning=hm [h -0.5]",
                    "#2 @10 f1 DONE 3.1 finish=1 text=42 usage=0,0,0,0,0 reasoning=hmm s=1.5 ttft=nan extract=0,,",
                ])
    }

    @Test func `DONE carries the completion, and extract finds its answer by the grader`() throws {
        let usage = TokenUsage(
            requests: 1, promptTokens: 5, cachedPromptTokens: 4, completionTokens: 3, reasoningTokens: 2,
            cancelledTokens: 1)
        let whole = Completion(
            text: "the answer is 42", finish: .stop, usage: usage, isUsageEstimated: true, seconds: 1.5,
            firstTokenSeconds: 0.25,
            tokens: [TokenLogprob(token: "42", logprob: -0.1)])
        let cut = Completion(text: "so 7", finish: .length, usage: TokenUsage())
        let services = ScriptedServices()
        #expect(
            try seen(
                .done(request: 9, choice: 0, completion: whole, isLast: false),
                .done(request: 9, choice: 1, completion: cut, isLast: true),
                services: services)
                == [
                    "#1 @10 f2 DONE 9.0 finish=0 text=the answer is 42 usage=5,4,3,2,1 s=1.5 ttft=0.25 [42 -0.1] "
                        + "extract=1,42,last-word",
                    "#2 @10 f1 DONE 9.1 finish=1 text=so 7 usage=0,0,0,0,0 s=0 ttft=nan extract=0,,",
                ])
        #expect(services.extracted.map(\.text) == ["the answer is 42", "so 7"])
        #expect(services.extracted.map(\.isUnfinished) == [false, true])
    }

    @Test(arguments: [
        (ModelFailure.Kind.connection, 1), (.timeout, 1), (.server, 2), (.malformed, 2), (.rateLimited, 3), (.quota, 3),
        (.badRequest, 4),
        (.contextExceeded, 4), (.unsupported, 4), (.authentication, 5),
    ])
    func `a failure has its class`(kind: ModelFailure.Kind, code: Int) throws {
        let failure = ModelFailure(
            kind: kind, message: "no", isRetryable: kind == .timeout, spent: TokenUsage(promptTokens: 6))
        #expect(
            try seen(.failed(request: 2, failure))
                == ["#1 @10 f0 FAILED 2 failure=\(code) retryable=\(kind == .timeout ? 1 : 0) no usage=6,0,0,0,0"])
    }

    @Test func `the small events carry all their members`() throws {
        #expect(
            try seen(
                .cancelled(request: 4, tokensReceived: 17, isEstimated: true),
                .cancelled(request: 5, tokensReceived: 0, isEstimated: false),
                .rejected(actionSeq: 12, request: 6, reason: .limit, message: "too many"), .stop(reason: "budget"))
                == [
                    "#1 @10 f1 CANCELLED 4 tokens=17", "#2 @10 f0 CANCELLED 5 tokens=0",
                    "#3 @10 f0 REJECTED 12 request=6 reason=4 too many",
                    "#4 @10 f0 STOP budget",
                ])
    }

    @Test func `BUDGET and the host functions tell what is left`() throws {
        let services = ScriptedServices(randoms: [.max])
        #expect(
            try seen(.budget(RemainingBudget(tokens: nil, usd: 0.5, seconds: nil)), services: services)
                == ["#1 @10 f0 BUDGET -1,0.5,nan host=1000,2.5,1 rand=18446744073709551615 thread=1 extension=0"])
    }

    @Test func `texts of every size arrive whole`() throws {
        for length in [0, 1, 15, 16, 65_520, 65_536, 65_537, 1_000_000] {
            let text = String(repeating: "é", count: length / 2) + String(repeating: "x", count: length % 2)
            let lines = try seen(
                .delta(request: 1, choice: 0, text: text, tokens: [], tokenCount: 1), .stop(reason: text))
            #expect(lines == ["#1 @10 f0 DELTA 1.0 n=1 text=\(text)", "#2 @10 f0 STOP \(text)"])
        }
    }

    @Test func `a batch larger than 8 MiB is given in several calls`() throws {
        let text = String(repeating: "y", count: 5 << 20)
        let bodies = (0..<4).map {
            SessionEvent.Body.delta(request: UInt64($0), choice: 0, text: text, tokens: [], tokenCount: 1)
        }
        let instance = try Probe.instance("echo")
        let actions = try instance.step(
            bodies.enumerated().map { SessionEvent(seq: UInt64($0 + 1), timeNanoseconds: 0, body: $1) })
        #expect(actions.map(\.seq) == [1, 2, 3, 4])
    }
}
