import Foundation
import Testing

/// The suites for known data sets, on the real data in the folder `shared` beside the checkout, which is no part of the
/// repository.
struct ReadySuitesTests {
    struct Ready: Sendable, CustomTestStringConvertible {
        var suite: String
        /// The data set's file in the folder.
        var data: String
        var items: Int

        var testDescription: String { suite }
    }

    private static let data = BuiltBinary.root.deletingLastPathComponent().appendingPathComponent("shared/data").path
    private static let ready = [
        Ready(suite: "math500", data: "math500/test.jsonl", items: 500),
        Ready(suite: "aime24", data: "aime24/test.jsonl", items: 30),
        Ready(suite: "aime25", data: "aime25/test.jsonl", items: 30),
        Ready(suite: "amc23", data: "amc23/test.jsonl", items: 40),
        Ready(suite: "gsm8k", data: "gsm8k/test.jsonl", items: 1_319),
        Ready(suite: "svamp", data: "svamp/SVAMP.json", items: 1_000),
        Ready(suite: "multiarith", data: "multiarith/multiarith.jsonl", items: 600),
        Ready(suite: "strategyqa", data: "strategyqa/dev.json", items: 229),
        Ready(suite: "game24", data: "game24/24.csv", items: 1_362),
    ]

    @Test(.enabled(if: FileManager.default.fileExists(atPath: data), "../shared/data is not here"), arguments: ready)
    func `a ready suite validates on its data set and runs on any endpoint`(_ ready: Ready) throws {
        let place = try Workplace()
        defer { place.remove() }
        let suite = BuiltBinary.root.appendingPathComponent("suites/\(ready.suite).yaml").path
        // As if it had been fetched before: under its checksum in the cache, which `validate` and `run` check.
        let text = try String(contentsOfFile: suite, encoding: .utf8)
        let sum = try #require(text.firstMatch(of: /sha256: ([0-9a-f]{64})/)).output.1
        let cache = place.url.appendingPathComponent("cache/evalh/datasets")
        try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: "\(Self.data)/\(ready.data)", toPath: cache.appendingPathComponent(String(sum)).path)

        let validated = try place.evalh("validate", suite)
        #expect(validated.status == 0, "\(validated.errors)")
        #expect((validated.output + validated.errors).contains("\(ready.items) items"))

        let server = try MockServer()
        let run = try place.evalh(
            "run", suite, "--model", "main=\(server.url)/v1", "--limit", "3", "--out", "runs")
        // Whether its gates hold is the model's business.
        #expect([0, 1].contains(run.status), "\(run.errors)")
        let summary = try place.json("runs/\(ready.suite)/latest/summary.json")
        for arm in try #require(summary["arms"] as? [[String: Any]]) {
            #expect(arm["errors"] as? Int == 0, "\(arm["id"] ?? "")")
        }
    }
}
