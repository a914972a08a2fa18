import Completions
import Engine
import Foundation
import Journal
import Testing

/// Asks a model twice over before it says what `MarkerGrader` says: two samples at once, then a third.
final class AskingGrader: AnswerGrader, Sendable {
    private let inner = MarkerGrader()

    static func request(_ text: String) -> CompletionRequest {
        CompletionRequest(
            messages: [ChatMessage(role: .user, content: "Judge: \(text)")],
            sampling: SamplingParameters(temperature: 0, maxTokens: 8))
    }

    func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradingStep {
        guard case .graded(let expected) = try inner.grade(answer: answer, isUnfinished: isUnfinished, item: item)
        else {
            throw CancellationError()
        }
        let text = "\(item.id) \(answer)"
        let first = Self.request(text)
        return .ask(
            GradingQuestion([0, 1].map { .init(role: "judge", request: first, sample: $0) }) { said in
                guard said.map(\.text) == ["said: Judge: \(text)", "said: Judge: \(text)"] else {
                    throw CancellationError()
                }
                return .ask(
                    GradingQuestion([.init(role: "judge", request: Self.request("again \(text)"))]) { again in
                        guard again.count == 1, again[0].text.hasPrefix("said: Judge: again") else {
                            throw CancellationError()
                        }
                        return .graded(expected)
                    })
            })
    }

    func extract(_ text: String) -> (answer: String, stage: String)? { inner.extract(text) }
}

/// Grades that models are asked for, under a virtual clock.
struct AskingGraderTests {
    private static func simulation(items: Int = 12) -> Simulation {
        var simulation = Simulation(arms: [(.vote(3), 0), (.untilTwoAgree(5), 0)], items: items)
        simulation.grader = AskingGrader()
        return simulation
    }

    private static func world(_ seed: UInt64, _ faults: SimulatedWorld.Faults = .init()) -> SimulatedWorld {
        let world = SimulatedWorld(scheduleSeed: seed, faults: faults)
        world.answer = { request, seed in
            let text = request.messages[0].content
            return text.hasPrefix("Judge: ") ? "said: " + text : SimulatedWorld.noisyAnswer(request, seed)
        }
        return world
    }

    private static func reference() throws -> [String] {
        var simulation = simulation()
        simulation.grader = MarkerGrader()
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        #expect(try simulation.run(journal, world(99)) == .complete)
        return try Simulation.results(journal)
    }

    /// What the judge said that is recorded: one of each.
    private static func judged(_ journal: Journal) throws -> Int {
        var count = 0
        try journal.forEachCompletion(of: "judge") { _, _, _ in count += 1 }
        return count
    }

    @Test(arguments: 1...20)
    func `what a judge costs is no part of a session, and equal answers are judged once`(seed: UInt64) throws {
        let simulation = Self.simulation()
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        let world = Self.world(seed, .init(duplicateRate: 0.2, strayRate: 0.2))
        #expect(try simulation.run(journal, world) == .complete)
        #expect(try Simulation.results(journal) == Self.reference())
        var answers: Set<String> = []
        try journal.forEachSession { record, item in answers.insert("\(item.id) \(record.answer ?? "")") }
        #expect(try Self.judged(journal) == 3 * answers.count)
        #expect(try world.samplesPaid == journal.paidTotals().completions)
        #expect(world.bill.violations == [])
    }

    @Test(arguments: 1...20)
    func `a judge that fails makes an error, and a resumed run pays for nothing that was said`(seed: UInt64) throws {
        let simulation = Self.simulation()
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        let first = Self.world(seed, .init(failureRate: 0.25))
        #expect(try simulation.run(journal, first) == .complete)
        var byJudge = 0
        try journal.forEachSession { record, _ in
            #expect((record.error == nil) == (record.score != nil))
            guard let error = record.error else { return }
            #expect(error.kind == .model(.connection))
            if error.message.hasPrefix("the judge 'judge': ") { byJudge += 1 }
        }
        #expect(byJudge > 0)
        _ = try journal.forgetFailures().errors
        let second = Self.world(seed &+ 1)
        #expect(try simulation.run(journal, second) == .complete)
        #expect(try Simulation.results(journal) == Self.reference())
        #expect(try first.samplesPaid + second.samplesPaid == journal.paidTotals().completions)
    }

    @Test(arguments: 1...20) func `an interruption loses no verdict that was paid for`(seed: UInt64) throws {
        let simulation = Self.simulation()
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        let first = Self.world(seed, .init(interruptAfterCompletions: 40 + Int(seed)))
        #expect(try simulation.run(journal, first) == .interrupted)
        let second = Self.world(seed &+ 1)
        #expect(try simulation.run(journal, second) == .complete)
        #expect(try Simulation.results(journal) == Self.reference())
        #expect(try first.samplesPaid + second.samplesPaid == Simulation.wholes(journal))
    }

    @Test(arguments: 1...10) func `the run's budget holds for judges too`(seed: UInt64) throws {
        var simulation = Self.simulation()
        simulation.budget = BudgetLimits(tokens: 700)
        let journal = try simulation.makeJournal()
        defer { Simulation.remove(journal) }
        guard case .budgetReached = try simulation.run(journal, Self.world(seed)) else {
            Issue.record("the budget was not reached")
            return
        }
        #expect(try journal.paidTotals().usage.totalTokens <= 700)
        simulation.budget = BudgetLimits()
        #expect(try simulation.run(journal, Self.world(seed &+ 1)) == .complete)
        #expect(try Simulation.results(journal) == Self.reference())
    }

    @Test func `where nobody can be asked, recorded answers are looked up, and what lacks is a pool miss`() throws {
        let item = JournalItem(ordinal: 0, id: "i", input: "Q", target: "7", fieldsJSON: "{}")
        let step = try AskingGrader().grade(answer: "#### 7", isUnfinished: false, item: item)
        #expect(throws: RecordedMiss.self) { try step.waited() }
        let grade = try step.waited { asked in
            Completion(
                text: "said: " + asked.request.messages[0].content, finish: .stop, usage: TokenUsage(requests: 1))
        }
        #expect(grade.score == 1)
    }
}
