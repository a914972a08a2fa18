import EvalhPluginKit

struct CeCollmParameters: PluginParameters {
    @Parameter("The role of the cloud's model; the arm's own model is the edge's.") var cloud = "strong"
    @Parameter(
        "Probability of a token below which the cloud is asked. 0: never; above 1: for every token.", range: 0...2)
    var theta = 0.8
    @Parameter("Tokens the cloud writes each time it is asked.", range: 1...4096) var cloudTokens = 1
    @Parameter("The most times the cloud is asked; then the edge goes on alone.", range: 0...65_536) var maxCloudCalls =
        256
    @Parameter(
        "The most tokens of the answer; left out: as the suite says for the arm's own model.", range: 1...1_000_000)
    var maxTokens: Int? = nil
    @Parameter("Seconds the edge takes for a token, for the modelled_seconds note.", range: 0...3600) var edgeSeconds =
        0.0
    @Parameter("Seconds the cloud takes for a token, for the modelled_seconds note.", range: 0...3600)
    var cloudSeconds = 0.0
    @Parameter("Seconds to the cloud and back, for the modelled_seconds note.", range: 0...3600) var roundTripSeconds =
        0.0
}

/// A small model writes, and a large one writes the tokens it is not sure of.
struct CeCollmStrategy: Strategy {
    static let descriptor = Descriptor(
        id: "ce-collm", version: "1.0.0",
        title: "Cloud-edge collaboration: the edge writes, the cloud writes what it is not sure of",
        description: """
            The arm's own model (the edge) streams the answer at temperature 0 with log-probabilities. At the first
            token whose probability is < `theta` the stream is cancelled, that token is dropped, the model of role
            `cloud` continues the same text by `cloud_tokens` tokens at temperature 0, and the edge resumes behind them.
            `theta: 0` is the edge alone; above 1 every token is the cloud's, so that the answer is the cloud's own text
            at temperature 0, as far as that depends on the text alone and not on how it was cut into tokens.

            This emulates CE-CoLLM from outside: the paper splits one model by layers and uploads hidden states; here
            two models share a text. So the whole text is sent for each request to the cloud, and the models may have
            different tokens. Endpoints do not tell the probability of a text's end: where the edge ends, the answer
            ends, except with `theta` above 1, where the cloud is asked.

            If the cloud has no budget or was asked `max_cloud_calls` times, the edge goes on alone (note `cloud`:
            budget, rejected, limit). A text that the edge does not end within its tokens is unfinished, as is what
            there is when the budget ends or the session is stopped; with nothing written there is no answer. A request
            that fails makes the session an error. There are no votes and no ties. Without log-probabilities of the edge
            the session is an error. No confidence.

            Notes: cloud_rate (ρ, the cloud's share of the answer's tokens), cloud_calls, bytes_up (prompt and text sent
            to the cloud), edge_tokens, cloud_tokens, discarded_tokens (of the edge, behind a cut), modelled_seconds
            (N·t_e + ρN·(t_c + rtt)).

            Cost: at most `max_cloud_calls` requests to the cloud and one more to the edge; each sends prompt and text
            again, which only a prefix cache makes cheap.
            """,
        source: """
            Jin and Wu 2024, CE-CoLLM: Efficient and Adaptive Large Language Models Through Cloud-Edge Collaboration, \
            arXiv:2411.02829 (threshold rule; two endpoints in place of two parts of a model)
            """,
        needs: [.stream, .logprobs, .prefix, .cancel])

    private let parameters: CeCollmParameters

    init(parameters: CeCollmParameters) { self.parameters = parameters }

    func solve(_ item: Item, in session: Session) async throws -> Answer {
        try session.requiredModel(parameters.cloud)
        let promptBytes = item.messages.reduce(0) { $0 + $1.content.utf8.count }
        var work = Collaboration()
        defer { note(work, session) }
        do {
            while limit(session).map({ work.tokens < $0 }) ?? true {
                if let answer = try await edge(&work, session) { return answer }
                if let answer = try await cloud(&work, promptBytes, session) { return answer }
            }
        } catch  where !work.text.isEmpty && (error is Rejected || error is RequestFailed || error is SessionStopped) {
            return Answer(
                work.text, kind: .unfinished, reason: Batch.reason(of: error) ?? "")
        }
        return Answer(work.text, kind: .unfinished, reason: "cut_off")
    }

