import Completions
import JSON
import Testing

@testable import SuiteModel

/// What a model's requests carry beyond the usual: `headers`, `body`, `template`, `api`, and their kin.
@Suite struct WireKeysTests {
    private func load(_ model: String) -> SuiteLoader.Result {
        let text = """
            evalh: 1
            name: t
            dataset: {path: d.jsonl, fields: {input: a, target: b}}
            prompt: {user: "{{ input }}"}
            models: {main: {\(model)}}
            arms: [greedy]
            grader: {use: exact}
            """
        return SuiteLoader().load(
            source: SourceText(name: "t.yaml", text: text), overrides: SuiteOverrides(), environment: [:],
            vocabulary: { _ in testVocabulary })
    }

    private let chat = "provider: openai, base_url: \"http://h/v1\""
    private let plain = "provider: openai-completions, base_url: \"http://h/v1\""

    @Test func `headers, fields and flags are read`() throws {
        let result = load(
            chat
                + ", headers: {X-A: one, X-B: {env: B_KEY}}, body: {chat_template_kwargs: {enable_thinking: no}, k: "
                + "2.5}, "
                + "continue_flags: yes, extra_sampling: never, max_tokens_key: max_completion_tokens")
        let wire = try #require(result.suite, "\(result.rendered)").models[0].wire
        #expect(wire.headers.map(\.name) == ["X-A", "X-B"])
        #expect(wire.headers.map(\.value) == [.text("one"), .environment("B_KEY")])
        #expect(
            JSONValue.object(wire.body).canonicalText == #"{"chat_template_kwargs":{"enable_thinking":false},"k":2.5}"#)
        #expect(wire.sendsContinueFlags && wire.extraSampling == .never && wire.maxTokensKey == .maxCompletionTokens)
    }

    @Test func `a model's thinking is told by marks, by none, or by what is known`() throws {
        func format(_ reasoning: String) throws -> ReasoningFormat {
            let result = load(chat + reasoning)
            return try #require(result.suite, "\(result.rendered)").models[0].reasoning
        }
        #expect(try format("") == .auto && format(", reasoning: auto") == .auto)
        #expect(try format(", reasoning: none") == ReasoningFormat.none)
        #expect(
            try format(", reasoning: {open: <t>, close: </t>, opened_by_template: yes}")
                == .marks(ReasoningMarks(open: "<t>", close: "</t>"), isOpen: true))
        #expect(
            try format(", reasoning: {close: </t>}") == .marks(ReasoningMarks(open: "", close: "</t>"), isOpen: false))
        let suite = try #require(load(chat + ", reasoning: {close: </t>}").suite)
        #expect(suite.resolvedJSON().contains(#""close": "</t>""#))
        #expect(load(chat + ", reasoning: atuo").rendered.contains("did you mean `auto`"))
        #expect(load(chat + ", reasoning: [a]").rendered.contains("`auto`, `none` or a mapping"))
        #expect(load(chat + ", reasoning: {open: <t>}").rendered.contains("`close`"))
        #expect(load("provider: command, command: [a], reasoning: none").rendered.contains("means nothing"))
    }

    @Test func `a template is chatml or frames, for plain prompts`() throws {
        #expect(try #require(load(plain + ", template: chatml").suite).models[0].wire.template == .chatML)
        let frames = "{system: {before: a, after: b}, user: {before: c, after: d}, assistant: {before: e, after: \"\"}}"
        #expect(
            try #require(load(plain + ", template: \(frames)").suite).models[0].wire.template
                == .frames(
                    system: .init(before: "a", after: "b"), user: .init(before: "c", after: "d"),
                    assistant: .init(before: "e", after: "")))
        let native = "provider: llama.cpp, base_url: \"http://h\", api: completion, template: chatml"
        #expect(try #require(load(native).suite).models[0].wire.usesCompletion)
    }

    @Test(arguments: [
        ("body: {temperature: 1}", "the field `temperature` is evalh's own to write"),
        ("headers: {Host: x}", "the header `Host` is evalh's own to write"),
        ("headers: {X-A: one, x-a: two}", "the header `x-a` is here twice"),
        ("headers: {\"a b\": one}", "`a b` in `headers` must be a header's name"),
        ("headers: {X-A: \"one\\ntwo\"}", "must be text without line breaks"),
        ("headers: {Authorization: x}, api_key_env: KEY", "`api_key_env` writes the header `Authorization` already"),
        ("headers: {X-A: {variable: B}}", "unknown key `variable`"),
        ("template: chatml", "`template` is for plain prompts; chat servers have their own"),
        ("api: completion", "`api` means nothing to the provider `openai`"),
        ("extra_sampling: sometimes", "unknown extra_sampling `sometimes`"),
    ])
    func `what cannot be is told with its place`(keys: String, message: String) {
        let result = load(chat + ", " + keys)
        #expect(result.suite == nil)
        #expect(result.rendered.contains(message), "\(result.rendered)")
    }

    @Test func `an unknown template names the one there is`() {
        let result = load(plain + ", template: llama3")
        #expect(result.rendered.contains("unknown template `llama3`") && result.rendered.contains("`chatml`"))
    }

    @Test func `a lock file has names of headers and no values`() throws {
        let suite = try #require(load(chat + ", headers: {X-Key: abc}, body: {a: [1, 2]}").suite)
        let text = suite.models[0].wire.resolved.canonicalText
        #expect(text == #"{"body":{"a":[1,2]},"headers":["X-Key"]}"#)
    }
}
