import Completions
import Foundation
import Testing

@testable import SuiteModel

@Suite("Suite loader")
struct SuiteLoaderTests {
    @Test("the suite of the contract loads without a mistake")
    func contract() throws {
        let result = SuiteLoader(currentDirectory: "/suites").load(
            source: try fixture("contract.yaml"), vocabulary: { _ in testVocabulary })
        #expect(result.rendered == "")
        let suite = try #require(result.suite)
        #expect(suite.name == "gsm")
        #expect(suite.dataset.location == .path("/suites/data/gsm-mini.jsonl"))
        #expect(suite.dataset.shuffle == 7)
        #expect(suite.arms.map(\.id) == ["greedy", "sc8", "ac", "scaling"])
        #expect(suite.arms[1].parametersJSON == #"{"samples":8,"weight":"majority"}"#)
        #expect(
            suite.arms[3].levels.map(\.label) == ["samples=1", "samples=2", "samples=4", "samples=8", "samples=16"])
        #expect(suite.arms[3].levels[2].parametersJSON == #"{"samples":4,"weight":"majority"}"#)
        #expect(suite.arms[3].levels[2].levelJSON == #"{"samples":4}"#)
        #expect(suite.budget.tokens == 2_000_000)
        #expect(suite.budget.wallSeconds == 1800)
        #expect(suite.budget.session.tokens == 8000)
        #expect(suite.sampling.temperature == 0.8)
        #expect(suite.metrics.map(\.use) == ["accuracy", "arise"])
        #expect(suite.metrics[1].over == "scaling")
        #expect(suite.gates.count == 2)
        #expect(suite.repeats == 2)
    }

    @Test("a suite is looked for in the share folders too, and what was looked at is told")
    func search() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/suites", withIntermediateDirectories: true)
        _ = try folder.write("suites/gsm9.yaml", minimal())
        let loader = SuiteLoader(searchFolders: [folder.path])
        let found = loader.load(path: "suites/gsm9.yaml", vocabulary: testVocabulary)
        let suite = try #require(found.suite, "\(found.rendered)")
        #expect(suite.directory == folder.path + "/suites")
        #expect(suite.name == "gsm9")
        #expect(suite.dataset.location == .path(folder.path + "/suites/data.jsonl"))
        let missing = loader.load(path: "suites/gms9.yaml", vocabulary: testVocabulary)
        #expect(missing.rendered.contains("suites/gms9.yaml: error: no such suite"))
        #expect(missing.rendered.contains("\(folder.path)/suites/gms9.yaml"))
        let near = loader.load(path: folder.path + "/suites/gms9.yaml", vocabulary: testVocabulary)
        #expect(near.rendered.contains("did you mean `\(folder.path)/suites/gsm9.yaml`?"))
        #expect(loader.load(path: folder.path, vocabulary: testVocabulary).suite == nil)
    }

    @Test("an arm's sampling replaces single values of the suite's")
    func armSampling() throws {
        let text = minimal(
            "sampling: {temperature: 0.5, max_tokens: 99, stop: [x]}",
            arms: "arms: [greedy, {id: b, strategy: greedy, sampling: {temperature: 0}}]")
        let suite = try #require(load(text).suite)
        #expect(suite.arms.map(\.sampling.temperature) == [0.5, 0])
        #expect(suite.arms.map(\.sampling.maxTokens) == [99, 99])
        #expect(suite.arms[1].sampling.stop == ["x"])
    }

    @Test("parameters walk together in levels")
    func zippedLevels() throws {
        let arms = "arms: [{id: a, strategy: self-consistency, levels: {samples: [1, 2], weight: [majority, logprob]}}]"
        let suite = try #require(load(minimal(arms: arms)).suite)
        #expect(suite.arms[0].levels.map(\.label) == ["samples=1,weight=majority", "samples=2,weight=logprob"])
        #expect(suite.arms[0].levels[1].levelJSON == #"{"samples":2,"weight":"logprob"}"#)
        #expect(suite.arms[0].levels.map(\.index) == [0, 1])
    }

    @Test(
        "what cannot be run together is refused",
        arguments: [
            ("", "models: {main: {provider: openai}}", "needs `base_url`"),
            ("", "models: {main: {provider: llama-server}}", "needs `command`"),
            ("", "models: {}", "names no model"),
            (
                "budget: {usd: 1}", "models: {main: \"https://api.example.org/v1\"}",
                "price of the model `main` is unknown"
            ),
            ("plugins: [nowhere.so]", "models: {main: http://h/v1}", "no plugin file"),
            ("metrics: [accuracy, accuracy]", "models: {main: http://h/v1}", "here twice"),
            ("metrics: [{use: arise, over: greedy}]", "models: {main: http://h/v1}", "has no levels"),
            (
                "gates: [\"usd(greedy) <= 1\"]", "models: {main: http://h/v1}",
                "the price of the model `main` is unknown"
            ),
            ("metrics: [{use: arise, with: {cost: usd}}]", "models: {main: http://h/v1}", "`arise` asks for dollars"),
            ("allocator: fixd", "models: {main: http://h/v1}", "unknown allocator `fixd`"),
            (
                "",
                "models: {main: {provider: openai, base_url: http://h/v1, shape: {parameters: 1e9, layers: 2, heads: "
                    + "4}}}",
                "head_size"
            ),
            ("prompt: {few_shot: [{input: a}]}", "models: {main: http://h/v1}", "lacks the field `target`"),
        ])
    func refused(more: String, models: String, message: String) {
        let result = load(minimal(more, models: models))
        #expect(result.suite == nil)
        #expect(result.rendered.contains(message), "\(result.rendered)")
    }

    @Test("a budget in dollars is fine for models of this machine, or with a price")
    func prices() {
        #expect(load(minimal("budget: {usd: 1}")).suite != nil)
        #expect(
            load(minimal("budget: {usd: 1}", models: "models: {main: http://localhost:1/v1, b: \"http://[::1]:2\"}"))
                .suite != nil)
        let priced = "models: {main: {provider: openai, base_url: https://h/v1, price: {prompt: 1, completion: 2}}}"
        #expect(load(minimal("budget: {usd: 1}", models: priced)).suite != nil)
        #expect(
            load(minimal("budget: {usd: 1}", models: "models: {main: http://127.0.0.1.example.org/v1}")).suite == nil)
    }

    @Test("a provider that this build lacks is a located error with a hint")
    func unavailable() throws {
        var vocabulary = testVocabulary
        vocabulary.unavailableProviders = [.reference: "use a server: --model main=http://127.0.0.1:8080/v1"]
        let result = load(minimal(), vocabulary: vocabulary)
        #expect(result.diagnostics.map(\.line) == [3])
        #expect(result.diagnostics[0].message == "the provider `reference` is not available in this build")
        #expect(result.diagnostics[0].hint?.hasPrefix("use a server") == true)
    }

    @Test("thousands of mistakes are cut to the first hundred")
    func manyMistakes() {
        let result = load(minimal((0..<5000).map { "key\($0): 1" }.joined(separator: "\n")))
        #expect(result.diagnostics.count == 101)
        #expect(result.diagnostics.last?.message == "… and 4900 more mistakes")
    }
}
