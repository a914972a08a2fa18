import Completions
import Testing

@testable import ModelClients

@Suite struct ModelEndpointTests {
    private let transport = FakeTransport()
    private let log = EventLog()

    private func endpoint(
        _ provider: EndpointProvider = .openai, declared: DeclaredCapabilities = DeclaredCapabilities(),
        apiKey: Secret? = nil
    ) throws -> ModelEndpoint {
        try ModelEndpoint(
            EndpointConfiguration(
                role: "main", provider: provider, baseURL: "http://127.0.0.1:9/v1", model: "m", apiKey: apiKey,
                declared: declared),
            measured: nil, transport: transport)
    }

    @Test func `One sample is one request with every sampling parameter and a seed of 31 bits`() throws {
        let endpoint = try endpoint()
        var call = ModelCall.test()
        call.seeds = [UInt64.max - 4]
        endpoint.send(call, events: log.take)
        let body = try #require(transport.started.first?.body)
        #expect(
            body
                == #"{"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":5,"temperature":1,"top_p":1,"#
                + #""seed":2147483643,"n":1,"stream":false}"#)
        #expect(transport.started.first?.exchange.url == "http://127.0.0.1:9/v1/chat/completions")
        transport.answer(0, FakeTransport.chat(["yes"]))
        #expect(log.completions[0]?.text == "yes")
        #expect(log.events.count == 1)
    }

