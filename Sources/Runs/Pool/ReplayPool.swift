internal import Completions
internal import Foundation
internal import Journal
internal import Pools
internal import Reporting
internal import SuiteModel

/// How a replay draws from its pool, as it was asked for: kept in the journal, so that resuming means the same.
package struct PoolUse: Codable, Hashable, Sendable {
    package var path: String
    /// The pool's, when the run began; `nil`: it has not.
    package var digest: String?
    /// `role=model` as given; none: the pool's only model is "main".
    package var roles: [String]
    /// Seed of the order of samples; `nil`: as recorded.
    package var orderSeed: UInt64?
    /// A `PoolText`.
    package var show: String
    package var firstTokenSeconds: Double
    package var tokensPerSecond: Double
    /// Whether every sample pays its prompt anew.
    package var oneChoice: Bool
    package var recordedScores: Bool
    /// Whether models are asked for what the pool lacks.
    package var fills: Bool

    package init(
        path: String, roles: [String], orderSeed: UInt64?, show: String, firstTokenSeconds: Double,
        tokensPerSecond: Double, oneChoice: Bool, recordedScores: Bool, fills: Bool
    ) {
        self.path = URL(fileURLWithPath: path).path
        self.roles = roles
        self.orderSeed = orderSeed
        self.show = show
        self.firstTokenSeconds = firstTokenSeconds
        self.tokensPerSecond = tokensPerSecond
        self.oneChoice = oneChoice
        self.recordedScores = recordedScores
        self.fills = fills
    }
}

/// A pool as a run sees it: which role draws from which recorded model, in which order, and as what.
struct ReplayPool: Sendable {
    let use: PoolUse
    let settings: PoolSettings
    /// The place among the pool's models for each role.
    let roles: [String: Int]
    let digest: String
    let itemCount: Int
    /// Whether tokens with log-probabilities were recorded: the most alternatives a token.
    let topLogprobs: Int?
    /// Whether thinking was recorded apart from the texts.
    let hasReasoning: Bool

    var path: String { use.path }

    init(_ use: PoolUse) throws {
        let file: PoolFile
        do { file = try PoolFile(path: use.path) } catch { throw CommandFailure(.usage, "\(error)") }
        self.use = use
        settings = PoolSettings(
            names: file.models, order: SampleOrder(seed: use.orderSeed), text: PoolText(rawValue: use.show) ?? .text,
            timing: SampleTiming(firstTokenSeconds: use.firstTokenSeconds, tokensPerSecond: use.tokensPerSecond),
            temperature: file.provenance.temperature)
        roles = try Self.roles(use.roles, file.models)
        digest = file.digest
        itemCount = file.itemCount
        let first = try file.samples(of: 0).joined()
        topLogprobs = first.first { !$0.tokens.isEmpty }.map { $0.tokens.map(\.alternatives.count).min() ?? 0 }
        hasReasoning = first.contains { $0.reasoning != nil }
    }

    private static func roles(_ pairs: [String], _ models: [String]) throws -> [String: Int] {
        var roles: [String: Int] = [:]
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let place = models.firstIndex(of: parts[1]) else {
                throw CommandFailure(
                    .usage, "--role \(pair): write role=model; the pool's models are: \(models.joined(separator: ", "))"
                )
            }
            roles[parts[0]] = place
        }
        if roles.isEmpty {
            guard models.count == 1 else {
                throw CommandFailure(
                    .usage,
                    "the pool has \(models.count) models: \(models.joined(separator: ", "))\n"
                        + "say which is which, such as --role main=\(models[0])")
            }
            roles["main"] = 0
        }
        return roles
    }

    /// Settings that make a suite draw from this pool; from it alone unless models fill what it lacks.
    func overlay(repeats: Int?) -> [String] {
        var settings = ["dataset={pool: \(quoted(path))}"]
        if !use.fills {
            for (role, place) in roles.sorted(by: { $0.key < $1.key }) {
                settings.append("models.\(role).provider=pool")
                settings.append("models.\(role).model=\(quoted(self.settings.names[place]))")
            }
        }
        if let repeats { settings.append("repeats=\(repeats)") }
        return settings
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    func fingerprint(_ role: String) -> String? {
        roles[role].map { "pool:\(digest.prefix(16))/\(settings.names[$0])" }
    }

    /// What the recordings can stand in for.
    var capabilities: EndpointCapabilities {
        EndpointCapabilities(
            stream: true, topLogprobs: topLogprobs, prefix: true, multipleChoices: !use.oneChoice, seed: true,
            cancel: true, sendsReasoningApart: hasReasoning)
    }

    /// Notes where the samples are from.
    func describe(_ description: inout RunDescription) {
        description.datasetName = URL(fileURLWithPath: path).lastPathComponent
        description.provenance["pool_sha256"] = digest
        description.provenance["sample_order"] = use.orderSeed.map { "shuffled by seed \($0)" } ?? "as recorded"
        description.provenance["shown_as"] = settings.text.rawValue
        description.provenance["simulated_latency"] =
            "\(use.firstTokenSeconds) s, then \(use.tokensPerSecond) tokens/s where none was recorded"
        if use.recordedScores { description.provenance["grader"] = "recorded scores" }
    }

    /// Brings the pool's questions into a journal.
    func fill(_ journal: Journal, limit: Int?) throws -> DatasetDigest {
        let file = try PoolFile(path: path)
        let count = min(limit ?? .max, file.itemCount)
        var next = 0
        try journal.storeItems {
            guard next < count, let item = try file.item(next) else { return nil }
            next += 1
            return JournalItem(
                ordinal: item.ordinal, id: item.id, input: item.input, target: item.target, fieldsJSON: item.fieldsJSON)
        }
        return DatasetDigest(items: file.digest, file: file.digest, count: next)
    }

    /// Opens the pool once more: for a thread of its own.
    func reader() throws -> PoolReader { PoolReader(try PoolFile(path: path), self) }
}
