internal import CPluginCheck
internal import Foundation
internal import JSON
internal import PluginHost
internal import Synchronization

/// What a test has at hand in its process, and where it says what it found.
final class CheckContext: @unchecked Sendable {
    // Sendable: immutable but for `notes`, which has its lock, and `memory`, which one thread after the other uses.
    let file: String
    /// `nil`: the test is of the library.
    let info: PluginInfo?
    /// Parameters of the plugin, a JSON object: the schema's defaults with what `--with` says.
    let parametersJSON: String
    let seed: UInt64
    /// How many sessions the tests for leaks run.
    let sessions: Int
    /// Where events lie.
    let memory: GuardedMemory?
    private let library: PluginLibrary?
    /// The schema requires values that nobody gave; the test made some up.
    let isGuessing: Bool
    private let notes = Mutex(Notes())

    struct Notes: Codable {
        var findings: [CheckFinding] = []
        var measured: [String: String] = [:]
        /// What must be the same in another process.
        var evidence: [String] = []
        var skipped: String?
    }

    init(
        file: String, info: PluginInfo?, parametersJSON: String, seed: UInt64, sessions: Int, memory: GuardedMemory?,
        library: PluginLibrary?, isGuessing: Bool
    ) {
        self.file = file
        self.info = info
        self.parametersJSON = parametersJSON
        self.seed = seed
        self.sessions = sessions
        self.memory = memory
        self.library = library
        self.isGuessing = isGuessing
    }

    var collected: Notes { notes.withLock { $0 } }

    // MARK: Telling

    /// A rule is broken.
    func fail(_ message: String, _ advice: String = "") { add(.failed, message, advice) }

    func warn(_ message: String, _ advice: String = "") { add(.warned, message, advice) }

    /// Nothing here for this test.
    func skip(_ reason: String) { notes.withLock { $0.skipped = $0.skipped ?? reason } }

    /// It refuses the parameters that the test has: no fault where they were made up.
    func refused(_ message: String) {
        let advice = "give parameters that it takes by --with, such as --with '{\"samples\": 4}'"
        if isGuessing {
            skip("it refuses the parameters that the test made up: \(message); \(advice)")
        } else {
            fail("it refuses its own defaults: \(message)", advice)
        }
    }

    func measure(_ name: String, _ text: String) { notes.withLock { $0.measured[name] = text } }

    /// Something that must be equal in another process.
    func evidence(_ lines: some Sequence<String>) { notes.withLock { $0.evidence += lines } }

    /// What is about to be asked of the plugin, should it not come back.
    func at(_ text: String) {
        let bytes = Array(text.utf8)
        bytes.withUnsafeBytes { bytes in
            evalh_check_trace_set(bytes.bindMemory(to: CChar.self).baseAddress, UInt64(bytes.count))
        }
    }

    private func add(_ status: CheckStatus, _ message: String, _ advice: String) {
        notes.withLock { notes in
            let finding = CheckFinding(
                status: status, message: String(message.prefix(1000)), advice: String(advice.prefix(500)))
            guard notes.findings.count < CheckFinding.maximum, !notes.findings.contains(finding) else { return }
            notes.findings.append(finding)
        }
    }

    // MARK: The plugin

    func strategy() throws -> StrategyPlugin { try open { $0.strategy($1) } }

    func grader(_ parameters: String? = nil) throws -> PluginGrader {
        try open { try $0.grader($1, parametersJSON: parameters ?? parametersJSON) }
    }

    func metric(_ parameters: String? = nil) throws -> PluginMetric {
        try open { try $0.metric($1, parametersJSON: parameters ?? parametersJSON, seed: seed) }
    }

    func allocator(_ setup: AllocationSetup, _ parameters: String? = nil) throws -> PluginAllocator {
        try open { try $0.allocator($1, parametersJSON: parameters ?? parametersJSON, setup: setup, seed: seed) }
    }

    private func open<T>(_ body: (PluginLibrary, String) throws -> T?) throws -> T {
        guard let library, let info, let plugin = try body(library, info.id) else {
            throw CheckFault("\(file): the test has no plugin")
        }
        return plugin
    }

    /// The schema of its parameters; `nil`: it takes none.
    var schema: JSONValue? { info?.parametersSchema.flatMap { try? JSONValue(parsing: $0) } }
}

/// Why a check cannot be made at all, for people.
package struct CheckFault: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