    private func limit(_ session: Session) -> Int? { parameters.maxTokens ?? session.model.sampling.maxTokens }

    /// Lets the edge write while it is sure; an answer if it came to an end.
    private func edge(_ work: inout Collaboration, _ session: Session) async throws -> Answer? {
        let isAlone = work.cloudState != nil
        let left = limit(session).map { $0 - work.tokens }
        let stream = try session.stream(
            sampling: Sampling(temperature: 0, maxTokens: left, topLogprobs: 0), prefix: work.text)
        var reader = EdgeReader(threshold: isAlone ? 0 : parameters.theta)
        do { try await read(stream, into: &reader, session) } catch {
            work.add(reader)
            throw error
        }
        work.add(reader)
        guard !reader.isUnsure, let choice = stream.choice else { return nil }
        if choice.isFinished, parameters.theta > 1, !isAlone { return nil }
        return answer(work, isFinished: choice.isFinished, reason: "complete")
    }

    /// Reads until the edge is not sure.
    private func read(_ stream: CompletionStream, into reader: inout EdgeReader, _ session: Session) async throws {
        for try await chunk in stream {
            guard reader.read(chunk) else { throw MissingLogprobs(model: session.model.role) }
            guard reader.isUnsure else { continue }
            // Whatever became of the rest of it, the sure tokens are there.
            _ = try? await stream.cancel()
            return
        }
    }

    /// Lets the cloud go on; an answer if it came to its end. If it cannot, it is not asked again.
    private func cloud(_ work: inout Collaboration, _ promptBytes: Int, _ session: Session) async throws -> Answer? {
        guard work.cloudCalls < parameters.maxCloudCalls else {
            work.cloudState = "limit"
            return nil
        }
        work.call(promptBytes: promptBytes)
        let most =
            limit(session).map { max(1, min(parameters.cloudTokens, $0 - work.tokens)) } ?? parameters.cloudTokens
        let sampling = Sampling(temperature: 0, maxTokens: most)
        let batch = await session.gather(sampling: sampling, prefix: work.text, model: parameters.cloud)
        if let stopped = batch.interruption as? SessionStopped { throw stopped }
        guard let choice = batch.choices.first else {
            work.cloudState = batch.interruption is RequestFailed ? "failed" : batch.interruptionReason ?? "failed"
            return nil
        }
        work.add(choice)
        if choice.isFinished { return answer(work, isFinished: true, reason: "cloud_end") }
        if choice.text.isEmpty { work.cloudState = "empty" }
        return nil
    }

    private func answer(_ work: Collaboration, isFinished: Bool, reason: String) -> Answer {
        guard isFinished else { return Answer(work.text, kind: .unfinished, reason: "cut_off") }
        return work.text.isEmpty ? .none(reason: "empty") : Answer(work.text, reason: reason)
    }

    private func note(_ work: Collaboration, _ session: Session) {
        session.note("cloud_rate", "\(work.cloudRate)")
        session.note("cloud_calls", "\(work.cloudCalls)")
        session.note("bytes_up", "\(work.bytesUp)")
        session.note("edge_tokens", "\(work.edgeTokens)")
        session.note("cloud_tokens", "\(work.cloudTokens)")
        session.note("discarded_tokens", "\(work.discardedTokens)")
        if let state = work.cloudState { session.note("cloud", state) }
        let (edge, cloud, roundTrip) = (parameters.edgeSeconds, parameters.cloudSeconds, parameters.roundTripSeconds)
        guard edge + cloud + roundTrip > 0 else { return }
        session.note("modelled_seconds", "\(work.seconds(edge: edge, cloud: cloud, roundTrip: roundTrip))")
    }

    static func estimate(_ parameters: CeCollmParameters) -> Estimate? {
        // Every call of the cloud lies between two streams of the edge.
        let most = 2 * parameters.maxCloudCalls + 2
        return Estimate(completions: 1...most, promptPasses: Double(most))
    }
}
