package import SuiteModel

/// A run that does not exist yet.
package struct NewRun: Sendable {
    /// The suite's file, or a pipe.
    package var suite: String
    package var overrides: SuiteOverrides
    /// Where runs' folders go.
    package var root: String
    /// Part `index` of `count` of the items.
    package var shard: (index: Int, count: Int)
    /// The most requests at once, an endpoint; `nil`: as the suite says.
    package var maxConnections: Int?
    /// The pool that is replayed; `nil`: models are asked.
    package var pool: PoolUse?
    /// Orders of a pool's samples; `nil`: the suite's `repeats`.
    package var repeats: Int?
    /// Threads of a replay; `nil`: one a core.
    package var workers: Int?

    package init(
        suite: String, overrides: SuiteOverrides, root: String, shard: (index: Int, count: Int) = (0, 1),
        maxConnections: Int? = nil, pool: PoolUse? = nil, repeats: Int? = nil, workers: Int? = nil
    ) {
        self.suite = suite
        self.overrides = overrides
        self.root = root
        self.shard = shard
        self.maxConnections = maxConnections
        self.pool = pool
        self.repeats = repeats
        self.workers = workers
    }
}

/// A run that was begun and is gone on with.
package struct ResumedRun: Sendable {
    /// Its folder, or its journal.
    package var path: String
    package var settings: [String]
    package var models: [String]
    package var maxConnections: Int?
    /// Whether models, plugins or the pool may be others than it began with.
    package var acceptsDrift: Bool
    /// Ids of arms whose unfinished sessions it goes on without.
    package var without: [String]

    package init(
        path: String, settings: [String], models: [String], maxConnections: Int?, acceptsDrift: Bool,
        without: [String] = []
    ) {
        self.path = path
        self.settings = settings
        self.models = models
        self.maxConnections = maxConnections
        self.acceptsDrift = acceptsDrift
        self.without = without
    }
}