    @Test func `While n is unknown it is tried, and missing choices are asked for singly with their own seeds`() throws
    {
        let endpoint = try endpoint()
        endpoint.send(.test(n: 3), events: log.take)
        #expect(transport.started.count == 1)
        transport.answer(0, FakeTransport.chat(["a"]))
        #expect(transport.started.count == 3)
        #expect(
            transport.started[1].body.contains(#""seed":101,"n":1"#)
                && transport.started[2].body.contains(#""seed":102,"n":1"#))
        #expect(log.completions.keys.sorted() == [0])
        transport.answer(2, FakeTransport.chat(["c"]))
        transport.answer(1, FakeTransport.chat(["b"]))
        #expect(log.completions.mapValues(\.text) == [0: "a", 1: "b", 2: "c"])
        #expect(log.completions.values.allSatisfy { !$0.sharesPrompt })
        #expect(endpoint.capabilities.multipleChoices == false)
        endpoint.send(.test(2, n: 2), events: log.take)
        #expect(transport.started.count == 5)
    }

    @Test func `Where n works it is used, and remembered`() throws {
        let endpoint = try endpoint()
        endpoint.send(.test(n: 3), events: log.take)
        transport.answer(0, FakeTransport.chat(["a", "b", "c"], tokens: 6))
        #expect(log.completions.count == 3 && transport.started.count == 1)
        #expect(endpoint.capabilities.multipleChoices == true)
        #expect(log.completions.values.reduce(0) { $0 + $1.paidUsage.promptTokens } == 9)
        #expect(log.completions.values.reduce(0) { $0 + $1.usage.completionTokens } == 6)
    }

    @Test func `An n above what the server takes is halved`() throws {
        let endpoint = try endpoint(.llamaCpp)
        endpoint.send(.test(n: 8), events: log.take)
        transport.started[0].events(.failed(ModelFailure(kind: .badRequest, message: "between 1 and 4")))
        #expect(transport.started.count == 3 && log.events.isEmpty)
        #expect(
            transport.started[1].body.contains(#""seed":100,"n":4"#)
                && transport.started[2].body.contains(#""seed":104,"n":4"#))
        endpoint.send(.test(2, n: 8), events: log.take)
        #expect(transport.started.count == 5)
    }

    @Test func `Several choices of llama_cpp are streamed for their usage, without showing it`() throws {
        let endpoint = try endpoint(.llamaCpp)
        endpoint.send(.test(n: 2), events: log.take)
        #expect(
            transport.started[0].body.contains(
                #""stream":true,"stream_options":{"include_usage":true},"timings_per_token":true"#))
        transport.started[0].events(.head(contentType: "text/event-stream"))
        transport.stream(0, FakeTransport.delta(1, "b", finish: "stop") + FakeTransport.usage(2))
        #expect(log.completions.keys.sorted() == [1])
        transport.stream(
            0, FakeTransport.delta(0, "a", finish: "length") + FakeTransport.usage(4) + "data: [DONE]\n\n", ends: true)
        #expect(log.completions.mapValues(\.usage.completionTokens) == [0: 4, 1: 2])
        #expect(log.deltas.isEmpty && log.completions.values.allSatisfy { $0.chunks.isEmpty && !$0.isUsageEstimated })
    }

    @Test func `A cancel mid-stream closes at once and keeps what was received`() throws {
        let endpoint = try endpoint()
        endpoint.send(.test(stream: true), events: log.take)
        transport.started[0].events(.head(contentType: "text/event-stream"))
        transport.stream(0, FakeTransport.delta(0, "one ") + FakeTransport.delta(0, "two"))
        #expect(log.deltas == ["0:one ", "0:two"])
        endpoint.cancel(CallID(1))
        #expect(transport.cancelled == [0])
        let partial = try #require(log.cancels.first?[0])
        #expect(partial.text == "one two" && partial.finish == .cancelled && partial.isUsageEstimated)
        #expect(partial.usage.completionTokens == 2 && partial.usage.cancelledTokens == 2)
        #expect(partial.chunks.map(\.endOffset) == [4, 7])
        transport.stream(0, FakeTransport.delta(0, "three"), ends: true)
        endpoint.cancel(CallID(1))
        #expect(log.events.count == 3)
    }

    @Test func `A caller may cancel from within an event`() throws {
        let endpoint = try endpoint()
        let log = log
        endpoint.send(.test(stream: true)) { id, event in
            log.take(id, event)
            if case .delta = event { endpoint.cancel(id) }
        }
        transport.started[0].events(.head(contentType: "text/event-stream"))
        transport.stream(0, FakeTransport.delta(0, "one"))
        #expect(log.cancels.count == 1)
    }

    @Test func `A cancel that comes after the last choice is too late, even before its delivery`() throws {
        let endpoint = try endpoint()
        let log = log
        endpoint.send(.test(stream: true)) { id, event in
            log.take(id, event)
            if case .delta = event { endpoint.cancel(id) }
        }
        transport.started[0].events(.head(contentType: "text/event-stream"))
        transport.stream(
            0, FakeTransport.delta(0, "one", finish: "stop") + FakeTransport.usage(1) + "data: [DONE]\n\n", ends: true)
        #expect(log.completions.count == 1 && log.cancels.isEmpty && log.events.count == 2)
    }

    @Test func `One failure ends the call after the other requests have brought what was paid for`() throws {
        let endpoint = try endpoint(declared: DeclaredCapabilities(multipleChoices: false))
        endpoint.send(.test(n: 3), events: log.take)
        transport.started[1].events(.failed(ModelFailure(kind: .server, message: "500", isRetryable: true)))
        #expect(log.events.isEmpty)
        transport.answer(2, FakeTransport.chat(["c"]))
        transport.answer(0, FakeTransport.chat(["a"]))
        #expect(log.completions.keys.sorted() == [0, 2])
        #expect(log.failures.map(\.kind) == [.server])
        guard case .failed? = log.events.last else { Issue.record("the failure comes last"); return }
    }

    @Test func `A failure that is fatal for the provider stops the call at once`() throws {
        let endpoint = try endpoint(declared: DeclaredCapabilities(multipleChoices: false))
        endpoint.send(.test(n: 3), events: log.take)
        transport.started[1].events(.failed(ModelFailure(kind: .authentication, message: "401")))
        #expect(log.failures.count == 1 && transport.cancelled.sorted() == [0, 1, 2])
        transport.answer(0, FakeTransport.chat(["a"]))
        #expect(log.events.count == 1)
    }

    @Test func `An endpoint that cannot stream shows the whole text as one piece`() throws {
        let endpoint = try endpoint(declared: DeclaredCapabilities(stream: false))
        endpoint.send(.test(stream: true), events: log.take)
        #expect(transport.started[0].body.contains(#""stream":false"#))
        transport.answer(0, FakeTransport.chat(["whole"]))
        #expect(log.deltas == ["0:whole"])
        #expect(
            log.completions[0]?.chunks == [
                CompletionChunk(endOffset: 5, endToken: 3, seconds: log.completions[0]?.seconds ?? -1)
            ])
    }

    @Test func `A server that ignores stream is read plainly`() throws {
        let endpoint = try endpoint()
        endpoint.send(.test(stream: true), events: log.take)
        transport.answer(0, FakeTransport.chat(["whole"]))
        #expect(log.completions[0]?.text == "whole")
    }

    @Test func `A broken answer may be asked for again until something of it was shown`() throws {
        let endpoint = try endpoint()
        endpoint.send(.test(stream: true), events: log.take)
        let exchange = transport.started[0]
        exchange.events(.head(contentType: "text/event-stream"))
        transport.stream(0, ": ping\n\n")
        #expect(exchange.isRestartable())
        exchange.events(.started)
        exchange.events(.head(contentType: "text/event-stream"))
        transport.stream(0, FakeTransport.delta(0, "x"))
        #expect(!exchange.isRestartable())
        transport.started[0].events(.ended)
        #expect(log.failures.map(\.kind) == [.connection])
        #expect(log.failures.first?.spent.completionTokens == 1)
    }

    @Test func `What the endpoint cannot do is refused without a request`() throws {
        let endpoint = try endpoint(declared: DeclaredCapabilities(topLogprobs: -1, prefix: false))
        endpoint.send(.test(1, prefix: "So"), events: log.take)
        endpoint.send(.test(2, sampling: SamplingParameters(topLogprobs: 0)), events: log.take)
        endpoint.send(.test(3, sampling: SamplingParameters(temperature: -1)), events: log.take)
        endpoint.send(.test(4, n: 0), events: log.take)
        #expect(log.failures.map(\.kind) == [.unsupported, .unsupported, .badRequest, .badRequest])
        #expect(transport.started.isEmpty)
    }

    @Test func `A key that a server quotes back is redacted`() throws {
        let endpoint = try endpoint(apiKey: Secret("sk-verysecret+1"))
        #expect("\(endpoint.configuration)".contains("sk-very") == false)
        endpoint.send(.test(), events: log.take)
        #expect(
            transport.started[0].exchange.headers.contains {
                $0.name == "Authorization" && $0.value == "Bearer sk-verysecret+1"
            })
        transport.started[0].events(
            .failed(ModelFailure(kind: .authentication, message: "Incorrect API key: sk-verysecret+1")))
        #expect(log.failures.first?.message == "Incorrect API key: <redacted>")
    }

    @Test func `A router leads calls by role and refuses unknown ones`() throws {
        let router = ModelRouter([try endpoint()])
        router.send(.test(), events: log.take)
        transport.started[0].events(.head(contentType: "text/event-stream"))
        router.cancel(CallID(1))
        #expect(log.cancels.count == 1)
        var stray = ModelCall.test(2)
        stray.role = "judge"
        router.send(stray, events: log.take)
        #expect(log.failures.first?.message == "no model has the role 'judge'; there are: main")
        #expect(router.capabilities(of: "main").stream)
    }
}
