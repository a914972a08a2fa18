internal import Completions
internal import Engine
internal import Foundation
internal import JSON
internal import Journal
package import Pools
internal import SuiteModel

/// A finished run as a pool: what its models answered to its prompts can be replayed by other strategies.
package enum RunPool {
    /// - Parameter temperature: only completions at this one; `nil`: at the one that most were drawn at.
    package static func write(_ runPath: String, to path: String, temperature: Double?, _ host: RunHost) throws
        -> PoolFile
    {
        let folder = try RunFolder.open(runPath)
        let journal = try Journal(reading: folder.journal)
        let (record, description) = try RunRecord.load(from: journal)
        let opened = try record.opened(host)
        let prompts = try ItemStore.prompts(opened.suite, host.datasets, host)
        let requests = try journal.pooledRequests()
        let chosen = try temperature ?? usual(journal, requests, prompts)
        let roles = Dictionary(record.fingerprints.sorted { $0.key < $1.key }.map { ($0.value, $0.key) }) { first, _ in
            first
        }
        let provenance = PoolProvenance(
            name: description.suite, origin: "run \(description.runID) of suite \(description.suite)", shape: "run",
            sources: [PoolSource(name: description.datasetName, sha256: description.datasetDigest)],
            importedAt: Date().ISO8601Format(), tool: "evalh \(host.version)", temperature: chosen)
        var ordinal = 0
        let count = try journal.itemCount()
        let judges = [opened.suite.judge?.role, opened.suite.judge?.second].compactMap(\.self)
        let answering = judges + opened.suite.services.map { RunService.role($0.name) }
        return try PoolFile.write(
            provenance, to: path,
            answers: { put in
                for role in answering {
                    guard let fingerprint = record.fingerprints[role] else { continue }
                    try journal.forEachCompletion(of: fingerprint) { request, sample, completion in
                        try put(PoolAnswer(role: role, request: request, sample: sample, completion: completion))
                    }
                }
            }
        ) {
            guard ordinal < count, let item = try journal.item(ordinal) else { return nil }
            defer { ordinal += 1 }
            var groups: [(model: String, samples: [PoolSample])] = []
            for pooled in try journal.completions(of: prompts(item), in: requests)
            where pooled.sampling.temperature == chosen {
                let role = roles[pooled.fingerprint] ?? pooled.fingerprint
                let place = groups.firstIndex { $0.model == role } ?? groups.count
                if place == groups.count { groups.append((role, [])) }
                groups[place].samples.append(PoolSample(pooled.completion))
            }
            return (
                PoolItem(
                    ordinal: item.ordinal, id: item.id, input: item.input, target: item.target,
                    fieldsJSON: fields(of: item, hiding: opened.suite.dataset.hiddenFields)), groups
            )
        }
    }

    /// An item's fields with the question under the name it has in pools, and without the target.
    private static func fields(of item: JournalItem, hiding hidden: [String]) -> String {
        let members = (try? JSONValue(parsing: item.fieldsJSON))?.members ?? []
        let shown = members.filter { !(hidden + ["target", "input"]).contains($0.key) }
        return JSONValue.object(shown + [.init("input", .string(item.input))]).canonicalText
    }

    /// The temperature of most completions of the first item's prompt.
    private static func usual(
        _ journal: Journal, _ requests: PooledRequests, _ prompts: (JournalItem) throws -> [ChatMessage]
    ) throws -> Double {
        guard let item = try journal.item(0) else {
            throw CommandFailure(.usage, "\(journal.path): the run has no items")
        }
        var counts: [Double: Int] = [:]
        for pooled in try journal.completions(of: prompts(item), in: requests) {
            counts[pooled.sampling.temperature, default: 0] += 1
        }
        guard let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) else {
            throw CommandFailure(.usage, "\(journal.path): nothing was answered to the first item's prompt")
        }
        return most.key
    }
}

extension PoolSample {
    fileprivate init(_ completion: Completion) {
        self.init(
            text: completion.text, reasoning: completion.reasoning, finish: completion.finish,
            promptTokens: completion.usage.promptTokens, completionTokens: completion.usage.completionTokens,
            seconds: completion.seconds,
            firstTokenSeconds: completion.firstTokenSeconds, tokens: completion.tokens)
    }
}
