import EvalhPluginKit

struct DynasorParameters: PluginParameters {
    @Parameter(
        "How eagerly it stops: mild (8 probes, every 64 tokens), low (5, 64), mid (3, 64), high (2, 64), crazy (2, 32)."
    )
    var preset = DynasorPreset.mid
    @Parameter("Probes in a row that must agree; left out: the preset's.", range: 1...64) var probes: Int? = nil
    @Parameter("Tokens between two probes; left out: the preset's.", range: 1...100_000) var everyTokens: Int? = nil
    @Parameter("The most probes of a session.", range: 1...1024) var maxProbes = 64
    @Parameter("Text put behind the thinking to get an answer, up to an open brace.")
    var probe = "... Oh, I suddenly got the answer to the whole problem, **Final Answer**\n\n\\[ \\boxed{"
    @Parameter("The most tokens of a probe's answer.", range: 1...1024) var probeTokens = 20
    @Parameter("Temperature of probes.", range: 0...100) var probeTemperature = 0.6
    @Parameter("top_p of probes.", range: 0...1, above: 0) var probeTopP = 0.95
    @Parameter("The most tokens of thinking; left out: the suite's.", range: 1...1_000_000) var thinkTokens: Int? = nil
}

/// Stops a thinking stream once probes in the middle of it keep giving the same answer.
struct DynasorStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "dynasor", version: "1.0.0", title: "Probe in the middle: stop thinking when probes agree",
        description: """
            Streams one completion. Every `every_tokens` tokens it asks for the answer at once, by continuing the text
            so far with `probe`: at most `probe_tokens` tokens, up to the brace that closes the probe's. It stops when
            the last `probes` answers are equal, not empty, and none has a hedge word (wait, hold, but, okay, no, hmm;
            whole words). Answers are compared by the suite's grader where it finds one in the probe, else as text. A
            piece that brings more than `every_tokens` tokens is probed once. The stream is not held up while a probe is
            asked for, so what it wrote meanwhile is paid; the next probe comes `every_tokens` behind the last one all
            the same.

            A stream that ends by itself is the answer. One that is cut off is unfinished, unless its last probe had an
            answer (reason "forced"). A probe that has no budget counts as one without an answer. A session that is
            stopped ends unfinished with the text so far. A request that fails makes the session an error. The streamed
            tokens are counted as the endpoint tells them. Confidence: none.

            Cost: one completion, cut short at the exit, and up to `max_probes` probes, each of which sends prompt and
            thinking again (served from the prefix cache where the server has one).
            """,
        source:
            """
            Fu et al. 2024, Efficiently Serving LLM Reasoning Programs with Certaindex, arXiv:2412.20993; code \
            hao-ai-lab/Dynasor
            """,
        needs: [.stream, .prefix, .cancel])

    private let parameters: DynasorParameters

    init(parameters: DynasorParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        let stream = try session.stream(sampling: Sampling(maxTokens: parameters.thinkTokens))
        var rule = ProbeRule(needed: parameters.probes ?? parameters.preset.probes)
        let gap = parameters.everyTokens ?? parameters.preset.everyTokens
        var last: String?
        var probes = 0
        var tokens = 0
        var nextProbe = gap
        var bytes = 0
        do {
            for try await chunk in stream {
                tokens += chunk.tokenCount ?? 1
                bytes += chunk.text.utf8.count
                guard tokens >= nextProbe, probes < parameters.maxProbes else { continue }
                nextProbe = tokens + gap
                probes += 1
                last = try await probe(stream, at: bytes, session)
                guard rule.add(last, canonical: { canonical($0, session) }), let answer = last else { continue }
                _ = try await stream.cancel()
                session.note("exit", "probe \(probes), after \(tokens) tokens")
                return Answer(boxed(answer), reason: "stable")
            }
        } catch let stopped as SessionStopped where !stream.text.isEmpty {
            return Answer(stream.text, kind: .unfinished, reason: stopped.reason)
        } catch is RequestFailed where !stream.text.isEmpty {
            return Answer(stream.text, kind: .unfinished, reason: "request_failed")
        }
        session.note("probes", "\(probes)")
        guard let choice = stream.choice else { return .none(reason: "empty") }
        if !choice.isFinished, let last, !last.isEmpty { return Answer(boxed(last), reason: "forced") }
        return Answer(choice, reason: choice.isFinished ? "complete" : "cut_off")
    }

    /// What the model would answer after the first bytes of its thinking; `nil`: nothing, or the brace was not closed.
    private func probe(_ stream: CompletionStream, at offset: Int, _ session: Session) async throws -> String? {
        do {
            let sampling = Sampling(
                temperature: parameters.probeTemperature, topP: parameters.probeTopP, maxTokens: parameters.probeTokens)
            let choices = try await stream.fork(at: offset, append: parameters.probe, sampling: sampling)
            guard let choice = choices.first else { return nil }
            return ClosingBrace.text(before: choice.text)?.trimmed
        } catch is RequestFailed {
            return nil
        } catch let rejected as Rejected where rejected.reason == .budget {
            return nil
        }
    }

    private func canonical(_ answer: String, _ session: Session) -> String {
        // Without a grader that finds answers the texts are compared.
        (try? session.extract(boxed(answer)))?.answer ?? answer
    }

    private func boxed(_ answer: String) -> String { parameters.probe + answer + "}" }

    static func estimate(_ parameters: DynasorParameters) -> Estimate? {
        Estimate(completions: 1...(1 + parameters.maxProbes), promptPasses: Double(1 + parameters.maxProbes))
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
