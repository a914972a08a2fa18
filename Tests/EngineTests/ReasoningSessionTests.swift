import Completions
import Journal
import PluginHost
import Testing

@testable import Engine

/// What of a session's texts is graded and voted on where models think.
struct ReasoningSessionTests {
    private static let open = ReasoningFormat.marks(ReasoningMarks(open: "<think>", close: "</think>"), isOpen: true)

    private func machine(_ formats: [String: ReasoningFormat] = [:]) -> SessionMachine {
        let roles = ["main"] + formats.keys.filter { $0 != "main" }.sorted()
        let start = SessionStart(
            itemID: "item", input: "Q?", fieldsJSON: "{}", messages: [ChatMessage(role: .user, content: "Q?")],
            parametersJSON: "{}", seed: 1,
            models: roles.map {
                SessionModel(
                    role: $0, name: $0, capabilities: EndpointCapabilities(), sampling: SamplingParameters())
            }, repeatIndex: 0)
        let models = roles.map {
            RunModel(role: $0, fingerprint: $0, price: nil, reasoning: formats[$0] ?? .auto)
        }
        return SessionMachine(
            start: start, models: Dictionary(uniqueKeysWithValues: models.map { ($0.role, $0) }),
            limits: BudgetLimits())
    }

    /// A machine whose models have said these texts, one request each, in order.
    private func machine(
        _ formats: [String: ReasoningFormat] = [:], said: [(role: String, prefix: String, completion: Completion)]
    ) -> SessionMachine {
        var machine = machine(formats)
        machine.begin()
        var seq: UInt64 = 0
        for (number, turn) in said.enumerated() {
            while let event = machine.nextEvent() {
                seq += 1
                let submit = SubmitAction(request: UInt64(number + 1), role: turn.role, prefix: turn.prefix)
                machine.answer(event, with: [SessionAction(seq: seq, body: .submit(submit))])
                break
            }
            machine.deliver(.completed(request: UInt64(number + 1), choice: 0, turn.completion))
        }
        return machine
    }

    @Test func `a completion's thought is taken out, a strategy's own answer stays as it is`() {
        let machine = machine(said: [("main", "", .whole("<think>7</think>18"))])
        #expect(machine.split("<think>7</think>18").answer == "18")
        #expect(machine.split("18").answer == "18" && machine.split("x < y").answer == "x < y")
    }

    @Test func `only what a model wrote from its first token on can begin inside a thought`() {
        let said = [("main", "", Completion.whole("so it is 7")), ("main", "Answer: ", Completion.whole("18"))]
        let machine = machine(["main": Self.open], said: said)
        #expect(machine.split("so it is 7").isUnfinished)
        // Put together by a strategy, still without an end.
        #expect(machine.split("so it is 7 Wait, 8").isUnfinished)
        #expect(machine.split("so it is 7</think>Answer: 18").answer == "Answer: 18")
        // A continuation, and an answer of the strategy.
        #expect(machine.split("18").answer == "18" && machine.split("it is 9").answer == "it is 9")
    }

    @Test func `each model's texts are read as the suite says of it`() {
        let machine = machine(
            ["main": .none, "other": .auto],
            said: [("main", "", .whole("<think>7</think>8")), ("other", "", .whole("<think>1</think>2"))])
        #expect(machine.split("<think>7</think>8").answer == "<think>7</think>8")
        #expect(machine.split("<think>1</think>2").answer == "2")
        // Nobody said that: as of the arm's own model.
        #expect(machine.split("<think>5</think>6").answer == "<think>5</think>6")
    }

    @Test func `thinking that came apart goes with its answer, and alone is unfinished`() {
        var whole = Completion.whole("18")
        whole.reasoning = "7? no"
        var cut = Completion.whole("")
        cut.reasoning = "so it is 7 and"
        let machine = machine(["main": Self.open], said: [("main", "", whole), ("main", "", cut)])
        #expect(machine.finalAnswer("18") == ReasoningSplit(answer: "18", reasoning: "7? no"))
        #expect(machine.finalAnswer("") == ReasoningSplit(answer: "", reasoning: "so it is 7 and", isUnfinished: true))
    }

    @Test func `a text whose thinking came apart cannot be continued, and is told with what to do`() {
        var thoughtful = Completion.whole("18")
        thoughtful.reasoning = "7? no"
        let session = SessionScript()
        _ = session.begin(.submit(SubmitAction(request: 1)))
        let effects = session.deliver(
            .completed(request: 1, choice: 0, thoughtful), .submit(SubmitAction(request: 2, prefix: "18 so")))
        #expect(session.takeEvents().contains("rejected 2 unsupported") && effects.contains { $0.outcome != nil })
        #expect(ReasoningApart.message(role: "main").contains("--reasoning-format none"))
    }

    @Test func `thinking that is streamed apart reaches the strategy and moves the clock`() {
        let session = SessionScript()
        _ = session.begin(.submit(SubmitAction(request: 1, stream: true)))
        let thought = SessionInput.reasoning(
            request: 1, choice: 0, text: "hm", tokens: [], tokenCount: 2, seconds: 1.5)
        #expect(session.deliver(thought, .setTimer(id: 9, timeNanoseconds: 0)).map(\.text) == ["timer 9 at 1500000000"])
        #expect(session.takeEvents() == ["start", "thought 1/0 hm"])
    }

    @Test func `an answer that ends within a thought is graded by nobody`() throws {
        final class Refusing: AnswerGrader {
            func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradingStep {
                throw RecordedMiss("asked about \(answer)")
            }
            func extract(_ text: String) -> (answer: String, stage: String)? { nil }
        }
        let machine = machine(said: [("main", "", .whole("<think>\\boxed{18} hm"))])
        let outcome = SessionOutcome(
            finish: FinishAction(kind: .answered, answer: "<think>\\boxed{18} hm", reason: "complete"),
            answer: machine.finalAnswer("<think>\\boxed{18} hm"), error: nil, isCutOff: false,
            measure: SessionMeasure(), draws: [], log: SessionLog())
        let item = JournalItem(ordinal: 0, id: "i", input: "?", target: "18", fieldsJSON: "{}")
        let key = SessionKey(item: 0, arm: 0, level: -1, repeatIndex: 0)
        let record = SessionGrading(key, outcome, item, Refusing()).waited()
        #expect(record.error == nil && record.score == 0 && record.answer == nil && record.finish == .length)
        #expect(record.stage == "unfinished_thought" && record.reasoning == "\\boxed{18} hm")
    }
}
