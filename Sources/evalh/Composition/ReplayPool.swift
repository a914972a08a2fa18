internal import Completions
internal import Engine
internal import Foundation
internal import Journal
internal import PluginHost
internal import Pools
internal import Runs
internal import SuiteModel

/// A pool as a run sees it: which role draws from which recorded model, in which order, and as what.
struct ReplayPool: Sendable {
    let path: String
    let settings: PoolSettings
    /// The place among the pool's models for each role.
    let roles: [String: Int]
    let digest: String
    let itemCount: Int
    /// Whether tokens with log-probabilities were recorded: the most alternatives a token.
    let topLogprobs: Int?

    /// - Parameter pairs: `role=model` as given; none: the pool's only model is "main".
    static func open(_ path: String, pairs: [String], order: SampleOrder, text: PoolText, timing: SampleTiming) throws
        -> ReplayPool
    {
        let file: PoolFile
        do { file = try PoolFile(path: path) } catch { throw CommandFailure(.usage, "\(error)") }
        var roles: [String: Int] = [:]
        for pair in pairs {
            let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let place = file.models.firstIndex(of: parts[1]) else {
                throw CommandFailure(
                    .usage,
                    "--role \(pair): write role=model; the pool's models are: \(file.models.joined(separator: ", "))")
            }
            roles[parts[0]] = place
        }
        if roles.isEmpty {
            guard file.models.count == 1 else {
                throw CommandFailure(
                    .usage,
                    "the pool has \(file.models.count) models: \(file.models.joined(separator: ", "))\nsay which is which, such as --role main=\(file.models[0])"
                )
            }
            roles["main"] = 0
        }
        return ReplayPool(
            path: path,
            settings: PoolSettings(
                names: file.models, order: order, text: text, timing: timing, temperature: file.provenance.temperature),
            roles: roles, digest: file.digest, itemCount: file.itemCount, topLogprobs: try topLogprobs(file))
    }

    private static func topLogprobs(_ file: PoolFile) throws -> Int? {
        guard let tokens = try file.samples(of: 0).joined().first(where: { !$0.tokens.isEmpty })?.tokens else {
            return nil
        }
        return tokens.map(\.alternatives.count).min() ?? 0
    }

    /// Settings that make a suite draw from this pool alone.
    func overlay(repeats: Int?) -> [String] {
        var settings = ["dataset={pool: \(quoted(absolute))}"]
        for (role, place) in roles.sorted(by: { $0.key < $1.key }) {
            settings.append("models.\(role).provider=pool")
            settings.append("models.\(role).model=\(quoted(self.settings.names[place]))")
        }
        if let repeats { settings.append("repeats=\(repeats)") }
        return settings
    }

    private var absolute: String { URL(fileURLWithPath: path).path }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    func fingerprint(_ role: String) -> String? {
        roles[role].map { "pool:\(digest.prefix(16))/\(settings.names[$0])" }
    }

    /// What the recordings can stand in for.
    /// - Parameter isPromptShared: choices of one request pay its prompt once, as with a server that returns n of them.
    func capabilities(isPromptShared: Bool) -> EndpointCapabilities {
        EndpointCapabilities(
            stream: true, topLogprobs: topLogprobs, prefix: true, multipleChoices: isPromptShared, seed: true,
            cancel: true)
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

/// Reads a pool's samples item by item. One thread's.
final class PoolReader {
    private let file: PoolFile
    private let pool: ReplayPool
    private var current: (ordinal: Int, item: PoolItem, samples: [[PoolSample]])?

    init(_ file: PoolFile, _ pool: ReplayPool) {
        self.file = file
        self.pool = pool
    }

    /// The samples of a session of an item and repeat.
    func deck(_ ordinal: Int, _ repeatIndex: Int) throws -> PoolDraws {
        let (item, samples) = try load(ordinal)
        return PoolDraws(
            deck: PoolDeck(
                item: item, samples: samples, models: pool.roles, settings: pool.settings, repeatIndex: repeatIndex))
    }

    /// How each recorded text of an item was graded when it was recorded; of equal texts the last.
    func scores(_ ordinal: Int) throws -> [String: Double] {
        var scores: [String: Double] = [:]
        for sample in try load(ordinal).1.joined() {
            guard let score = sample.score else { continue }
            let text = pool.settings.text == .answer ? sample.answer ?? "" : sample.text ?? sample.answer ?? ""
            scores[text] = score
        }
        return scores
    }

    private func load(_ ordinal: Int) throws -> (PoolItem, [[PoolSample]]) {
        if let current, current.ordinal == ordinal { return (current.item, current.samples) }
        guard let item = try file.item(ordinal) else {
            throw CommandFailure(.usage, "\(pool.path): item \(ordinal) is missing")
        }
        let samples = try file.samples(of: ordinal)
        current = (ordinal, item, samples)
        return (item, samples)
    }
}

/// A pool's deck as the engine draws from it.
struct PoolDraws: RecordedSamples {
    var deck: PoolDeck

    mutating func draw(role: String, request: CompletionRequest) -> Result<Completion, RecordedMiss> {
        deck.deal(role: role, request: request).mapError { RecordedMiss($0.message) }
    }
}

/// Takes the grades that came with a recording; answers are found in texts by the suite's grader all the same.
final class RecordedGrader: AnswerGrader {
    private let scores: [String: Double]
    private let grader: any AnswerGrader

    init(scores: [String: Double], grader: any AnswerGrader) {
        self.scores = scores
        self.grader = grader
    }

    func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> Grade {
        guard let score = scores[answer] else {
            throw RecordedMiss(
                "the recording has no score for this answer; leave out --recorded-scores to grade it by the suite's grader"
            )
        }
        return Grade(
            score: score, strictScore: score, extracted: grader.extract(answer)?.answer, stage: "recorded")
    }

    func extract(_ text: String) -> (answer: String, stage: String)? { grader.extract(text) }
}
