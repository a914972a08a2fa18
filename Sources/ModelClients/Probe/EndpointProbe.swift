package import Completions
internal import Foundation
package import ModelTransport

/// Measures what an endpoint can do with at most seventeen tiny requests (and, with llama.cpp, a few questions for its
/// slots).
package struct EndpointProbe {
    private let endpoint: ModelEndpoint
    private var report: ProbeReport
    private var nextID: UInt64 = 0
    /// Whether thinking came apart from a text.
    private var hasReasoned = false
    private let question = [ChatMessage(role: .user, content: "Write one surprising sentence about a random animal.")]

    /// Probes the endpoint of a configuration; what the suite declares is not believed.
    /// - Throws: when nothing can be measured: no connection, a refused key, no such model.
    package static func run(
        _ configuration: EndpointConfiguration, loop: CurlLoop, budget: SharedRetryBudget
    ) async throws(ModelFailure) -> ProbeReport {
        var hopeful = configuration
        hopeful.declared = DeclaredCapabilities()
        hopeful.maxAttempts = 2
        let everything = EndpointCapabilities(stream: true, topLogprobs: 1000, prefix: true, multipleChoices: nil)
        let endpoint = try ModelEndpoint(hopeful, measured: everything, loop: loop, budget: budget)
        return try await run(endpoint)
    }

    /// - Parameter endpoint: one that believes that it can do everything.
    static func run(_ endpoint: ModelEndpoint) async throws(ModelFailure) -> ProbeReport {
        var probe = EndpointProbe(endpoint)
        try await probe.measure()
        return probe.report
    }

    private init(_ endpoint: ModelEndpoint) {
        self.endpoint = endpoint
        let configuration = endpoint.configuration
        report = ProbeReport(
            provider: configuration.provider.rawValue, endpoint: endpoint.address.identity, model: configuration.model,
            served: ServedModel(), capabilities: configuration.assumed(endpoint.address))
    }

    private mutating func measure() async throws(ModelFailure) {
        report.served = try await endpoint.servedModel()
        report.requests += endpoint.configuration.provider.isLlama ? 2 : 1
        let told = report.served.id ?? "not told"
        report.add("model list", report.served.id == nil ? .unknown : .yes, told)
        try await measureStream()
        await measureSeed()
        await measureChoices()
        await measureLogprobs()
        await measurePrefix()
        await measureStop()
        await measureCancel()
        await measureTokenize()
        try await measureScore()
        if hasReasoned {
            report.capabilities.sendsReasoningApart = true
            report.add("reasoning", .yes, "sent apart from the text, which then cannot be continued")
        }
    }

    // MARK: Measurements

    /// The first request: when it fails in a way that is no matter of streaming, there is nothing to measure.
    private mutating func measureStream() async throws(ModelFailure) {
        let outcome = await ask(question, maxTokens: 16, stream: true)
        if let failure = outcome.failure {
            if failure.kind != .badRequest, failure.kind != .unsupported, failure.kind != .malformed { throw failure }
            let plain = await ask(question, maxTokens: 16)
            if let failure = plain.failure { throw failure }
            report.capabilities.stream = false
            report.capabilities.cancel = false
            return report.add("stream", .no, failure.message)
        }
        let completion = outcome.completions[0]
        let isStreamed = outcome.deltas > 1
        report.capabilities.stream = isStreamed
        report.add("stream", isStreamed ? .yes : .no, "\(outcome.deltas) pieces")
        let isCounted = completion?.isUsageEstimated == false
        report.add("usage in stream", isCounted ? .yes : .no, isCounted ? "" : "tokens of streams are estimated")
    }

    /// Same seed, same text, one request at a time; another seed must give another text, or there is nothing to see.
    private mutating func measureSeed() async {
        let first = await ask(question, maxTokens: 16).completions[0]?.text
        let again = await ask(question, maxTokens: 16).completions[0]?.text
        guard let first, let again else { return report.add("seed", .unknown, "a request failed") }
        report.capabilities.seed = first == again
        report.add(
            "seed", first == again ? .yes : .no,
            first == again ? "same text twice, one request at a time" : "two texts from one seed")
        seededText = first
    }

    private var seededText: String?

    private mutating func measureChoices() async {
        let outcome = await ask(question, maxTokens: 16, seeds: [77, 78])
        let returned = endpoint.capabilities.multipleChoices
        report.capabilities.multipleChoices = returned
        let detail =
            outcome.failure?.message ?? (returned == true ? "n choices come in one request" : "n is sent as n requests")
        report.add("n", returned == true ? .yes : returned == false ? .no : .unknown, detail)
        if report.capabilities.seed == true, let seededText, outcome.completions[0]?.text == seededText {
            report.capabilities.seed = nil
            report.findings.removeAll { $0.subject == "seed" }
            report.add("seed", .unknown, "every seed gives the same text")
        }
    }

    private mutating func measureLogprobs() async {
        var lastFailure: ModelFailure?
        for wanted in [20, 5] {
            let outcome = await ask(question, maxTokens: 2, topLogprobs: wanted)
            lastFailure = outcome.failure
            guard let tokens = outcome.completions[0]?.tokens else { continue }
            let most = tokens.map(\.alternatives.count).max() ?? 0
            report.capabilities.topLogprobs =
                tokens.isEmpty ? nil : max(most, report.capabilities.topLogprobs ?? 0, most == 0 ? 0 : wanted)
            if !tokens.isEmpty, most < wanted { report.capabilities.topLogprobs = most }
            report.add("logprobs", tokens.isEmpty ? .no : .yes)
            return report.add(
                "top_logprobs", most > 0 ? .yes : .no, most > 0 ? "\(most) alternatives of \(wanted) asked for" : "")
        }
        report.capabilities.topLogprobs = nil
        report.add("logprobs", .no, lastFailure?.message ?? "")
    }

    private mutating func measurePrefix() async {
        let messages = [ChatMessage(role: .user, content: "Say the alphabet in capital letters.")]
        // No model begins like this by itself, and the smallest can go on: a server that begins anew says something
        // else.
        let outcome = await ask(
            messages, maxTokens: 8, prefix: "As you wish, dear guest: A B C D E F G H I J K L", temperature: 0)
        guard let text = outcome.completions[0]?.text else {
            report.capabilities.prefix = false
            return report.add("prefix", .no, outcome.failure?.message ?? "")
        }
        let goesOn = text.drop { !$0.isLetter }.hasPrefix("M")
        let startsAnew =
            !goesOn && (text.contains("A B") || text.contains("A, B") || text.lowercased().contains("alphabet"))
        if goesOn || startsAnew { report.capabilities.prefix = goesOn }
        report.add(
            "prefix", goesOn ? .yes : startsAnew ? .no : .unknown, "\"…J K L\" goes on as \"\(CleanText.clean(text))\"")
    }

    private mutating func measureStop() async {
        let messages = [
            ChatMessage(role: .user, content: "Count from 1 to 9, separated by commas, and write nothing else.")
        ]
        let outcome = await ask(messages, maxTokens: 24, temperature: 0, stop: [","])
        guard let completion = outcome.completions[0] else {
            return report.add("stop", .no, outcome.failure?.message ?? "")
        }
        let isCut = completion.finish == .stop && !completion.text.contains(",")
        report.add(
            "stop", isCut ? .yes : completion.text.contains(",") ? .no : .unknown,
            "\"\(CleanText.clean(completion.text))\"")
    }

    private mutating func measureCancel() async {
        guard report.capabilities.stream else { return report.add("cancel", .no, "needs streams") }
        let messages = [ChatMessage(role: .user, content: "Count from 1 to 200 in words.")]
        let outcome = await ask(messages, maxTokens: 256, stream: true, cancelAfter: 3)
        guard let partial = outcome.partial?[0] else {
            return report.add("cancel", .unknown, outcome.failure?.message ?? "the text was over too soon")
        }
        let received = "\(partial.usage.completionTokens) tokens received"
        guard endpoint.configuration.provider.isLlama else {
            return report.add("cancel", .unknown, "\(received); the server does not tell")
        }
        // llama.cpp frees the slot within 60 ms while it generates.
        for _ in 0..<20 {
            guard
                case .success(let body) = await endpoint.fetch(
                    endpoint.exchange(.get, endpoint.address.serviceURL("/slots")))
            else {
                return report.add("cancel", .unknown, "\(received); /slots is closed")
            }
            if !String(decoding: body, as: UTF8.self).replacing(" ", with: "").contains("\"is_processing\":true") {
                report.capabilities.cancel = true
                return report.add("cancel", .yes, "\(received), then the slot was free")
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
        report.capabilities.cancel = false
        report.add("cancel", .no, "the slot was still busy after 2 s")
    }

    private mutating func measureTokenize() async {
        guard endpoint.configuration.provider.isLlama else { return }
        report.requests += 1
        let body = LlamaCodec.encodeTokenize("Hello, world")
        switch await endpoint.fetch(endpoint.exchange(.post, endpoint.address.serviceURL("/tokenize"), body: body)) {
        case .success(let answer):
            let count = LlamaCodec.readTokenCount(answer)
            report.add("tokenize", count == nil ? .no : .yes, count.map { "\"Hello, world\" is \($0) tokens" } ?? "")
        case .failure(let failure): report.add("tokenize", .no, failure.message)
        }
    }

    /// The texts of others: for the service `score`.
    private mutating func measureScore() async throws(ModelFailure) {
        if let known = endpoint.configuration.assumedScore {
            report.capabilities.score = known
            guard let reason = known.reason else { return report.add("score", .yes, "of any text") }
            return report.add("score", .no, reason)
        }
        let measured = try await ScoreProbe.run(endpoint)
        report.capabilities.score = measured.capability
        report.requests += measured.requests
        report.usage += measured.usage
        let found = measured.capability
        let detail = [
            found.messages.map { "after messages by \($0.rawValue)" },
            found.text.map { "plain text by \($0.rawValue)" },
        ].compactMap(\.self)
        report.add(
            "score", detail.isEmpty ? .no : .yes, detail.isEmpty ? found.reason ?? "" : detail.joined(separator: ", "))
    }

    // MARK: Asking

    private mutating func ask(
        _ messages: [ChatMessage], maxTokens: Int, prefix: String = "", temperature: Double = 1, stop: [String] = [],
        topLogprobs: Int? = nil, seeds: [UInt64] = [7], stream: Bool = false, cancelAfter: Int? = nil
    ) async -> CallOutcome {
        nextID += 1
        let sampling = SamplingParameters(
            temperature: temperature, maxTokens: maxTokens, stop: stop, topLogprobs: topLogprobs)
        let request = CompletionRequest(messages: messages, prefix: prefix, sampling: sampling)
        let call = ModelCall(
            id: CallID(nextID), role: endpoint.configuration.role, request: request, seeds: seeds, stream: stream)
        let outcome = await endpoint.perform(call, cancelAfter: cancelAfter)
        report.requests += 1
        for completion in Array(outcome.completions.values) + Array((outcome.partial ?? [:]).values) {
            report.usage += completion.paidUsage
            if completion.reasoning != nil { hasReasoned = true }
        }
        return outcome
    }
}
