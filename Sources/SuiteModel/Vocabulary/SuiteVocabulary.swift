/// What a plugin says of itself, as far as suites are concerned.
package struct PluginVocabulary: Hashable, Sendable {
    package var id: String
    /// JSON Schema (of type object) of the parameters; empty: takes none.
    package var parametersSchema: String
    /// Of metrics, allocators and graders: names of the values it may give, for gates.
    package var outputs: [String]
    /// Of metrics: only arms with levels make sense.
    package var needsLevels: Bool
    /// Of graders: whether they compare with the item's target.
    package var readsTarget: Bool

    package init(
        id: String, parametersSchema: String = "", outputs: [String] = [], needsLevels: Bool = false,
        readsTarget: Bool = true
    ) {
        self.id = id
        self.parametersSchema = parametersSchema
        self.outputs = outputs
        self.needsLevels = needsLevels
        self.readsTarget = readsTarget
    }
}

/// The names a suite may use.
package protocol SuiteVocabulary: Sendable {
    var strategyIDs: [String] { get }
    func strategy(_ id: String) -> PluginVocabulary?
    /// What a strategy says is wrong with parameters that keep its schema; `nil`: nothing.
    func problem(ofStrategy id: String, parametersJSON: String) -> String?
    var graderIDs: [String] { get }
    func grader(_ id: String) -> PluginVocabulary?
    var metricIDs: [String] { get }
    func metric(_ id: String) -> PluginVocabulary?
    var allocatorIDs: [String] { get }
    func allocator(_ id: String) -> PluginVocabulary?
    var serviceIDs: [String] { get }
    func service(_ id: String) -> PluginVocabulary?
    /// Folders and files that plugins were looked for in, for errors.
    var searchedPaths: [String] { get }
    /// Why a plugin of a kind ("strategy") that a suite names cannot be used, in the words of who refused it; `nil`:
    /// there is no sign of it.
    func complaint(_ kind: String, _ name: String) -> String?
    /// Libraries that could not be used, each with the reason: what a suite names may be in one of them.
    var unopened: [String] { get }
    /// Providers that this build lacks, each with what to do instead.
    var unavailableProviders: [ModelSpec.Provider: String] { get }
}

extension SuiteVocabulary {
    package func problem(ofStrategy id: String, parametersJSON: String) -> String? { nil }
    package func complaint(_ kind: String, _ name: String) -> String? { nil }
    package var unopened: [String] { [] }
}

/// A vocabulary held in memory.
package struct FixedVocabulary: SuiteVocabulary {
    package var strategies: [PluginVocabulary]
    package var graders: [PluginVocabulary]
    package var metrics: [PluginVocabulary]
    package var allocators: [PluginVocabulary]
    package var services: [PluginVocabulary]
    package var searchedPaths: [String]
    package var unavailableProviders: [ModelSpec.Provider: String]

    package init(
        strategies: [PluginVocabulary], graders: [PluginVocabulary], metrics: [PluginVocabulary],
        allocators: [PluginVocabulary] = [], services: [PluginVocabulary] = [], searchedPaths: [String] = [],
        unavailableProviders: [ModelSpec.Provider: String] = [:]
    ) {
        self.strategies = strategies
        self.graders = graders
        self.metrics = metrics
        self.allocators = allocators
        self.services = services
        self.searchedPaths = searchedPaths
        self.unavailableProviders = unavailableProviders
    }

    package var strategyIDs: [String] { strategies.map(\.id) }
    package func strategy(_ id: String) -> PluginVocabulary? { strategies.first { $0.id == id } }
    package var graderIDs: [String] { graders.map(\.id) }
    package func grader(_ id: String) -> PluginVocabulary? { graders.first { $0.id == id } }
    package var metricIDs: [String] { metrics.map(\.id) }
    package func metric(_ id: String) -> PluginVocabulary? { metrics.first { $0.id == id } }
    package var allocatorIDs: [String] { allocators.map(\.id) }
    package func allocator(_ id: String) -> PluginVocabulary? { allocators.first { $0.id == id } }
    package var serviceIDs: [String] { services.map(\.id) }
    package func service(_ id: String) -> PluginVocabulary? { services.first { $0.id == id } }
}
