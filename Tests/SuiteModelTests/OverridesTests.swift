import EvalhStatistics
import Foundation
import Testing

@testable import SuiteModel

@Suite("Overrides")
struct OverridesTests {
    private func loaded(_ text: String, _ overrides: SuiteOverrides, environment: [String: String] = [:]) throws
        -> SuiteModel.Suite
    {
        let result = load(text, overrides: overrides, environment: environment)
        try #require(result.suite != nil, "\(result.rendered)")
        return try #require(result.suite)
    }

    @Test("--set replaces, makes and removes values")
    func set() throws {
        let suite = try loaded(
            minimal(
                "budget: {tokens: 10}", arms: "arms: [greedy, {id: sc, strategy: self-consistency, with: {samples: 2}}]"
            ),
            SuiteOverrides(settings: [
                "sampling.max_tokens=64", "arms.sc.with.samples=16", "arms[0]={id: g, strategy: greedy}",
                "arms.2=greedy", "budget.tokens=",
                "dataset.path=/tmp/x.jsonl", "prompt.user=\"Q: {{ input }} = a\"", "sampling.stop=[a, b]", "seed=5",
            ]))
        #expect(suite.sampling.maxTokens == 64)
        #expect(suite.arms.map(\.id) == ["g", "sc", "greedy"])
        #expect(suite.arms[1].parametersJSON.contains("16"))
        #expect(suite.budget.tokens == nil)
        #expect(suite.dataset.location == .path("/tmp/x.jsonl"))
        #expect(suite.prompt.user.text == "Q: {{ input }} = a")
        #expect(suite.sampling.stop == ["a", "b"])
        #expect(suite.seed == 5)
    }

    @Test(
        "mistakes in --set are located in the option",
        arguments: [
            ("sampling.max_tokns=1", 10, "max_tokens"), ("sampling.max_tokens=many", 21, nil), ("arms.9.id=x", 6, nil),
            ("arms.gredy.id=x", 6, "greedy"), ("grader.use.more=1", 8, nil), ("nothing", 1, nil), ("seed=[1", 6, nil),
            ("a..b=1", 3, nil),
            ("=1", 1, nil), ("seed=5\n---\n6", 1, nil),
        ] as [(String, Int, String?)])
    func setMistakes(text: String, column: Int, nearest: String?) throws {
        let result = load(minimal(), overrides: SuiteOverrides(settings: ["repeats=2", text]))
        let found = try #require(result.diagnostics.first { $0.file == "--set #2" }, "\(result.rendered)")
        #expect(found.column >= column)
        if let nearest { #expect(found.hint?.contains("`\(nearest)`") == true) }
        #expect(result.suite == nil)
    }

    @Test("--model takes an address, keys, or both")
    func model() throws {
        let bare = try loaded(minimal(), SuiteOverrides(models: ["main=http://127.0.0.1:9/v1/"]))
        #expect(bare.models[0].provider == .openai)
        #expect(bare.models[0].baseURL == "http://127.0.0.1:9/v1")
        let both = try loaded(
            minimal(), SuiteOverrides(models: ["main=http://h/v1?a=1,2,model=a,b,connections=4,deadlines.total=5m"]))
        #expect(both.models[0].baseURL == "http://h/v1?a=1,2")
        #expect(both.models[0].model == "a,b")
        #expect(both.models[0].connections == 4)
        #expect(both.models[0].deadlines.total == 300)
        let llama = try loaded(
            minimal(), SuiteOverrides(models: ["judge=provider=llama-server,command=[llama-server, -m, x.gguf]"]))
        #expect(llama.models.map(\.role) == ["main", "judge"])
        #expect(llama.models[1].command == ["llama-server", "-m", "x.gguf"])
    }

    @Test("an override without provider and address changes single keys, with one it replaces the entry")
    func replacing() throws {
        let text = minimal(
            models:
                "models: {main: {provider: openai, base_url: http://a/v1, model: m, connections: 3}, b: http://b/v1}")
        let tuned = try loaded(text, SuiteOverrides(models: ["main=model=other", "b=model=x"]))
        #expect(
            tuned.models[0].baseURL == "http://a/v1" && tuned.models[0].model == "other"
                && tuned.models[0].connections == 3)
        #expect(tuned.models[1].baseURL == "http://b/v1" && tuned.models[1].model == "x")
        let replaced = try loaded(text, SuiteOverrides(models: ["main=http://c/v1"]))
        #expect(replaced.models[0].model == "default" && replaced.models[0].connections == nil)
    }

