import Completions
import Engine
import Journal
import PluginHost
import Testing

struct SessionMachineTests {
    private static let answer = SessionAction.Body.finish(FinishAction(kind: .answered, answer: "7", reason: "done"))

    private func submit(_ request: UInt64, n: Int = 1, stream: Bool = false, role: String = "", prefix: String = "")
        -> SessionAction.Body
    {
        .submit(SubmitAction(request: request, role: role, prefix: prefix, n: n, stream: stream))
    }

    // MARK: Requests

    @Test func `the k-th sample a session asks of a question is sample k`() {
        let session = SessionScript()
        #expect(
            session.begin(submit(1, n: 2), submit(9, n: 3)).map(\.text) == [
                "request 1 samples [0, 1]", "request 9 samples [2, 3, 4]",
            ])
        #expect(session.takeEvents() == ["start"])
        // Another question begins at 0 again.
        #expect(
            session.deliver(.completed(request: 1, choice: 1, .whole("b")), submit(2, prefix: "So")).map(\.text) == [
                "request 2 samples [0]"
            ])
    }

    @Test func `the last completed choice of a request is told to be the last`() {
        let session = SessionScript()
        _ = session.begin(submit(1, n: 2))
        _ = session.deliver(.completed(request: 1, choice: 1, .whole("b")))
        let effects = session.deliver(.completed(request: 1, choice: 0, .whole("a")), Self.answer)
        #expect(session.takeEvents() == ["start", "done 1/1 b", "done 1/0 a last"])
        #expect(effects.map(\.text) == ["finished answered"])
    }

    @Test(arguments: [
        SubmitAction(request: 0), SubmitAction(request: 1), SubmitAction(request: 2, role: "judge"),
        SubmitAction(request: 2, n: 0), SubmitAction(request: 2, n: 1025),
        SubmitAction(request: 2, sampling: SamplingOverrides(topP: 0)),
    ])
    func `a request that breaks a rule is refused, and the session goes on`(_ submit: SubmitAction) {
        let session = SessionScript()
        #expect(session.begin(self.submit(1), .submit(submit)).map(\.text) == ["request 1 samples [0]"])
        #expect(session.takeEvents() == ["start", "rejected \(submit.request) invalid"])
        let effects = session.deliver(.completed(request: 1, choice: 0, .whole("a")), Self.answer)
        #expect(effects.map(\.text) == ["finished answered"])
    }

    @Test func `what the endpoint cannot do is refused`() {
        let session = SessionScript(prefix: false)
        _ = session.begin(submit(1, prefix: "So"), submit(2))
        #expect(session.takeEvents() == ["start", "rejected 1 unsupported"])
    }

    @Test func `a fork continues its parent from a character's boundary`() throws {
        func fork(_ request: UInt64, at offset: Int, of choice: Int = 0) -> SessionAction.Body {
            .fork(
                ForkAction(
                    request: request, parent: 1, parentChoice: choice, offset: offset, append: "!", sampling: nil,
                    n: 1, stream: false, priority: 0))
        }
        let session = SessionScript()
        _ = session.begin(submit(1))
        let effects = session.deliver(
            .completed(request: 1, choice: 0, .whole("né")), fork(2, at: 3), fork(3, at: 2), fork(4, at: 9),
            fork(5, at: 0, of: 1))
        guard case .request(let ask) = try #require(effects.first) else { return }
        #expect(effects.count == 1 && ask.completionRequest.prefix == "né!")
        #expect(session.takeEvents().suffix(3) == ["rejected 3 invalid", "rejected 4 invalid", "rejected 5 invalid"])
    }

    // MARK: What arrives twice, late, or for nobody

    @Test func `a completion that arrives twice is booked and shown once`() throws {
        let session = SessionScript()
        _ = session.begin(submit(1), submit(2))
        _ = session.deliver(.completed(request: 1, choice: 0, .whole("a")))
        #expect(session.deliver(.completed(request: 1, choice: 0, .whole("a"))).isEmpty)
        #expect(session.deliver(.failed(request: 1, choice: 0, ModelFailure(kind: .server, message: ""))).isEmpty)
        #expect(session.deliver(.completed(request: 7, choice: 0, .whole("x"))).isEmpty)
        #expect(
            session.deliver(.delta(request: 1, choice: 0, text: "a", tokens: [], tokenCount: 1, seconds: 2)).isEmpty)
        #expect(session.takeEvents() == ["start", "done 1/0 a last"])
        let effects = session.deliver(.completed(request: 2, choice: 0, .whole("b")), Self.answer)
        #expect(try #require(effects.first?.outcome).draws.count == 2)
    }

    @Test func `a session ends once, whatever comes afterwards`() {
        let session = SessionScript()
        _ = session.begin(submit(1))
        #expect(session.deliver(.completed(request: 1, choice: 0, .whole("a")), Self.answer).count == 1)
        for input: SessionInput in [
            .completed(request: 1, choice: 0, .whole("a")), .stop(reason: "budget"), .timer(id: 1),
            .cancelled(request: 1, choice: 0, partial: .partial("")),
        ] {
            #expect(session.deliver(input, Self.answer).isEmpty)
        }
    }

    // MARK: Cancelling

    @Test func `a cancelled request shows nothing more and is told when all its choices have ended`() {
        let session = SessionScript()
        _ = session.begin(submit(1, n: 2, stream: true), submit(2))
        let first = SessionInput.delta(request: 1, choice: 0, text: "a", tokens: [], tokenCount: 1, seconds: 0.1)
        #expect(session.deliver(first, .cancel(request: 1), .cancel(request: 1)).map(\.text) == ["cancel 1"])
        _ = session.deliver(.delta(request: 1, choice: 1, text: "b", tokens: [], tokenCount: 1, seconds: 0.2))
        _ = session.deliver(.cancelled(request: 1, choice: 0, partial: .partial("a", tokens: 2, seconds: 0.1)))
        #expect(session.takeEvents() == ["start", "delta 1/0 a"])
        _ = session.deliver(.cancelled(request: 1, choice: 1, partial: .partial("b", tokens: 3, seconds: 0.1)))
        #expect(session.takeEvents() == ["cancelled 1 5"])
    }

    @Test func `an answer lets go of open requests and is told after their ends, with what they cost`() throws {
        let session = SessionScript()
        let effects = session.begin(submit(1, n: 2), Self.answer)
        #expect(effects.map(\.text) == ["request 1 samples [0, 1]", "cancel 1"])
        #expect(session.deliver(.completed(request: 1, choice: 0, .whole("a"))).isEmpty)
        let last = session.deliver(.cancelled(request: 1, choice: 1, partial: .partial("b", tokens: 2)))
        let outcome = try #require(last.first?.outcome)
        // At once: no token had come of either, however they ended.
        #expect(outcome.measure.usage.completionTokens == 0 && outcome.measure.usage.promptTokens == 10)
        #expect(outcome.draws.map(\.sample) == [0, 1])
        #expect(session.takeEvents() == ["start"])
    }

    @Test func `cancelling what is over is no mistake, cancelling what never was is one`() {
        let session = SessionScript()
        _ = session.begin(submit(1), submit(2))
        #expect(session.deliver(.completed(request: 1, choice: 0, .whole("a")), .cancel(request: 1)).isEmpty)
        #expect(session.deliver(.timer(id: 1)).isEmpty)
        #expect(session.takeEvents() == ["start", "done 1/0 a last"])
        _ = session.deliver(.completed(request: 2, choice: 0, .whole("b")), .cancel(request: 5), submit(3))
        #expect(session.takeEvents() == ["done 2/0 b last", "rejected 5 invalid"])
    }

    // MARK: Failures and bad strategies

    @Test func `a failed choice fails its request once all have ended`() {
        let session = SessionScript()
        _ = session.begin(submit(1, n: 2))
        _ = session.deliver(.failed(request: 1, choice: 0, ModelFailure(kind: .server, message: "500")))
        #expect(session.takeEvents() == ["start"])
        _ = session.deliver(.completed(request: 1, choice: 1, .whole("b")), submit(2))
        #expect(session.takeEvents() == ["done 1/1 b", "failed 1 server"])
    }

    private static let failure = ModelFailure(kind: .server, message: "500")

    @Test(arguments: [FinishAction.Kind.answered, .unfinished, .noAnswer, .error])
    func `no finish makes a result of a failed request`(_ kind: FinishAction.Kind) throws {
        let session = SessionScript()
        _ = session.begin(submit(1), submit(2))
        _ = session.deliver(.completed(request: 1, choice: 0, .whole("a")))
        let effects = session.deliver(
            .failed(request: 2, choice: 0, Self.failure), .finish(FinishAction(kind: kind, answer: "a", reason: "")))
        #expect(try #require(effects.first?.outcome?.error) == SessionError(Self.failure))
    }

    @Test func `a session without partial service ends with its failure, and lets go of what it still asks`() throws {
        let session = SessionScript()
        _ = session.begin(submit(1), submit(2))
        let effects = session.deliver(.failed(request: 1, choice: 0, Self.failure), submit(3))
        #expect(effects.map(\.text) == ["request 3 samples [2]", "cancel 2", "cancel 3"])
        #expect(session.takeEvents() == ["start", "failed 1 server"])
    }

    @Test func `partial service keeps the answer and marks it by the samples that failed`() throws {
        let session = SessionScript(servesInPart: true)
        _ = session.begin(submit(1, n: 3))
        _ = session.deliver(.failed(request: 1, choice: 0, Self.failure))
        _ = session.deliver(.failed(request: 1, choice: 2, Self.failure))
        let effects = session.deliver(.completed(request: 1, choice: 1, .whole("a")), Self.answer)
        let outcome = try #require(effects.first?.outcome)
        #expect(outcome.error == nil && outcome.measure.failedSamples == 2 && outcome.measure.samples == 1)
        let givesUp = SessionScript(servesInPart: true)
        _ = givesUp.begin(submit(1))
        let end = givesUp.deliver(
            .failed(request: 1, choice: 0, Self.failure),
            .finish(FinishAction(kind: .error, answer: "", reason: "nothing came")))
        #expect(try #require(end.first?.outcome?.error) == SessionError(Self.failure))
    }

    @Test func `what fails after its cancel was not wanted, and changes nothing`() throws {
        let session = SessionScript()
        _ = session.begin(submit(1), submit(2))
        _ = session.deliver(.completed(request: 1, choice: 0, .whole("a")), .cancel(request: 2))
        let effects = session.deliver(.failed(request: 2, choice: 0, Self.failure), Self.answer)
        let outcome = try #require(effects.first?.outcome)
        #expect(outcome.error == nil && outcome.measure.failedSamples == 0)
    }

    @Test func `who gives up after a failure of the model is not at fault`() throws {
        let session = SessionScript()
        _ = session.begin(submit(1))
        let effects = session.deliver(
            .failed(request: 1, choice: 0, ModelFailure(kind: .server, message: "500")),
            .finish(FinishAction(kind: .error, answer: "", reason: "gave up")))
        #expect(try #require(effects.first?.outcome?.error).message == "500")
    }

    @Test func `a strategy that waits for nothing ends in an error`() throws {
        let effects = SessionScript().begin()
        #expect(try #require(effects.first?.outcome?.error).message.contains("waits for nothing"))
    }

    @Test func `a strategy that keeps asking for what is refused ends in an error`() throws {
        let session = SessionScript()
        session.always(submit(0))
        let effects = session.begin(submit(0))
        #expect(try #require(effects.last?.outcome?.error).message.contains("keeps asking"))
    }

    @Test func `a strategy that is told to stop answers or fails`() throws {
        let session = SessionScript()
        _ = session.begin(submit(1))
        #expect(session.deliver(.stop(reason: "budget")).map(\.text) == ["cancel 1"])
        let effects = session.deliver(.cancelled(request: 1, choice: 0, partial: .partial("")))
        #expect(try #require(effects.first?.outcome?.error).message.contains("gave no answer when told to stop"))
    }

    @Test func `a timer fires once, at the earliest now`() {
        let session = SessionScript()
        _ = session.begin(submit(1))
        _ = session.deliver(.completed(request: 1, choice: 0, .whole("a", seconds: 2)), submit(2))
        let effects = session.deliver(
            .completed(request: 2, choice: 0, .whole("b", seconds: 1)),
            .setTimer(id: 4, timeNanoseconds: 5), .setTimer(id: 5, timeNanoseconds: 9_000_000_000))
        #expect(effects.map(\.text) == ["timer 4 at 3000000000", "timer 5 at 9000000000"])
        _ = session.takeEvents()
        _ = session.deliver(.timer(id: 4))
        _ = session.deliver(.timer(id: 4))
        #expect(session.takeEvents() == ["timer 4"])
    }
}
