import Testing

@testable import SuiteModel

/// What suites say of services, and what parameters may name.
struct ServiceKeysTests {
    private func messages(_ result: SuiteLoader.Result) -> [String] {
        result.diagnostics.map { "\($0.line):\($0.column) \($0.message)" }
    }

    @Test func `a service has the values of its kind, relative paths made absolute`() throws {
        let result = load(
            minimal(
                """
                services:
                  search: {kind: retrieve, corpus: {path: docs.csv, text: body, id: key}, k1: 0.9, hits: 3}
                  vectors: {kind: embed, dimensions: 8, usd_per_call: 0.01}
                  near: {kind: retrieve, corpus: {path: docs.jsonl}, method: vectors, embedder: vectors, index: ivf}
                  calc: {kind: tool, command: [python3, calc.py], environment: {A: b}, timeout: 5s, memory: 1MB}
                """))
        #expect(messages(result) == [])
        let services = try #require(result.suite).services
        #expect(services.map(\.name) == ["search", "vectors", "near", "calc"])
        #expect(
            services[0].corpus
                == CorpusSpec(path: "/suites/docs.csv", format: .csv, textField: "body", idField: "key"))
        #expect(services[0].k1 == 0.9 && services[0].b == 0.75 && services[0].hits == 3)
        #expect(services[1].role == "main" && services[1].dimensions == 8 && services[1].usdPerCall == 0.01)
        #expect(services[2].embedder == "vectors" && services[2].index == .ivf && services[2].probes == 8)
        #expect(services[3].command == ["python3", "calc.py"] && services[3].timeout == 5)
        #expect(services[3].memory == 1_000_000 && services[3].workingDirectory == "/suites")
        let locked = try #require(result.suite).resolvedJSON()
        #expect(locked.contains(#""calc": {"#) && !locked.contains(#""A": "b""#))
    }

    @Test(arguments: [
        ("a: {kind: tool}", "7:13 a service of kind `tool` needs `command`"),
        ("a: {kind: score, model: big}", "7:27 there is no model with the role `big`"),
        ("a: {kind: score, corpus: {path: d.jsonl}}", "7:20 `corpus` means nothing to a service of kind `score`"),
        ("a: {kind: retrieve}", "7:13 a service of kind `retrieve` needs `corpus`"),
        (
            "a: {kind: retrieve, corpus: {path: d.jsonl}, method: vectors}",
            "7:56 `method: vectors` needs `embedder`, a service of kind `embed`"
        ),
        (
            "a: {kind: retrieve, corpus: {path: d.jsonl}, method: vectors, embedder: b}",
            "7:75 there is no service `b` of kind `embed`"
        ),
        ("a: {kind: plugin}", "7:13 a service of kind `plugin` needs `use`"),
    ])
    func `mistakes have their place`(_ service: String, _ message: String) {
        let result = load(minimal("services:\n  \(service)"))
        #expect(messages(result) == [message])
    }

    @Test func `what is kept of sessions has its bounds`() throws {
        #expect(try #require(load(minimal()).suite).log == LogSpec(noteBytes: 16_384, keepsDebug: false))
        let suite = try #require(load(minimal("log: {note_bytes: 100, sessions: yes}")).suite)
        #expect(suite.log == LogSpec(noteBytes: 100, keepsDebug: true))
        #expect(load(minimal("log: {note_bytes: 1}")).suite == nil)
    }

    // MARK: What parameters may name

    private let naming: FixedVocabulary = {
        var words = testVocabulary
        words.strategies.append(
            PluginVocabulary(
                id: "naming",
                parametersSchema: """
                    {"type":"object","properties":{"role":{"type":"string","format":"evalh-role"},
                    "service":{"type":"string","format":"evalh-service"},
                    "file":{"type":"string","format":"evalh-file"}}}
                    """))
        return words
    }()

    @Test(arguments: [
        ("role: big", "`role` of `naming`: the suite has no model with the role `big`"),
        ("service: search", "`service` of `naming`: the suite has no service `search`"),
        ("file: none.txt", "`file` of `naming`: there is no file `/suites/none.txt`"),
    ])
    func `a parameter that names what is not there is a mistake where it stands`(_ member: String, _ message: String) {
        let result = load(
            minimal(arms: "arms: [{strategy: naming, with: {\(member)}}]"), vocabulary: naming)
        #expect(result.diagnostics.map(\.message) == [message])
        #expect(result.diagnostics.first?.line == 4)
    }

    @Test func `roles, services and files that are there pass, files as absolute paths`() throws {
        let file = String(#filePath)
        let result = load(
            minimal(
                "services: {s: {kind: execute}}",
                arms: "arms: [{strategy: naming, with: {role: main, service: s, file: \(file)}}]"), vocabulary: naming)
        #expect(
            try #require(result.suite).arms[0].parametersJSON
                == #"{"file":"\#(file)","role":"main","service":"s"}"#)
    }
}
