import Completions
import Foundation
import ModelTransport
import Testing

@testable import ModelClients

/// Against a real llama.cpp server with at least two slots: `EVALH_TEST_LLAMA_URL=http://127.0.0.1:8080/v1`. Asserts
/// what the protocol promises, never what a model says or how fast.
@Suite(
    .serialized, .timeLimit(.minutes(10)),
    .enabled(
        if: ProcessInfo.processInfo.environment["EVALH_TEST_LLAMA_URL"] != nil,
        "set EVALH_TEST_LLAMA_URL to run on a real server"))
struct RealServerTests {
    private let base = ProcessInfo.processInfo.environment["EVALH_TEST_LLAMA_URL"] ?? ""

    private func withEndpoint(native: Bool = false, _ body: (ModelEndpoint) async throws -> Void) async throws {
        let loop = try #require(CurlLoop())
        defer { loop.shutdown() }
        let configuration = EndpointConfiguration(
            role: "main", provider: .llamaCpp, baseURL: base, model: "m", template: native ? .chatML : nil,
            usesNativeCompletion: native)
        try await body(try ModelEndpoint(configuration, loop: loop, budget: SharedRetryBudget()))
    }

    private func call(
        _ text: String, n: Int = 1, stream: Bool = false, prefix: String = "", maxTokens: Int = 24,
        temperature: Double = 0,
        logprobs: Int? = nil
    ) -> ModelCall {
        let sampling = SamplingParameters(temperature: temperature, maxTokens: maxTokens, topLogprobs: logprobs)
        let request = CompletionRequest(
            messages: [ChatMessage(role: .user, content: text)], prefix: prefix, sampling: sampling)
        return ModelCall(
            id: CallID(.random(in: 0...UInt64.max)), role: "main", request: request,
            seeds: (0..<n).map { UInt64($0) + 5 }, stream: stream)
    }

    @Test(arguments: [false, true]) func `Plain and streamed answers agree`(native: Bool) async throws {
        try await withEndpoint(native: native) { endpoint in
            let question = "Name three colours."
            let plain = try #require(await endpoint.perform(call(question, logprobs: 2)).completions[0])
            let outcome = await endpoint.perform(call(question, stream: true, logprobs: 2))
            let streamed = try #require(outcome.completions[0])
            #expect(plain.text == streamed.text && plain.finish == streamed.finish)
            #expect(plain.usage.promptTokens == streamed.usage.promptTokens)
            #expect(plain.usage.completionTokens == streamed.usage.completionTokens)
            #expect(!plain.isUsageEstimated && !streamed.isUsageEstimated)
            #expect(plain.tokens.map(\.token).joined() == plain.text)
            #expect(plain.tokens.allSatisfy { $0.alternatives.count == 2 && $0.logprob <= 0 })
            #expect(streamed.chunks.last?.endOffset == streamed.text.utf8.count && outcome.deltas > 1)
        }
    }

    @Test func `Several choices are counted one by one`() async throws {
        try await withEndpoint { endpoint in
            let outcome = await endpoint.perform(call("Name an animal.", n: 2, temperature: 1))
            #expect(outcome.completions.count == 2 && outcome.failure == nil)
            #expect(
                outcome.completions.values.allSatisfy {
                    !$0.isUsageEstimated && $0.usage.completionTokens > 0 && $0.chunks.isEmpty
                })
            #expect(endpoint.capabilities.multipleChoices == true)
        }
    }

    @Test func `More choices than slots still all come`() async throws {
        try await withEndpoint { endpoint in
            let outcome = await endpoint.perform(call("Name an animal.", n: 20, maxTokens: 4, temperature: 1))
            #expect(outcome.completions.count == 20 && outcome.failure == nil, "\(outcome.failure?.message ?? "")")
        }
    }

    @Test(arguments: [false, true]) func `A cancelled stream is counted exactly`(native: Bool) async throws {
        try await withEndpoint(native: native) { endpoint in
            let outcome = await endpoint.perform(
                call("Count from 1 to 200 in words.", stream: true, maxTokens: 200), cancelAfter: 5)
            let partial = try #require(outcome.partial?[0])
            #expect(
                partial.usage.completionTokens >= 5 && partial.usage.cancelledTokens == partial.usage.completionTokens)
            #expect(!partial.isUsageEstimated && partial.usage.promptTokens > 5)
            #expect(partial.finish == .cancelled)
        }
    }

    @Test(arguments: ["12*12 = 1", "Step one:\n", "The answer is "], [false, true])
    func `A prefix is continued, not repeated`(prefix: String, stream: Bool) async throws {
        try await withEndpoint { endpoint in
            let outcome = await endpoint.perform(call("What is 12*12?", stream: stream, prefix: prefix, maxTokens: 8))
            let completion = try #require(outcome.completions[0])
            #expect(!completion.text.hasPrefix(prefix), "\(completion.text)")
        }
    }

    @Test func `The probe finds what llama_cpp can do`() async throws {
        let loop = try #require(CurlLoop())
        defer { loop.shutdown() }
        let configuration = EndpointConfiguration(role: "main", provider: .llamaCpp, baseURL: base, model: "m")
        let report = try await EndpointProbe.run(configuration, loop: loop, budget: SharedRetryBudget())
        print(report.render())
        print(try ModelFingerprint(configuration, served: report.served))
        for subject in ["stream", "usage in stream", "n", "logprobs", "top_logprobs", "tokenize"] {
            #expect(report.findings.first { $0.subject == subject }?.verdict == .yes, "\(subject)")
        }
        #expect(report.requests <= 12 && report.served.contextLength != nil)
    }

    @Test func `A prompt that is too long is told as such`() async throws {
        try await withEndpoint { endpoint in
            let failure = await endpoint.perform(call(String(repeating: "word ", count: 60_000))).failure
            #expect(failure?.kind == .contextExceeded && failure?.isRetryable == false)
        }
    }
}
