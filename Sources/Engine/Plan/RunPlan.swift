package import Completions
package import EvalhStatistics
internal import Journal
package import PluginHost

/// One compute setting of an arm; an arm without levels has a single one with index -1.
package struct RunLevel: Sendable {
    package var index: Int
    /// The arm's whole parameters at this level, a JSON object.
    package var parametersJSON: String
    /// The level's own keys as a JSON object, for reports; empty: none.
    package var levelJSON: String
    /// The level as reports name it, "samples=4"; empty: none.
    package var label: String

    package init(index: Int = -1, parametersJSON: String, levelJSON: String = "", label: String = "") {
        self.index = index
        self.parametersJSON = parametersJSON
        self.levelJSON = levelJSON
        self.label = label
    }
}

/// Strategy × parameters × model: one row of a report.
package struct RunArm: Sendable {
    package var id: String
    package var strategy: any StrategyFactory
    /// The arm's own model first.
    package var models: [SessionModel]
    package var levels: [RunLevel]

    package init(id: String, strategy: any StrategyFactory, models: [SessionModel], levels: [RunLevel]) {
        self.id = id
        self.strategy = strategy
        self.models = models
        self.levels = levels
    }
}

/// What the engine knows of a model role beyond what strategies see.
package struct RunModel: Sendable {
    package var role: String
    /// Keeps samples of different models apart.
    package var fingerprint: String
    /// `nil`: no price is known.
    package var price: TokenPrice?
    /// `nil`: equivalent operations are not known.
    package var shape: ModelShape?
    /// How its thinking is told from its answers.
    package var reasoning: ReasoningFormat
    /// An arm whose strategy must continue its texts, which is impossible where thinking comes apart from them; `nil`:
    /// none.
    package var continuedBy: String?
    /// One request returns several choices, as was declared or measured.
    package var returnsChoices: Bool
    /// Arms need to see answers as they are generated.
    package var mustStream: Bool
    /// It is a service, and its requests hold payloads; `nil`: it is a model.
    package var service: RunService?

    package init(
        role: String, fingerprint: String, price: TokenPrice?, shape: ModelShape? = nil,
        reasoning: ReasoningFormat = .auto, continuedBy: String? = nil, returnsChoices: Bool = false,
        mustStream: Bool = false, service: RunService? = nil
    ) {
        self.service = service
        self.shape = shape
        self.reasoning = reasoning
        self.continuedBy = continuedBy
        self.returnsChoices = returnsChoices
        self.mustStream = mustStream
        self.role = role
        self.fingerprint = fingerprint
        self.price = price
    }
}

/// Limits in tokens (prompt and completion), US dollars and seconds; `nil`: none.
package struct BudgetLimits: Hashable, Sendable {
    package var tokens: Int?
    package var usd: Double?
    package var seconds: Double?

    package init(tokens: Int? = nil, usd: Double? = nil, seconds: Double? = nil) {
        self.tokens = tokens
        self.usd = usd
        self.seconds = seconds
    }
}

/// What is kept of what strategies put on record.
package struct SessionLogLimits: Hashable, Sendable {
    /// Bytes of a note.
    package var noteBytes: Int
    /// Whether lines for the strategies' authors are kept.
    package var keepsDebug: Bool

    package init(noteBytes: Int = 16_384, keepsDebug: Bool = false) {
        self.noteBytes = noteBytes
        self.keepsDebug = keepsDebug
    }
}

/// Everything a run does, before it does it.
package struct RunPlan: Sendable {
    package var itemCount: Int
    package var arms: [RunArm]
    /// By role, services among them.
    package var models: [String: RunModel]
    /// In the suite's order.
    package var services: [SessionService] = []
    package var log = SessionLogLimits()
    package var repeats: Int
    package var seed: UInt64
    package var budget: BudgetLimits
    package var sessionBudget: BudgetLimits
    /// Samples in flight that are enough to keep the endpoints busy; live sessions are bounded by a small multiple of
    /// it.
    package var concurrency: Int
    /// This process's part of the items: ordinals o with o % count == index.
    package var shard: (index: Int, count: Int)
    /// Fields of items that strategies must not see: where the target is.
    package var hiddenFields: [String]
    /// Arms that no session is begun of: the run goes on without what they lack.
    package var leftOut: Set<Int> = []
    /// Makes the allocator that decides which sessions run; `nil`: all of them run.
    package var allocator: (@Sendable (AllocationSetup) throws -> any SessionAllocator)?

    package init(
        itemCount: Int, arms: [RunArm], models: [String: RunModel], repeats: Int = 1, seed: UInt64 = 0,
        budget: BudgetLimits = BudgetLimits(), sessionBudget: BudgetLimits = BudgetLimits(), concurrency: Int = 8,
        shard: (index: Int, count: Int) = (0, 1), hiddenFields: [String] = []
    ) {
        self.itemCount = itemCount
        self.arms = arms
        self.models = models
        self.repeats = repeats
        self.seed = seed
        self.budget = budget
        self.sessionBudget = sessionBudget
        self.concurrency = concurrency
        self.shard = shard
        self.hiddenFields = hiddenFields
    }

    /// Adds a service.
    package mutating func add(_ service: RunService, fingerprint: String, price: TokenPrice? = nil) {
        models[service.role] = RunModel(
            role: service.role, fingerprint: fingerprint, price: price, reasoning: .none, service: service)
        services.append(service.shown)
    }

    /// Sessions of the whole plan.
    package var sessionCount: Int {
        let items = (itemCount - shard.index + shard.count - 1) / shard.count
        return max(0, items) * repeats * arms.reduce(0) { $0 + $1.levels.count }
    }
}

/// The plan's sessions, one at a time: by pass, repeat, then item, then arm and level. All arms see an item at about
/// the same time, so that a partial run compares them on the same items and a server's prefix cache is used.
struct SessionSequence {
    private let plan: RunPlan
    private var passes = SessionPass.allCases[...]
    private var repeatIndex = 0
    private var item: Int
    private var arm = 0
    private var level = 0

    init(_ plan: RunPlan) {
        self.plan = plan
        item = plan.shard.index
    }

    /// The pass of the sessions that come next.
    var pass: SessionPass? { passes.first }

    mutating func next() -> SessionKey? {
        while let pass = passes.first {
            if let key = next(in: pass) { return key }
            passes.removeFirst()
            repeatIndex = 0
        }
        return nil
    }

    private mutating func next(in pass: SessionPass) -> SessionKey? {
        while repeatIndex < plan.repeats {
            while item < plan.itemCount {
                while arm < plan.arms.count {
                    let isWanted = plan.arms[arm].pass == pass && !plan.leftOut.contains(arm)
                    let levels = isWanted ? plan.arms[arm].levels : []
                    if level < levels.count {
                        defer { level += 1 }
                        return SessionKey(item: item, arm: arm, level: levels[level].index, repeatIndex: repeatIndex)
                    }
                    arm += 1
                    level = 0
                }
                arm = 0
                item += plan.shard.count
            }
            item = plan.shard.index
            repeatIndex += 1
        }
        return nil
    }
}
