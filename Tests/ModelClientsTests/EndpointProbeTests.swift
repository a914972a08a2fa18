import Completions
import Foundation
import ModelTransport
import Synchronization
import Testing

@testable import ModelClients

@Suite(.timeLimit(.minutes(2))) struct EndpointProbeTests {
    /// A server that can do all, or nothing but plain answers.
    /// - Parameter thinks: whether plain answers tell of thinking apart from their text.
    private static func server(isAble: Bool, thinks: Bool = false) throws -> LoopbackServer {
        try LoopbackServer { request in
            if request.path.hasSuffix("/models") { return .json(200, #"{"data":[{"id":"m","max_model_len":4096}]}"#) }
            func has(_ text: String) -> Bool { request.body.contains(text) }
            if has(#""echo":true"#), isAble { return .json(200, Self.echo) }
            if has(#""echo":true"#) || has("prompt_logprobs") || request.path.hasSuffix("/generate") {
                return isAble && !request.path.hasSuffix("/generate")
                    ? .json(200, FakeTransport.chat(["ok"])) : .json(404, #"{"error":{"message":"not here"}}"#)
            }
            if !isAble, has(#""logprobs""#) || has(#""stream":true"#) {
                return .json(400, #"{"error":{"message":"not here"}}"#)
            }
            if has(#""stream":true"#) {
                let pieces = (0..<40).map { FakeTransport.delta(0, "w\($0) ") }
                return .stream(
                    pieces + [FakeTransport.delta(0, "", finish: "stop"), FakeTransport.usage(40), "data: [DONE]\n\n"],
                    holds: has("200 in words"))
            }
            if has(#""logprobs":true"#) {
                let entry =
                    #"{"token":"a","logprob":-0.1,"top_logprobs":[\#((0..<20).map { #"{"token":"\#($0)","logprob":-\#($0)}"# }.joined(separator: ","))]}"#
                return .json(
                    200,
                    #"{"choices":[{"index":0,"message":{"content":"a"},"finish_reason":"stop","logprobs":{"content":[\#(entry)]}}]}"#
                )
            }
            if has("dear guest") { return .json(200, FakeTransport.chat([isAble ? " M N O" : "A B C D"])) }
            if has(#""stop":[",""#) { return .json(200, FakeTransport.chat([isAble ? "1" : "1, 2, 3"])) }
            let seed =
                request.body.range(of: "\"seed\":").map { request.body[$0.upperBound...].prefix { $0.isNumber } } ?? ""
            let text = isAble ? "text of \(seed)" : "text \(UInt64.random(in: 0...UInt64.max))"
            let answer = FakeTransport.chat(has(#""n":2"#) && isAble ? [text, "other"] : [text])
            return .json(
                200, thinks ? answer.replacing("\"message\":{", with: "\"message\":{\"reasoning\":\"hm\",") : answer)
        }
    }

    /// The probe's plain text in tokens, "é" in two.
    private static let echo = #"""
        {"choices":[{"index":0,"text":"","logprobs":{"tokens":["The"," cat sat in the"," caf","\ufffd","\ufffd",". The dog"," sat"," too","."],
        "token_logprobs":[null,-1,-1,-1,-1,-1,-2,-3,-4]}}],"usage":{"prompt_tokens":9,"completion_tokens":1}}
        """#

    private func probe(isAble: Bool, thinks: Bool = false) async throws -> (ProbeReport, Int) {
        let server = try Self.server(isAble: isAble, thinks: thinks)
        let loop = try #require(CurlLoop())
        defer { loop.shutdown() }
        let configuration = EndpointConfiguration(
            role: "main", provider: .openai, baseURL: "http://127.0.0.1:\(server.port)/v1", model: "m",
            declared: DeclaredCapabilities(stream: false, multipleChoices: false))
        let report = try await EndpointProbe.run(configuration, loop: loop, budget: SharedRetryBudget(seconds: 10))
        return (report, server.requests.count)
    }

    @Test func `An endpoint that scores plain text only is found so, and asked no more than that takes`() async throws {
        let score = try #require(try await probe(isAble: true).0.capabilities.score)
        #expect(score.text == .echo && score.generated == 0 && score.messages == nil && score.reason == nil)
    }

    @Test func `An endpoint that scores nothing is found so, with the reason and what to do`() async throws {
        let (report, _) = try await probe(isAble: false)
        let score = try #require(report.capabilities.score)
        #expect(score.text == nil && score.messages == nil)
        #expect(score.reason?.contains("not here") == true && score.reason?.contains("provider: reference") == true)
        #expect(report.findings.first { $0.subject == "score" }?.verdict == .no)
    }

    @Test func `llama_cpp is refused without a request, and so is a model that leaves layers early`() {
        for provider in [EndpointProvider.llamaCpp, .llamaServer] {
            let known = EndpointConfiguration(role: "main", provider: provider, baseURL: "http://x", model: "m")
                .assumedScore
            #expect(known?.text == nil && known?.messages == nil && known?.reason?.contains("vLLM") == true)
        }
        var configuration = EndpointConfiguration(role: "main", provider: .reference, baseURL: "http://x", model: "m")
        #expect(configuration.assumedScore?.messages == .chat)
        configuration.inside = ModelInside(exit: ModelInside.Exit(policy: "fixed", layer: 3))
        #expect(configuration.assumedScore?.messages == nil && configuration.assumedScore?.reason != nil)
        configuration.inside = ModelInside(speculative: ModelInside.Speculative(policy: "fixed"))
        #expect(configuration.assumedScore?.messages == .chat)
    }

    @Test func `An able endpoint is found able, with at most seventeen requests`() async throws {
        let (report, requests) = try await probe(isAble: true)
        let capabilities = report.capabilities
        #expect(
            capabilities.stream && capabilities.prefix && capabilities.multipleChoices == true
                && capabilities.seed == true)
        #expect(capabilities.topLogprobs == 20)
        #expect(requests <= 17 && report.requests == requests)
        #expect(report.served.contextLength == 4096)
        for subject in [
            "stream", "usage in stream", "seed", "n", "logprobs", "top_logprobs", "prefix", "stop", "score",
        ] {
            #expect(report.findings.first { $0.subject == subject }?.verdict == .yes, "\(subject)")
        }
        let table = report.render()
        #expect(
            table.contains("openai at 127.0.0.1:") && table.contains("context of 4096 tokens")
                && table.contains("\n  prefix"))
        #expect(table.split(separator: "\n").allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func `An endpoint that sends thinking apart is found so, for strategies that continue texts`() async throws {
        #expect(try await probe(isAble: true).0.capabilities.sendsReasoningApart == nil)
        let report = try await probe(isAble: true, thinks: true).0
        #expect(report.capabilities.sendsReasoningApart == true && report.render().contains("cannot be continued"))
        let declared = DeclaredCapabilities(sendsReasoningApart: false)
        #expect(declared.over(report.capabilities).sendsReasoningApart == false)
    }

    @Test func `A poor endpoint is found poor`() async throws {
        let (report, _) = try await probe(isAble: false)
        let capabilities = report.capabilities
        #expect(!capabilities.stream && !capabilities.prefix)
        #expect(capabilities.multipleChoices == false && capabilities.seed == false, "\(report.render())")
        #expect(capabilities.topLogprobs == nil && !capabilities.cancel)
        #expect(report.findings.first { $0.subject == "stop" }?.verdict == .no)
    }

    @Test func `An endpoint that refuses the key cannot be probed`() async throws {
        let server = try LoopbackServer { _ in
            .json(401, #"{"error":{"message":"Invalid API Key","type":"authentication_error"}}"#)
        }
        let loop = try #require(CurlLoop())
        defer { loop.shutdown() }
        let configuration = EndpointConfiguration(
            role: "main", provider: .openai, baseURL: "http://127.0.0.1:\(server.port)", model: "m")
        let failure = await #expect(throws: ModelFailure.self) {
            try await EndpointProbe.run(configuration, loop: loop, budget: SharedRetryBudget(seconds: 10))
        }
        #expect(failure?.kind == .authentication)
    }

    @Test func `A report is cached until the server is another`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-cache-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let cache = CapabilityCache(folder: folder)
        let configuration = EndpointConfiguration(role: "main", provider: .openai, baseURL: "http://h/v1", model: "m")
        var served = ServedModel()
        served.build = "b1"
        #expect(cache.load(configuration, served: served) == nil)
        let measured = EndpointCapabilities(stream: false, topLogprobs: 3, multipleChoices: true)
        cache.store(
            ProbeReport(provider: "openai", endpoint: "h:443", model: "m", served: served, capabilities: measured),
            for: configuration)
        #expect(cache.load(configuration, served: served) == measured)
        served.build = "b2"
        #expect(cache.load(configuration, served: served) == nil)
    }
}

@Suite struct ModelFingerprintTests {
    private func configuration(_ provider: EndpointProvider, _ base: String, model: String = "m")
        -> EndpointConfiguration
    {
        EndpointConfiguration(
            role: "main", provider: provider, baseURL: base, model: model, apiKey: Secret("sk-secret-secret"))
    }

    @Test func `Remote endpoints are told apart by where they are and what they serve`() throws {
        var served = ServedModel()
        served.id = "served;name=x"
        served.parameters = 7
        served.contextLength = 99
        let text = try ModelFingerprint(configuration(.openai, "http://H:8080/v1/"), served: served).text
        #expect(text == "evalh-model/1;provider=openai;at=h:8080;model=m;served=served%3Bname%3Dx;params=7")
        #expect(try ModelFingerprint(configuration(.openai, "http://h:8081/v1"), served: served).text != text)
        #expect(
            try ModelFingerprint(configuration(.openai, "http://h:8080/v1", model: "n"), served: served).text != text)
    }

    @Test func `A managed server is known by its file and build, not by its port`() throws {
        let folder = FileManager.default.temporaryDirectory
        let command = ServerCommand(
            arguments: ["llama-server", "--port", "{port}", "-m", "tiny.gguf"], folder: folder, log: folder)
        #expect(command.modelFile?.lastPathComponent == "tiny.gguf")
        var served = ServedModel()
        served.build = "b7"
        let one = try ModelFingerprint(
            configuration(.llamaServer, "http://127.0.0.1:1111"), served: served, modelFile: command.modelFile)
        let two = try ModelFingerprint(
            configuration(.llamaServer, "http://127.0.0.1:2222"), served: served, modelFile: command.modelFile)
        #expect(one == two && one.text == "evalh-model/1;provider=llama-server;model=m;build=b7;file=tiny.gguf")
    }

    @Test(arguments: [
        (["s", "--model=a b.gguf"], "a b.gguf"), (["python3", "serve.py", "x.gguf", "{port}"], "x.gguf"),
        (["s", "a.gguf", "b.gguf"], nil),
        (["s"], nil),
    ])
    func `The model file is found in a command`(arguments: [String], file: String?) {
        let folder = URL(fileURLWithPath: "/tmp")
        #expect(ServerCommand(arguments: arguments, folder: folder, log: folder).modelFile?.lastPathComponent == file)
    }

    @Test(.enabled(if: Transcript.areAvailable, Comment(rawValue: Transcript.comment)))
    func `What llama_cpp tells is read`() throws {
        var served = ServedModel()
        served.readModels(try Transcript.body("models"), model: "anything")
        served.readProperties(try Transcript.body("props"))
        #expect(served.parameters == 630_167_424 && served.size == 485_452_288)
        #expect(served.fileType == "Q4_K - Medium" && served.build == "b0-unknown" && served.contextLength == 1024)
    }
}
