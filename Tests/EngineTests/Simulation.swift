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
    var seed: UInt64 = 7
    var budget = BudgetLimits()
    var sessionBudget = BudgetLimits()
    /// One request returns several choices.
    var returnsChoices: Bool?
    var grader: any AnswerGrader & Sendable = MarkerGrader()
    /// A strategy of a plugin with its parameters, as the last arm.
    var strategy: (factory: any StrategyFactory, parameters: String)?
    var services: [RunService] = []

    func plan() -> RunPlan {
        let model = SessionModel(
            role: "main", name: "sim", capabilities: EndpointCapabilities(multipleChoices: returnsChoices),
            sampling: SamplingParameters(temperature: 0.8, maxTokens: 32))
        let roles = ["main", "grader", "strong"]
        var plan = RunPlan(
            itemCount: items,
            arms: arms.map { factory, levels in
                RunArm(
                    id: factory.id, strategy: factory, models: [model],
                    levels: levels == 0
                        ? [RunLevel(parametersJSON: "{}")]
                        : (0..<levels).map { RunLevel(index: $0, parametersJSON: "{}", levelJSON: "{\"l\":\($0)}") })
            },
            models: Dictionary(
                uniqueKeysWithValues: roles.map {
                    let name = $0 == "main" ? "sim" : $0
                    return ($0, RunModel(role: $0, fingerprint: name, price: TokenPrice(prompt: 1, completion: 2)))
                }
            ).merging(
                ["judge": RunModel(role: "judge", fingerprint: "judge", price: TokenPrice(prompt: 5, completion: 9))]
            ) { own, _ in own },
            repeats: repeats,
            seed: seed, budget: budget, sessionBudget: sessionBudget, concurrency: concurrency)
        for service in services { plan.add(service, fingerprint: "\(service.name)/1") }
        guard let (factory, parameters) = strategy else { return plan }
        plan.arms.append(
            RunArm(
                id: "own", strategy: factory,
                models: roles.map { role in
                    var model = model
                    model.role = role
                    return model
                }, levels: [RunLevel(parametersJSON: parameters)]))
        return plan
    }

    /// In memory where the system has such a folder: durability is tested elsewhere, and here waited for in vain.
    static func temporaryPath() -> String {
        let shared = "/dev/shm"
        let folder =
            FileManager.default.isWritableFile(atPath: shared)
            ? shared : FileManager.default.temporaryDirectory.path
        return "\(folder)/evalh-sim-\(UUID().uuidString).sqlite"
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

    static func remove(_ journal: Journal) {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: journal.path + suffix) }
    }

    func makeEngine(
        _ journal: Journal, _ world: SimulatedWorld, observer: @escaping (RunProgress) -> Void = { _ in }
    ) throws -> Engine {
        try Engine(
            plan: plan(), journal: journal, backend: world, runtime: world, grader: grader,
            prompt: { [ChatMessage(role: .user, content: $0.input)] }, observer: observer)
    }

    @discardableResult
    func run(_ journal: Journal, _ world: SimulatedWorld) throws -> RunEnd {
        try makeEngine(journal, world).run()
    }

    /// Whole completions in a journal.
    static func wholes(_ journal: Journal) throws -> Int {
        var count = 0
        for model in ["sim", "grader", "strong", "judge"] {
            try journal.forEachCompletion(of: model) { _, _, _ in count += 1 }
        }
        return count
    }

    /// What a run ended with, without the times.
    static func results(_ journal: Journal) throws -> [String] {
        var lines: [String] = []
        try journal.forEachSession { record, item in
            let draws = record.draws.map { "\($0.request)/\($0.sample)/\($0.completionTokens)" }.sorted().joined(
                separator: ",")
            let key = record.key
            let usage = record.measure.usage
            lines.append(
                "\(item.id) \(key.arm) \(key.level) \(key.repeatIndex) \(record.answer ?? "-") \(record.score ?? -1) "
                    + "\(record.error?.kind.rawValue ?? "-") \(usage.promptTokens)+\(usage.completionTokens) \(draws)")
        }
        return lines
    }
}
