package import Completions

/// A strategy with its parameters on a model: one row of the report.
package struct ArmSpec: Hashable, Sendable {
    /// `[A-Za-z0-9._-]+`, unique in the suite.
    package var id: String
    /// As it is written: `id`, or `id@version`.
    package var strategy: String
    /// The role of the model that answers.
    package var role: String
    /// The strategy's parameters without levels: JSON object with sorted keys, defaults filled in.
    package var parametersJSON: String
    /// The suite's values, replaced where the arm has its own.
    package var sampling: SamplingParameters
    /// Empty: the arm is one setting.
    package var levels: [LevelSpec]
    /// How far its strategy is kept from the run; `nil`: as the suite says.
    package var isolation: Isolation?
    package var position: SourceSpan
    /// Where the strategy is named.
    package var strategyPosition: SourceSpan

    package init(
        id: String, strategy: String, role: String = "main", parametersJSON: String = "{}",
        sampling: SamplingParameters = SamplingParameters(), levels: [LevelSpec] = [],
        isolation: Isolation? = nil, position: SourceSpan = .file(""), strategyPosition: SourceSpan? = nil
    ) {
        self.id = id
        self.strategy = strategy
        self.role = role
        self.parametersJSON = parametersJSON
        self.sampling = sampling
        self.levels = levels
        self.isolation = isolation
        self.position = position
        self.strategyPosition = strategyPosition ?? position
    }
}

/// One compute setting of an arm.
package struct LevelSpec: Hashable, Sendable {
    /// From 0, in the suite's order.
    package var index: Int
    /// All parameters of this level: JSON object with sorted keys.
    package var parametersJSON: String
    /// The level's own parameters only: `{"samples":4}`.
    package var levelJSON: String
    /// For people: `samples=4`.
    package var label: String

    package init(index: Int, parametersJSON: String, levelJSON: String, label: String) {
        self.index = index
        self.parametersJSON = parametersJSON
        self.levelJSON = levelJSON
        self.label = label
    }
}
