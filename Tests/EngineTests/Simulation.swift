import Completions
import Engine
import Foundation
import Journal
import PluginHost
import Testing

/// A run of the real engine and journal in a simulated world.
struct Simulation {
    var arms: [(TestFactory, levels: Int)]
    var items = 12
    var repeats = 1
    var concurrency = 4
    var budget = BudgetLimits()
    var sessionBudget = BudgetLimits()

    func plan() -> RunPlan {
        let model = SessionModel(
            role: "main", name: "sim", capabilities: EndpointCapabilities(),
            sampling: SamplingParameters(temperature: 0.8, maxTokens: 32))
        return RunPlan(
            itemCount: items,
            arms: arms.map { factory, levels in
                RunArm(
                    id: factory.id, strategy: factory, models: [model],
                    levels: levels == 0
                        ? [RunLevel(parametersJSON: "{}")]
                        : (0..<levels).map { RunLevel(index: $0, parametersJSON: "{}", levelJSON: "{\"l\":\($0)}") })
            },
            models: ["main": RunModel(role: "main", fingerprint: "sim", price: TokenPrice(prompt: 1, completion: 2))],
            repeats: repeats,
            seed: 7, budget: budget, sessionBudget: sessionBudget, concurrency: concurrency)
    }

    static func temporaryPath() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("evalh-sim-\(UUID().uuidString).sqlite").path
    }

    func makeJournal() throws -> Journal {
        let journal = try Journal(creating: Self.temporaryPath())
        var ordinal = 0
        try journal.storeItems {
            guard ordinal < items else { return nil }
            defer { ordinal += 1 }
            return JournalItem(
                ordinal: ordinal, id: "item\(ordinal)", input: "Question \(ordinal)?", target: "7", fieldsJSON: "{}")
        }
        return journal
    }

    @discardableResult
    func run(_ journal: Journal, _ world: SimulatedWorld) throws -> RunEnd {
        let engine = try Engine(
            plan: plan(), journal: journal, backend: world, runtime: world, grader: MarkerGrader(),
            prompt: { [ChatMessage(role: .user, content: $0.input)] }, observer: { _ in })
        return try engine.run()
    }

    /// What a run ended with, without the times.
    static func results(_ journal: Journal) throws -> [String] {
        var lines: [String] = []
        try journal.forEachSession { record, item in
            let draws = record.draws.map { "\($0.request)/\($0.sample)/\($0.completionTokens)" }.sorted().joined(
                separator: ",")
            lines.append(
                "\(item.id) \(record.key.arm) \(record.key.level) \(record.key.repeatIndex) \(record.answer ?? "-") \(record.score ?? -1) "
                    + "\(record.error?.kind.rawValue ?? "-") \(record.measure.usage.promptTokens)+\(record.measure.usage.completionTokens) \(draws)"
            )
        }
        return lines
    }
}
