/// What the command line changes of a suite.
package struct SuiteOverrides: Hashable, Sendable {
    /// `--set path.to.key=value`, in order.
    package var settings: [String]
    /// `--model ROLE=SPEC`, in order.
    package var models: [String]
    /// `--arms a,b`; `nil`: all.
    package var arms: String?
    /// `--limit N`; `nil`: the suite's.
    package var limit: Int?

    package init(settings: [String] = [], models: [String] = [], arms: String? = nil, limit: Int? = nil) {
        self.settings = settings
        self.models = models
        self.arms = arms
        self.limit = limit
    }
}
