import Completions
import Testing

@testable import Engine

/// Thinking apart from a text, shown again as it was recorded.
struct ReasoningPlaybackTests {
    private func shown(_ completion: Completion) -> [String] {
        Playback(request: 1, choice: 0, stream: true, askedAt: 0, completion: completion).inputs.map { time, input in
            switch input {
            case .reasoning(_, _, let text, _, let count, _): "\(time / 1_000_000) [\(text)] \(count)"
            case .delta(_, _, let text, _, let count, _): "\(time / 1_000_000) \(text) \(count)"
            case .completed(_, _, let whole): "\(time / 1_000_000) done \(whole.reasoning ?? "-") \(whole.text)"
            default: "?"
            }
        }
    }

    private func completion(_ chunks: [CompletionChunk]) -> Completion {
        Completion(
            text: "It is 18.", reasoning: "Hm, 7? No.", finish: .stop,
            usage: TokenUsage(requests: 1, promptTokens: 3, completionTokens: 8), seconds: 4, chunks: chunks)
    }

    private static let streamed = [
        CompletionChunk(endOffset: 0, endToken: 2, endReasoning: 4, seconds: 1),
        CompletionChunk(endOffset: 6, endToken: 6, endReasoning: 10, seconds: 2),
        CompletionChunk(endOffset: 9, endToken: 8, endReasoning: 10, seconds: 3),
    ]

    @Test func `recorded pieces come again at their times, a piece of both as two`() {
        #expect(
            shown(completion(Self.streamed)) == [
                "1000 [Hm, ] 2", "2000 [7? No.] 2", "2000 It is  2", "3000 18. 2", "4000 done Hm, 7? No. It is 18.",
            ])
    }

    @Test func `what was not streamed is shown word by word, the thought first`() {
        #expect(
            shown(completion([])) == [
                "666 [Hm,] 1", "1333 [ 7?] 2", "2000 [ No.] 1", "2666 It 1", "3333  is 2", "4000  18. 1",
                "4000 done Hm, 7? No. It is 18.",
            ])
    }

    @Test func `a playback that is cancelled within the thought counts what was shown`() {
        let playback = Playback(
            request: 1, choice: 0, stream: true, askedAt: 0, completion: completion(Self.streamed))
        let partial = playback.partial(at: 1_500_000_000)
        #expect(partial.text.isEmpty && partial.reasoning == "Hm, " && partial.usage.completionTokens == 2)
    }

    @Test func `a run whose arm must continue texts ends with the first thought that comes apart`() {
        for arm in [nil, "deer"] {
            let model = RunModel(role: "main", fingerprint: "f", price: nil, continuedBy: arm)
            var broker = SampleBroker(
                models: ["main": model], suiteSeed: 7, ledger: BudgetLedger(limits: BudgetLimits()))
            let question = BrokerScript.question("Q?")
            let ask = SampleRequest(
                request: 1, role: "main", key: RequestKey(fingerprint: "f", request: question),
                completionRequest: question, samples: [SampleIndex(repeatIndex: 0, index: 0)], stream: true,
                priority: 0, worstCase: BudgetLedger.Amount(tokens: 100, usd: 0), promptBound: 50)
            func stops(_ actions: [SampleBroker.Action]) -> Bool {
                actions.contains { if case .stop(.unsupported) = $0 { true } else { false } }
            }
            // The pool's completions tell it too.
            #expect(stops(broker.request(ask, by: 1, at: 0, found: [completion([])])) == (arm != nil))
            _ = broker.request(ask, by: 2, at: 0, found: [nil])
            let thought = ModelEvent.reasoning(choice: 0, text: "hm", tokens: [], tokenCount: 1, seconds: 1)
            #expect(stops(broker.receive(CallID(1), thought)) == (arm != nil))
            #expect(stops(broker.receive(CallID(1), .completed(choice: 0, completion([])))) == (arm != nil))
        }
    }
}
