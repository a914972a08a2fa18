import Foundation
import JSON
import Testing

@testable import SuiteModel

@Suite("Suite schema")
struct SchemaTests {
    @Test("the JSON Schema is JSON with all keys of the table")
    func json() throws {
        let schema = try JSONValue(parsing: SuiteSchema.json)
        #expect(schema["$schema"]?.string == "https://json-schema.org/draft/2020-12/schema")
        let keys = schema["$defs"]?["Suite"]?["properties"]?.members?.map(\.key)
        #expect(keys == SuiteKeys.suite.keys.map(\.name))
    }

    @Test("the reference page names every key of every mapping")
    func markdown() {
        for spec in [
            SuiteKeys.suite, SuiteKeys.dataset, SuiteKeys.model, SuiteKeys.arm, SuiteKeys.sampling,
            SuiteKeys.sessionBudget,
        ] {
            #expect(SuiteSchema.markdown.contains("\n## \(spec.title)\n"))
            for key in spec.keys { #expect(SuiteSchema.markdown.contains("| `\(key.name)` |")) }
        }
    }

    /// Says whether the printed schema takes a YAML text; `nil` where Python or its packages are missing.
    private func accepts(_ yaml: String) throws -> Bool? {
        let script = """
            import sys, json
            try:
                import jsonschema, yaml
                Validator = jsonschema.Draft202012Validator
            except Exception:
                sys.exit(77)
            schema = json.load(open(sys.argv[1]))
            Validator.check_schema(schema)
            try:
                Validator(schema).validate(yaml.safe_load(open(sys.argv[2])))
            except jsonschema.ValidationError as error:
                print(error.message)
                sys.exit(1)
            """
        let folder = try TemporaryFolder()
        let arguments = try [
            folder.write("check.py", script), folder.write("schema.json", SuiteSchema.json),
            folder.write("s.yaml", yaml),
        ]
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        python.arguments = ["python3"] + arguments
        python.standardOutput = FileHandle.nullDevice
        python.standardError = FileHandle.nullDevice
        guard (try? python.run()) != nil else { return nil }
        python.waitUntilExit()
        switch python.terminationStatus {
        case 0: return true
        case 1: return false
        default: return nil
        }
    }

    @Test("the schema takes the contract's suite and refuses what the loader refuses")
    func python() throws {
        let contract = String(decoding: try fixture("contract.yaml").bytes, as: UTF8.self)
        guard let accepted = try accepts(contract) else { return }
        #expect(accepted)
        let correct = [
            minimal("repeats: 3\nseed:\nx-more: {a: 1}"), minimal("budget: {wall: 90, session: {wall: 1h30m}}"),
            minimal("sampling: {stop: x, top_logprobs: 5}\nprompt: {few_shot: [{input: a, target: 1}]}"),
            minimal(models: "models: {main: http://127.0.0.1/v1}"),
        ]
        for text in correct {
            #expect(load(text).suite != nil, "\(load(text).rendered)")
            #expect(try accepts(text) == true, "\(text)")
        }
        let wrong = [
            minimal("repeats: 0"), minimal("repeat: 1"), minimal("sampling: {temperature: hot}"),
            minimal("budget: {wall: soon}"),
            minimal(models: "models: {main: {provider: nobody}}"), minimal(arms: "arms: []"),
            minimal(arms: "arms: [{id: a}]"), "evalh: 2",
            minimal("sampling: {top_p: 0}"), minimal("name: a b"),
        ]
        for text in wrong {
            #expect(load(text).suite == nil, "\(text)")
            #expect(try accepts(text) == false, "\(text)")
        }
    }

    @Test(
        "durations are read as people write them",
        arguments: [
            ("10s", 10.0), ("30m", 1800), ("1h30m", 5400), ("500ms", 0.5), ("1d", 86_400), ("1.5h", 5400),
            ("1h 30m", 5400),
        ])
    func durations(text: String, seconds: Double) {
        #expect(DurationText.seconds(text) == seconds)
    }

    @Test(
        "what is not a duration is refused",
        arguments: ["", "m", "10", "30m1h", "1m1m", "10 minutes", "-5s", "1e3s", "٣s", "1h30"])
    func wrongDurations(text: String) {
        #expect(DurationText.seconds(text) == nil)
    }
}
