import Completions
import JSON
import Journal
import PluginHost
import Testing

@testable import Engine

/// Services as sessions meet them: to pool, budget and record they are models whose requests hold payloads.
@Suite struct ServiceCallTests {
    private static let search = RunService(
        name: "search", kind: "retrieve", usdPerCall: 0.5,
        problem: { $0["query"] == nil ? "`query` is missing" : nil })
    private static let answer = SessionAction.Body.finish(FinishAction(kind: .answered, answer: "7", reason: "done"))

    private func call(_ request: UInt64, _ payload: String = #"{"query":"x"}"#, service: String = "search")
        -> SessionAction.Body
    {
        .call(CallAction(request: request, service: service, payload: payload))
    }

    private func result(_ text: String, isError: Bool = false, tokens: Int = 0) -> Completion {
        Completion(
            text: text, finish: isError ? .other : .stop, usage: TokenUsage(requests: 1, promptTokens: tokens),
            seconds: 2)
    }

    // MARK: One session

    @Test func `a call is answered by its result, on the session's clock`() {
        let session = SessionScript(services: [Self.search])
        #expect(session.begin(call(1)).map(\.text) == ["request 1 samples [0]"])
        let effects = session.deliver(.completed(request: 1, choice: 0, result(#"{"hits":[]}"#)), Self.answer)
        #expect(session.takeEvents() == ["start", #"result 1 {"hits":[]}"#])
        let outcome = effects.first?.outcome
        #expect(outcome?.measure.criticalPathSeconds == 2)
        #expect(outcome?.measure.serviceCalls == 1)
        #expect(outcome?.measure.samples == 0)
        #expect(outcome?.measure.usage.requests == 0)
        #expect(outcome?.measure.usd == 0.5)
        #expect(outcome?.draws.map(\.model) == ["service:search"])
    }

    @Test func `what a service says of its own failure is a result, and no failure of the session`() {
        let session = SessionScript(services: [Self.search])
        _ = session.begin(call(1))
        let effects = session.deliver(
            .completed(request: 1, choice: 0, result(#"{"error":"no"}"#, isError: true)), Self.answer)
        #expect(session.takeEvents() == ["start", #"result 1 {"error":"no"} error"#])
        #expect(effects.first?.outcome?.error == nil)
    }

    @Test func `a service that cannot be reached fails the session as a model does`() {
        let session = SessionScript(services: [Self.search])
        _ = session.begin(call(1))
        let failure = ModelFailure(kind: .server, message: "gone")
        let effects = session.deliver(.failed(request: 1, choice: 0, failure), Self.answer)
        #expect(effects.first?.outcome?.error?.kind == .model(.server))
    }

    @Test func `payloads with the same members are the same call, whatever their order`() {
        let session = SessionScript(services: [Self.search])
        let effects = session.begin(
            call(1, #"{"query":"x","limit":1}"#), call(2, #"{ "limit": 1, "query": "x" }"#), call(3))
        #expect(effects.map(\.text) == ["request 1 samples [0]", "request 2 samples [1]", "request 3 samples [0]"])
    }

    @Test func `unknown services, payloads that are none and forks of calls are refused`() {
        let session = SessionScript(services: [Self.search])
        let fork = SessionAction.Body.fork(
            ForkAction(
                request: 9, parent: 1, parentChoice: 0, offset: 0, append: "", sampling: nil, n: 1, stream: false,
                priority: 0))
        _ = session.begin(
            call(1), call(2, service: "none"), call(3, "[]"), call(4, "{"), call(5, #"{"q":1}"#), call(1))
        _ = session.deliver(.completed(request: 1, choice: 0, result("{}")), fork)
        #expect(
            session.takeEvents() == [
                "start", "rejected 2 unsupported", "rejected 3 invalid", "rejected 4 invalid", "rejected 5 invalid",
                "rejected 1 invalid", "result 1 {}", "rejected 9 invalid",
            ])
    }

    @Test func `a call that the session cannot afford is refused`() {
        let session = SessionScript(limits: BudgetLimits(usd: 0.9), services: [Self.search])
        #expect(session.begin(call(1), call(2)).map(\.text) == ["request 1 samples [0]"])
        #expect(session.takeEvents() == ["start", "rejected 2 budget"])
    }

    @Test func `a session's numbers are its last values, at most 32 of them`() {
        let session = SessionScript()
        _ = session.begin(.submit(SubmitAction(request: 1, n: 32)))
        for choice in 0..<31 {
            _ = session.deliver(
                .completed(request: 1, choice: choice, .whole("a")), .number(name: "n\(choice)", value: 1))
        }
        let effects = session.deliver(
            .completed(request: 1, choice: 31, .whole("a")), .number(name: "n0", value: 5),
            .number(name: "n31", value: 1), .number(name: "n32", value: 1), Self.answer)
        let numbers = effects.compactMap(\.outcome).first?.measure.numbers
        #expect(numbers?.count == 32 && numbers?["n0"] == 5 && numbers?["n32"] == nil)
    }

    @Test func `notes are cut at a character, and lines for authors are kept where the run says so`() {
        func log(_ limits: SessionLogLimits) -> SessionLog? {
            let session = SessionScript(logLimits: limits)
            let effects = session.begin(
                .note(key: "k", value: "abcü", isDebug: false), .note(key: "debug", value: "line", isDebug: true),
                Self.answer)
            return effects.compactMap(\.outcome).first?.log
        }
        #expect(log(SessionLogLimits(noteBytes: 4)) == SessionLog(notes: [["k", "abc"]]))
        #expect(
            log(SessionLogLimits(noteBytes: 5, keepsDebug: true))
                == SessionLog(notes: [["k", "abcü"]], debug: ["line"]))
    }

    // MARK: A run

    /// Calls twice with one payload, then once with another, and answers by a completion.
    private static func caller(_ id: String) -> TestFactory {
        TestFactory(id) { services in
            var results: [String] = []
            return TestStrategy(services) { event, _ throws(PluginFault) in
                switch event {
                case .start:
                    return [
                        .call(CallAction(request: 1, service: "search", payload: #"{"query":"a"}"#)),
                        .call(CallAction(request: 2, service: "search", payload: #"{"query":"a"}"#)),
                        .call(CallAction(request: 3, service: "search", payload: #"{"query":"b"}"#)),
                    ]
                case .result(_, let completion):
                    results.append(completion.text)
                    return results.count == 3 ? [.submit(SubmitAction(request: 4))] : []
                case .done(_, _, let completion, _):
                    return [
                        .number(name: "results", value: Double(results.count)),
                        .finish(FinishAction(kind: .answered, answer: completion.text, reason: "done")),
                    ]
                case .failed: return [.finish(FinishAction(kind: .error, answer: "", reason: "failed"))]
                case .rejected, .stop: return [.finish(FinishAction(kind: .noAnswer, answer: "", reason: "budget"))]
                default: return []
                }
            }
        }
    }

    private func simulation() -> Simulation {
        var simulation = Simulation(arms: [(Self.caller("one"), 0), (Self.caller("two"), 0)], repeats: 2)
        simulation.services = [Self.search]
        return simulation
    }

    private func world(_ seed: UInt64 = 1, interruptAfter count: Int? = nil) -> SimulatedWorld {
        let world = SimulatedWorld(scheduleSeed: seed, faults: .init(interruptAfterCompletions: count))
        world.answerOfRole["service:search"] = #"{"hits":[]}"#
        return world
    }

    @Test func `a call is made once for all arms and items, and never for two repeats`() throws {
        let simulation = simulation()
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        let world = world()
        #expect(try simulation.run(journal, world) == .complete)
        // Three calls a repeat, and a completion an item and repeat.
        #expect(world.samplesPaid == 2 * 3 + 12 * 2)
        var sessions = 0
        try journal.forEachSession { record, _ in
            sessions += 1
            #expect(record.error == nil && record.measure.serviceCalls == 3 && record.measure.samples == 1)
            #expect(record.measure.numbers == ["results": 3])
        }
        #expect(sessions == 12 * 2 * 2)
    }

    @Test(arguments: 1...20)
    func `a run interrupted anywhere among its calls and resumed equals the uninterrupted one`(seed: UInt64) throws {
        let simulation = simulation()
        let reference = try simulation.makeJournal()
        defer { Simulation.remove(reference) }
        let whole = world(seed)
        #expect(try simulation.run(reference, whole) == .complete)
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        var paid = 0
        for part in 0..<5 {
            let world = world(seed &+ UInt64(part), interruptAfter: Int(seed) % 5 + 1 + part)
            let end = try simulation.run(journal, world)
            paid += world.samplesPaid
            if end == .complete { break }
        }
        let last = world(seed &* 31)
        #expect(try simulation.run(journal, last) == .complete)
        #expect(paid + last.samplesPaid == whole.samplesPaid)
        #expect(try Simulation.results(journal) == Simulation.results(reference))
    }
}
