import Foundation
import Testing

@testable import SuiteModel

@Suite("Models that are programs")
struct CommandModelTests {
    private static let vocabulary: FixedVocabulary = {
        var vocabulary = testVocabulary
        vocabulary.graders.append(PluginVocabulary(id: "subject", readsTarget: false))
        return vocabulary
    }()

    private func model(_ keys: String) throws -> ModelSpec {
        let result = load(
            minimal(models: "models: {main: {provider: command, command: [python3, solver.py, -v]\(keys)}}"))
        #expect(result.rendered == "")
        return try #require(result.suite?.models.first)
    }

    @Test("a program has its own keys, and paths relative to the suite")
    func keys() throws {
        let model = try model(
            ", working_directory: bin, timeout: 1m30s, memory: 512MB, connections: 3, unit: force evaluations, "
                + "cost_per_token: 0.5, "
                + "environment: {A: b}")
        #expect(model.provider == .command)
        #expect(model.command == ["python3", "solver.py", "-v"])
        #expect(model.workingDirectory == "/suites/bin")
        #expect(model.environment == ["A": "b"])
        #expect(model.connections == 3)
        #expect(model.run == RunSpec(timeout: 90, memory: 512_000_000, unit: "force evaluations", costPerToken: 0.5))
    }

    @Test("what is left out has its default, and the command is the name")
    func defaults() throws {
        let plain = try model("")
        #expect(plain.run == RunSpec(timeout: 60, memory: nil, unit: nil, costPerToken: 1))
        #expect(plain.workingDirectory == "/suites")
        #expect(plain.model == "python3 solver.py -v")
        #expect(plain.isLocal)
        #expect(try model(", model: solver").model == "solver")
        #expect(ModelSpec.shown(["solver", "--api-key", "s3cret"]) == "solver --api-key (left out)")
        #expect(ModelSpec.shown([String(repeating: "x", count: 500)]).count == 120)
    }

    @Test(
        "mistakes are found in their places",
        arguments: [
            ("provider: command", 27, "needs `command`"), ("provider: command, command: solver", 45, "must be a list"),
            ("provider: command, command: [s], base_url: \"http://h\"", 50, "`base_url` means nothing"),
            ("provider: command, command: [s], startup_timeout: 3s", 50, "`startup_timeout` means nothing"),
            ("provider: command, command: [s], deadlines: {total: 3s}", 50, "`deadlines` means nothing"),
            ("provider: command, command: [s], capabilities: {n: yes}", 50, "`capabilities` means nothing"),
            ("provider: command, command: [s], timeout: soon", 59, "must be a duration"),
            ("provider: command, command: [s], timeout: 0", 59, "above 0"),
            ("provider: command, command: [s], memory: 512", 58, "must be text"),
            ("provider: command, command: [s], memory: 512 potatoes", 58, "a size such as `512MB`"),
            ("provider: command, command: [s], memory: 1KB", 58, "a size such as `512MB`"),
            ("provider: command, command: [s], cost_per_token: 0", 66, "above 0"),
            ("provider: command, command: [s], timout: 3s", 50, "did you mean `timeout`?"),
            (
                "provider: openai, base_url: \"http://h\", unit: steps", 57,
                "`unit` means nothing to the provider `openai`"
            ),
            (
                "provider: llama-server, command: [s], timeout: 3s", 55,
                "`timeout` means nothing to the provider `llama-server`"
            ),
        ])
    func mistakes(_ keys: String, _ column: Int, _ text: String) throws {
        let result = load(minimal(models: "models: {main: {\(keys)}}"))
        #expect(result.suite == nil)
        #expect(result.rendered.contains(text), "\(result.rendered)")
        #expect(result.diagnostics.map(\.line) == [3], "\(result.rendered)")
        #expect(result.diagnostics.map(\.column) == [column], "\(result.rendered)")
    }

    @Test(
        "sizes are read as people write them",
        arguments: [
            ("512MB", 512_000_000), ("1.5 GB", 1_500_000_000), ("2GiB", 2 << 30), ("64MiB", 64 << 20),
            ("1TB", 1_000_000_000_000),
            ("2000KB", 2_000_000), ("512", nil), ("MB", nil), ("1KB", nil), (".5GB", nil), ("5.GB", nil), ("-1GB", nil),
            ("1e3GB", nil),
            ("9999999TB", nil), ("1PB", nil), ("1 MBs", nil),
        ] as [(String, UInt64?)])
    func sizes(_ text: String, _ bytes: UInt64?) {
        #expect(ByteSizeText.bytes(text) == bytes)
    }

    @Test("a grader that reads no targets makes the target field optional")
    func targets() throws {
        let folder = try TemporaryFolder()
        let data = try folder.write(
            "data.jsonl", "{\"input\":\"a\"}\n{\"input\":\"b\",\"target\":null}\n{\"input\":\"c\",\"target\":7}\n")
        let text = minimal().replacingOccurrences(of: "data.jsonl", with: data)
        let suite = try #require(
            load(text.replacingOccurrences(of: "grader: numeric", with: "grader: subject"), vocabulary: Self.vocabulary)
                .suite)
        #expect(!suite.dataset.needsTarget)
        let reader = try DatasetReader(suite.dataset, cache: DatasetCache(folder: folder.path, downloader: nil))
        var targets: [String] = []
        try reader.forEach { targets.append($0.target) }
        #expect(targets == ["", "", "7"])
        // No gold answer, nothing to grade.
        let report = SuiteValidator(cache: DatasetCache(folder: folder.path, downloader: nil)).validate(suite) { _ in 0
        }
        #expect(report.diagnostics.isEmpty && report.items == 3)
        let numeric = try #require(load(text, vocabulary: Self.vocabulary).suite)
        #expect(numeric.dataset.needsTarget)
        #expect(throws: DatasetFailure.self) {
            try DatasetReader(numeric.dataset, cache: DatasetCache(folder: folder.path, downloader: nil)).forEach { _ in
            }
        }
    }

    @Test(
        "reports name the unit that all models count in",
        arguments: [
            ("{a: {provider: command, command: [s], unit: steps}}", "steps"),
            ("{a: {provider: command, command: [s], unit: J, cost_per_token: 0.001}}", "tokens of 0.001 J"),
            ("{a: {provider: command, command: [s]}}", nil),
            (
                "{a: {provider: command, command: [s], unit: steps}, b: {provider: command, command: [s], unit: "
                    + "nodes}}",
                nil
            ),
            ("{a: {provider: command, command: [s], unit: steps}, b: {provider: reference}}", nil),
        ] as [(String, String?)])
    func costUnit(_ models: String, _ unit: String?) throws {
        #expect(try #require(load(minimal(models: "models: \(models)")).suite).costUnit == unit)
    }

    @Test("the lock names the limits")
    func lock() throws {
        let result = load(
            minimal(
                models:
                    "models: {main: {provider: command, command: [solver, --token=s3cret], memory: 2GiB, unit: steps}}")
        )
        let json = try #require(result.suite).resolvedJSON()
        #expect(json.contains("\"unit\": \"steps\"") && json.contains("2147483648") && !json.contains("s3cret"))
    }
}
