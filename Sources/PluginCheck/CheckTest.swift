package import PluginHost

/// One test: what it is called, what it finds, and how it is carried out in a process of its own.
package struct CheckTest: Sendable {
    /// "strategy.stop": the kind of plugin and a word.
    package let id: String
    /// `nil`: of the library itself.
    package let kind: PluginKind?
    /// What a plugin that fails it does wrong, in a line.
    package let finds: String
    /// How many times the usual limit of time it may take.
    var patience = 1.0
    /// Runs in two processes, at different times and places; what both note must be equal.
    var isRepeated = false
    /// What the plugin writes on standard output is a warning only.
    var mayPrint = false
    let run: @Sendable (CheckContext) throws -> Void

    init(
        _ id: String, _ kind: PluginKind?, _ finds: String, patience: Double = 1, isRepeated: Bool = false,
        mayPrint: Bool = false, run: @escaping @Sendable (CheckContext) throws -> Void
    ) {
        self.id = id
        self.kind = kind
        self.finds = finds
        self.patience = patience
        self.isRepeated = isRepeated
        self.mayPrint = mayPrint
        self.run = run
    }

    /// All tests, in the order in which they run and are told.
    package static let all: [CheckTest] =
        LibraryTests.all + StrategyTests.all + StrategyTests.adverse + StrategyTests.measured + GraderTests.all
        + MetricTests.all + AllocatorTests.all

    static func named(_ id: String) -> CheckTest? { all.first { $0.id == id } }
}
