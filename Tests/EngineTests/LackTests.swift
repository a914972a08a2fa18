import Completions
import Journal
import PluginHost
import Testing

@testable import Engine

/// What an arm needs and a model does not do is found by the first answer, and is nobody's fault but the suite's.
struct LackTests {
    private func answers(_ completion: Completion, stream: Bool = false, _ change: (inout RunModel) -> Void = { _ in })
        -> String?
    {
        var model = RunModel(role: "main", fingerprint: "f", price: nil)
        change(&model)
        var broker = SampleBroker(models: ["main": model], suiteSeed: 1, ledger: BudgetLedger(limits: BudgetLimits()))
        let question = CompletionRequest(
            messages: [ChatMessage(role: .user, content: "Q?")],
            sampling: SamplingParameters(topLogprobs: completion.finish == .length ? 0 : nil))
        let ask = SampleRequest(
            request: 1, role: "main", key: RequestKey(fingerprint: "f", request: question),
            completionRequest: question, samples: (0..<2).map { SampleIndex(repeatIndex: 0, index: $0) },
            stream: stream, priority: 0, worstCase: BudgetLedger.Amount(), promptBound: 0)
        _ = broker.request(ask, by: 1, at: 0, found: [nil, nil])
        for action in broker.receive(CallID(1), .completed(choice: 1, completion)) {
            if case .stop(.unsupported(let text)) = action { return text }
        }
        return nil
    }

    @Test func `an answer without the log-probabilities that were asked for stops the run`() {
        // Cut-off ones stand for requests with log-probabilities here.
        #expect(answers(.whole("a", finish: .length))?.contains("log-probabilities") == true)
        var told = Completion.whole("a", finish: .length)
        told.tokens = [TokenLogprob(token: "a", logprob: -1)]
        #expect(answers(told) == nil && answers(.whole("", finish: .length)) == nil && answers(.whole("a")) == nil)
    }

    @Test func `so does a whole answer where arms need a stream, and one choice where several were promised`() {
        #expect(answers(.whole("a"), stream: true) { $0.mustStream = true }?.contains("stream") == true)
        var streamed = Completion.whole("a")
        streamed.firstTokenSeconds = 0.1
        #expect(answers(streamed, stream: true) { $0.mustStream = true } == nil)
        #expect(answers(.whole("a"), stream: true) == nil)
        #expect(answers(.whole("a")) { $0.returnsChoices = true }?.contains("several choices") == true)
        var shared = Completion.whole("a")
        shared.sharesPrompt = true
        #expect(answers(shared) { $0.returnsChoices = true } == nil)
    }

    @Test(arguments: [SubmitAction(request: 1, role: "judge"), SubmitAction(request: 1, prefix: "So")])
    func `a strategy that gives up for want of a role or an ability is not at fault`(_ submit: SubmitAction) throws {
        let session = SessionScript(prefix: false)
        session.always(.finish(FinishAction(kind: .error, answer: "", reason: "gave up")))
        let effects = session.begin(.submit(submit))
        #expect(try #require(effects.last?.outcome?.error).kind == .model(.unsupported))
    }
}
