package import PluginHost

/// How a test of a plugin ended.
package enum CheckStatus: String, Codable, Sendable, CaseIterable {
    case passed
    /// The test has nothing to look at in this plugin.
    case skipped
    /// It works, and somebody will regret it.
    case warned
    /// It breaks a rule of the header, or does not do what it says of itself.
    case failed
    /// The process of the test did not end by itself: a signal, an exit of the plugin's own, too long, too much memory.
    case crashed

    /// Whether the plugin is not to be used like this.
    package var isBad: Bool { self == .failed || self == .crashed }
}

/// Something that a test found.
package struct CheckFinding: Codable, Hashable, Sendable {
    package var status: CheckStatus
    /// What the plugin did, in which situation.
    package var message: String
    /// What to do about it; empty: the message says it.
    package var advice: String
}

/// A plugin that is checked; the library itself has neither kind nor id.
package struct CheckSubject: Codable, Hashable, Sendable {
    package var kind: PluginKind?
    package var id: String

    package init(kind: PluginKind?, id: String) {
        self.kind = kind
        self.id = id
    }
}

/// One test of one plugin.
package struct CheckResult: Codable, Sendable {
    package var subject: CheckSubject
    /// See `CheckTest.id`.
    package var test: String
    package var status: CheckStatus
    package var findings: [CheckFinding]
    /// Numbers that the test measured, for people: "cost" and "2.1 µs an event".
    package var measured: [String: String]
    package var seconds: Double
    /// How its process ended, where not by itself.
    package var crash: CheckCrash?
}

/// The end of a test's process.
package struct CheckCrash: Codable, Hashable, Sendable {
    /// "SIGSEGV", "exit 3", "timed out", "out of memory".
    package var reason: String
    /// What was being asked of the plugin.
    package var at: String
}

extension CheckFinding {
    /// At most so many are kept of a test.
    static let maximum = 12
}
