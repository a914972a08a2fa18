import Completions
import Foundation
import Journal
import Measurement

@testable import Reporting

/// Small runs in journals of their own.
enum ComparisonFixture {
    /// What an arm's sessions on an item came to: a score a repeat, `nil` for one that failed.
    typealias Outcome = (_ item: Int, _ repeatIndex: Int) -> Double?

    static func description(
        id: String = "r1", digest: String = "d1", items: Int, repeats: Int = 1, provenance: [String: String] = [:],
        gates: [String] = []
    ) -> RunDescription {
        let levels = [2, 4].enumerated().map { index, samples in
            RunDescription.Level(index: index, parametersJSON: "{}", levelJSON: "{\"samples\":\(samples)}")
        }
        return RunDescription(
            suite: "sums", runID: id, datasetName: "sums.jsonl", datasetDigest: digest, itemCount: items,
            repeats: repeats,
            sessionsPlanned: items * repeats * 3,
            arms: [
                .init(
                    id: "greedy", strategy: "greedy", model: "tiny",
                    levels: [.init(index: -1, parametersJSON: "{}", levelJSON: "")]),
                .init(id: "sc", strategy: "self-consistency", model: "tiny", levels: levels),
            ], gates: gates,
            provenance: [
                "tool": "evalh 0.1.0", "started": "2026-01-02T03:04:05Z", "grader": "numeric", "model.main": "tiny/q4",
                "plugin.greedy": "1.0",
            ].merging(provenance) { $1 })
    }

    /// A run in which greedy gets two of three items right, and voting makes `gain` of the others right.
    static func run(
        _ description: RunDescription, usd: Double? = 0.000_012_345,
        ids: (Int) -> String = { String(format: "item-%03d", $0) },
        greedy: Outcome = { item, _ in item % 3 == 0 ? 0 : 1 },
        vote: (Int, Int) -> Double? = { item, samples in item % 3 == 0 && item % (12 / samples) != 0 ? 0 : 1 }
    ) throws -> ComparedRun {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-compare-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let journal = try Journal(creating: folder.appendingPathComponent("journal.sqlite").path)
        var ordinal = 0
        try journal.storeItems {
            guard ordinal < description.itemCount else { return nil }
            defer { ordinal += 1 }
            return JournalItem(ordinal: ordinal, id: ids(ordinal), input: "1+1", target: "2", fieldsJSON: "{}")
        }
        var batch = JournalBatch()
        for item in 0..<description.itemCount {
            for repeatIndex in 0..<description.repeats {
                batch.sessions.append(session(item, 0, -1, repeatIndex, greedy(item, repeatIndex), 20, usd))
                for (level, samples) in [2, 4].enumerated() {
                    batch.sessions.append(session(item, 1, level, repeatIndex, vote(item, samples), 20 * samples, usd))
                }
            }
        }
        try journal.write(batch)
        return try ComparedRun(journal, description)
    }

    private static func session(
        _ item: Int, _ arm: Int, _ level: Int, _ repeatIndex: Int, _ score: Double?, _ tokens: Int, _ usd: Double?
    ) -> SessionRecord {
        SessionRecord(
            key: .init(item: item, arm: arm, level: level, repeatIndex: repeatIndex), answer: "2", extracted: "2",
            stage: "boxed",
            score: score, strictScore: score, finish: .stop, stopReason: "done", confidence: nil,
            error: score == nil ? .init(kind: .model(.timeout), message: "no answer") : nil,
            measure: .init(
                usage: .init(requests: 1, promptTokens: 10, completionTokens: tokens + item % 5),
                usd: usd.map { $0 * Double(tokens) }, criticalPathSeconds: 0.5, samples: 1), draws: [], log: .init())
    }

    /// Compares with `Fixtures/NAME`; `EVALH_UPDATE_GOLDEN=1` writes it anew.
    static func golden(_ text: String, _ name: String) throws -> String {
        let file = ReportFixture.folder.appendingPathComponent(name)
        if ProcessInfo.processInfo.environment["EVALH_UPDATE_GOLDEN"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        return try String(contentsOf: file, encoding: .utf8)
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }
}
