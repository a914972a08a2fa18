internal import Foundation
package import Journal
internal import PluginHost
package import Reporting
package import SuiteModel

/// What a journal keeps of how its run was asked for, so that resuming means the same run.
package struct RunRecord: Codable, Sendable {
    package struct Overrides: Codable, Sendable {
        package var settings: [String]
        package var models: [String]
        package var arms: String?
        package var limit: Int?
    }

    package var suiteFile: String
    var suiteText: String
    /// Where the suite's relative paths start; `nil` in journals of evalh 0.1: beside its file.
    var suiteDirectory: String?
    /// The pool that is replayed; `nil`: models are asked.
    package var pool: PoolUse?
    package var overrides: Overrides
    package var fingerprints: [String: String]
    /// Whether a role's endpoint returns n choices: it decides how prompts are counted.
    var multipleChoices: [String: Bool]
    /// Version of each strategy and grader plugin, by id.
    package var plugins: [String: String]
    /// SHA-256 of the files of those that evalh does not bring along; `nil`: the run is older than this member.
    var pluginHashes: [String: String]?
    var tool: String
    var shard: [Int]

    static let key = "run"
    static let descriptionKey = "description"

    func store(in journal: Journal, _ description: RunDescription) throws {
        for (key, text) in try texts(description) { try journal.setMeta(key, text) }
    }

    /// What the journal keeps of it, by key.
    package func texts(_ description: RunDescription) throws -> [String: String] {
        [
            Self.key: String(decoding: try JSONEncoder().encode(self), as: UTF8.self),
            Self.descriptionKey: String(decoding: try JSONEncoder().encode(description), as: UTF8.self),
        ]
    }

    /// Notes what the models are that the run begins with.
    mutating func begin(with models: ReachedModels, _ description: inout RunDescription, in journal: Journal) throws {
        fingerprints = models.fingerprints
        multipleChoices = models.capabilities.compactMapValues(\.multipleChoices)
        for (role, fingerprint) in fingerprints { description.provenance["model.\(role)"] = fingerprint }
        try store(in: journal, description)
    }

    package static func load(from journal: Journal) throws -> (RunRecord, RunDescription) {
        guard let record = try journal.meta(key), let description = try journal.meta(descriptionKey) else {
            throw CommandFailure(
                .usage, "\(journal.path): the run was ended before it began; start it again with `evalh run`")
        }
        return (
            try JSONDecoder().decode(RunRecord.self, from: Data(record.utf8)),
            try JSONDecoder().decode(RunDescription.self, from: Data(description.utf8))
        )
    }

    /// The suite as the run was asked for.
    /// - Parameter further: overrides that come after the run's own.
    package func opened(with further: SuiteOverrides = SuiteOverrides(), _ host: RunHost) throws -> OpenedSuite {
        try OpenedSuite.open(
            SourceText(name: suiteFile, text: suiteText), directory: suiteDirectory,
            SuiteOverrides(
                settings: overrides.settings + further.settings, models: overrides.models + further.models,
                arms: overrides.arms, limit: overrides.limit), host)
    }

    /// How `now` differs from the run that was begun, in words; empty: not at all.
    func drift(fingerprints now: [String: String], plugins nowPlugins: [String: String]) -> [String] {
        var differences: [String] = []
        for (role, old) in fingerprints.sorted(by: { $0.key < $1.key }) where now[role] != old {
            differences.append("model '\(role)' was \(old), is \(now[role] ?? "missing")")
        }
        for (id, old) in plugins.sorted(by: { $0.key < $1.key }) where nowPlugins[id] != old {
            differences.append("plugin \(id) was \(old), is \(nowPlugins[id] ?? "missing")")
        }
        return differences
    }

    /// Plugins of the version that the run began with, in other files: mended ones, or changed ones that do not say so.
    func changedFiles(plugins nowPlugins: [String: String], hashes: [String: String]) -> [String] {
        (pluginHashes ?? [:]).sorted { $0.key < $1.key }.compactMap { id, old in
            guard plugins[id] == nowPlugins[id], let new = hashes[id], new != old else { return nil }
            return "plugin \(id) \(plugins[id] ?? "") has its version and is another file: sha256 \(old), now \(new)"
        }
    }
}
