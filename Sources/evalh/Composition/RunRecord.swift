internal import Foundation
internal import Journal
internal import PluginHost
internal import Reporting
internal import Runs
internal import SuiteModel

/// What a journal keeps of how its run was asked for, so that resuming means the same run.
struct RunRecord: Codable {
    struct Overrides: Codable {
        var settings: [String]
        var models: [String]
        var arms: String?
        var limit: Int?
    }

    var suiteFile: String
    var suiteText: String
    var overrides: Overrides
    var fingerprints: [String: String]
    /// Whether a role's endpoint returns n choices: it decides how prompts are counted.
    var multipleChoices: [String: Bool]
    /// Version of each strategy and grader plugin, by id.
    var plugins: [String: String]
    var tool: String
    var shard: [Int]

    static let key = "run"
    static let descriptionKey = "description"

    func store(in journal: Journal, _ description: RunDescription) throws {
        for (key, text) in try texts(description) { try journal.setMeta(key, text) }
    }

    /// What the journal keeps of it, by key.
    func texts(_ description: RunDescription) throws -> [String: String] {
        [
            Self.key: String(decoding: try JSONEncoder().encode(self), as: UTF8.self),
            Self.descriptionKey: String(decoding: try JSONEncoder().encode(description), as: UTF8.self),
        ]
    }

    /// Notes what the models are that the run begins with.
    mutating func begin(with endpoints: OpenedEndpoints, _ description: inout RunDescription, in journal: Journal)
        throws
    {
        fingerprints = endpoints.fingerprints
        multipleChoices = endpoints.capabilities.compactMapValues(\.multipleChoices)
        for (role, fingerprint) in fingerprints { description.provenance["model.\(role)"] = fingerprint }
        try store(in: journal, description)
    }

    static func load(from journal: Journal) throws -> (RunRecord, RunDescription) {
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
    func opened() throws -> OpenedSuite {
        try OpenedSuite.open(
            source: SourceText(name: suiteFile, text: suiteText),
            SuiteOverrides(
                settings: overrides.settings, models: overrides.models, arms: overrides.arms, limit: overrides.limit))
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
}
