package import Completions

/// A suite as it is run: every default filled in, every path absolute, every name checked.
package struct Suite: Hashable, Sendable {
    /// The suite's file as it was found.
    package var file: String
    /// Absolute folder that relative paths of the suite start from.
    package var directory: String
    package var name: String
    package var description: String?
    package var dataset: DatasetSpec
    package var prompt: PromptSpec
    /// In the suite's order, roles unique, at least one.
    package var models: [ModelSpec]
    /// In the suite's order, names unique.
    package var services: [ServiceSpec]
    package var sampling: SamplingParameters
    /// In the suite's order, ids unique, at least one; only those asked for by `--arms`.
    package var arms: [ArmSpec]
    /// 1...1000.
    package var repeats: Int
    package var seed: UInt64
    package var grader: UseSpec
    package var metrics: [MetricSpec]
    /// Decides which sessions run; `nil`: all of them, `repeats` times.
    package var allocator: UseSpec?
    package var budget: BudgetSpec
    package var gates: [GateSpec]
    /// Fields of the rows by whose values results are shown.
    package var reportFields: [String]
    package var log: LogSpec
    /// Absolute paths of plugin files or folders.
    package var plugins: [String]
    /// How far plugins are kept from a run where they are used without a word on it; `nil`: as the host thinks fit.
    package var isolation: Isolation?

    package init(
        file: String, directory: String, name: String, description: String? = nil, dataset: DatasetSpec,
        prompt: PromptSpec = PromptSpec(),
        models: [ModelSpec], services: [ServiceSpec] = [], sampling: SamplingParameters = SamplingParameters(),
        arms: [ArmSpec], repeats: Int = 1,
        seed: UInt64 = 0,
        grader: UseSpec, metrics: [MetricSpec] = [], allocator: UseSpec? = nil, budget: BudgetSpec = BudgetSpec(),
        gates: [GateSpec] = [], reportFields: [String] = [], log: LogSpec = LogSpec(),
        plugins: [String] = [], isolation: Isolation? = nil
    ) {
        self.file = file
        self.directory = directory
        self.name = name
        self.description = description
        self.dataset = dataset
        self.prompt = prompt
        self.models = models
        self.services = services
        self.sampling = sampling
        self.arms = arms
        self.repeats = repeats
        self.seed = seed
        self.grader = grader
        self.metrics = metrics
        self.allocator = allocator
        self.budget = budget
        self.gates = gates
        self.reportFields = reportFields
        self.log = log
        self.plugins = plugins
        self.isolation = isolation
    }

    /// The role that answers for arms that name none: `main`, or else the first.
    package var defaultRole: String {
        models.contains { $0.role == "main" } ? "main" : models.first?.role ?? "main"
    }

    package func model(_ role: String) -> ModelSpec? {
        models.first { $0.role == role }
    }
}

/// What is kept of sessions.
package struct LogSpec: Hashable, Sendable {
    /// Of each note.
    package var noteBytes: Int
    /// Whether lines that strategies write for their authors are kept.
    package var keepsDebug: Bool

    package init(noteBytes: Int = 16_384, keepsDebug: Bool = false) {
        self.noteBytes = noteBytes
        self.keepsDebug = keepsDebug
    }
}

/// A grader or allocator with its parameters.
package struct UseSpec: Hashable, Sendable {
    /// The plugin's id.
    package var use: String
    /// JSON object with sorted keys, defaults filled in.
    package var parametersJSON: String
    /// `nil`: the suite's.
    package var isolation: Isolation?
    package var position: SourceSpan

    package init(
        use: String, parametersJSON: String = "{}", isolation: Isolation? = nil,
        position: SourceSpan = .file("")
    ) {
        self.use = use
        self.parametersJSON = parametersJSON
        self.isolation = isolation
        self.position = position
    }
}

/// A metric with its parameters.
package struct MetricSpec: Hashable, Sendable {
    /// The metric that needs no plugin and is always there.
    package static let builtIn = "accuracy"

    package var use: String
    /// The suite's own name for its numbers in reports and gates; `nil`: the metric's names.
    package var label: String?
    /// The arm whose levels it runs over.
    package var over: String?
    /// JSON object with sorted keys, defaults filled in.
    package var parametersJSON: String
    /// `nil`: the suite's.
    package var isolation: Isolation?
    package var position: SourceSpan

    package init(
        use: String, label: String? = nil, over: String? = nil, parametersJSON: String = "{}",
        isolation: Isolation? = nil, position: SourceSpan = .file("")
    ) {
        self.isolation = isolation
        self.use = use
        self.label = label
        self.over = over
        self.parametersJSON = parametersJSON
        self.position = position
    }
}

/// A condition that decides the exit code, carried as text.
package struct GateSpec: Hashable, Sendable {
    package var text: String
    package var position: SourceSpan

    package init(text: String, position: SourceSpan = .file("")) {
        self.text = text
        self.position = position
    }
}