    @Test("the command line wins over the environment, the environment over the suite")
    func precedence() throws {
        let text = minimal(models: "models: {main: http://suite/v1, big-judge: http://suite/v1}")
        let environment = [
            "EVALH_MODEL_MAIN": "http://env/v1", "EVALH_MODEL_BIG_JUDGE": "model=j", "EVALH_MODEL_X": "http://x/v1",
        ]
        let env = try loaded(text, SuiteOverrides(), environment: environment)
        #expect(env.models.map(\.role) == ["main", "big-judge", "x"])
        #expect(env.models[0].baseURL == "http://env/v1")
        #expect(env.models[1].model == "j")
        let line = try loaded(text, SuiteOverrides(models: ["main=http://line/v1"]), environment: environment)
        #expect(line.models[0].baseURL == "http://line/v1")
        let set = try loaded(
            text, SuiteOverrides(settings: ["models.main.model=s"], models: ["main=http://line/v1"]),
            environment: environment)
        #expect(set.models[0].model == "s")
    }

    @Test("a suite may leave its models to the command line")
    func noModels() throws {
        #expect(load(minimal(models: "")).diagnostics.contains { $0.message.contains("lacks the key `models`") })
        #expect(try loaded(minimal(models: ""), SuiteOverrides(models: ["main=http://h/v1"])).models.count == 1)
    }

    @Test(
        "mistakes in models are located where they were written",
        arguments: ["main", "=x", "main=", "main=,", "main=provider=openia"])
    func modelMistakes(text: String) {
        let result = load(minimal(), overrides: SuiteOverrides(models: [text]))
        #expect(result.diagnostics.contains { $0.file == "--model #1" && $0.line == 1 }, "\(result.rendered)")
        let environment = load(minimal(), environment: ["EVALH_MODEL_MAIN": "connections=lots"])
        #expect(environment.diagnostics.map(\.file) == ["EVALH_MODEL_MAIN"])
        #expect(environment.diagnostics.map(\.column) == [13])
    }

    @Test("--arms keeps what it names, and metrics over the others go")
    func arms() throws {
        let text = minimal(
            "metrics: [accuracy, {use: arise, over: sc}]",
            arms: "arms: [greedy, {id: sc, strategy: self-consistency, levels: {samples: [1, 2]}}]")
        let suite = try loaded(text, SuiteOverrides(arms: "greedy", limit: 3))
        #expect(suite.arms.map(\.id) == ["greedy"])
        #expect(suite.metrics.map(\.use) == ["accuracy"])
        #expect(suite.dataset.limit == 3)
        let wrong = load(text, overrides: SuiteOverrides(arms: "sc, gredy", limit: 0))
        #expect(wrong.diagnostics.map(\.file) == ["--arms", "--limit"])
        #expect(wrong.diagnostics[0].hint == "did you mean `greedy`?")
        #expect(wrong.diagnostics[0].column == 4)
    }

    @Test("random options never crash", arguments: 0..<4)
    func fuzz(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let alphabet = Array("=.,[]{}&*:\"'abcmodelsarms019 \n\u{0}é-|>")
        for _ in 0..<150 {
            let text = String(
                (0..<Int(random.draw(below: 24))).map { _ in alphabet[Int(random.draw(below: UInt64(alphabet.count)))] }
            )
            let result = load(
                minimal(),
                overrides: SuiteOverrides(
                    settings: [text, "models\(text)"], models: [text, "main=\(text)"], arms: text),
                environment: ["EVALH_MODEL_MAIN": text])
            #expect((result.suite != nil) != result.diagnostics.hasErrors)
            #expect(result.rendered.isEmpty == result.diagnostics.isEmpty)
        }
    }
}
