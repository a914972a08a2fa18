import Completions
import EvalhStatistics
import Foundation
import JSON
import Testing

@testable import SuiteModel

@Suite("Prompts")
struct PromptTests {
    let folder: TemporaryFolder
    let cache: DatasetCache

    init() throws {
        folder = try TemporaryFolder()
        cache = DatasetCache(folder: folder.path)
    }

    /// A suite over `rows` with this `prompt:`.
    private func suite(_ prompt: String, rows: String = #"{"input":"2+2?","target":"4","hint":"add"}"#) throws
        -> SuiteModel.Suite
    {
        _ = try folder.write("data.jsonl", rows + "\n")
        let result = load(
            "x-a: 1\nevalh: 1\ndataset: {path: \(folder.path)/data.jsonl}\nmodels: {main: {provider: "
                + "reference}}\narms: [greedy]\ngrader: exact\n"
                + prompt)
        try #require(result.suite != nil, "\(result.rendered)")
        return try #require(result.suite)
    }

    private func messages(_ prompt: String, rows: String = #"{"input":"2+2?","target":"4","hint":"add"}"#) throws
        -> [ChatMessage]
    {
        let suite = try suite(prompt, rows: rows)
        let item = try #require(try DatasetReader(suite.dataset, cache: cache).next())
        return try PromptRenderer(suite, cache: cache).render(item)
    }

    @Test("without a prompt the input is the user's message")
    func plain() throws {
        #expect(try messages("") == [ChatMessage(role: .user, content: "2+2?")])
    }

    @Test("nothing is escaped, and tags in data stay text")
    func plainText() throws {
        let row = #"{"input":"a < b & \"c\" 'd' {{hint}} {{{hint}}} {{#x}}","target":"4","hint":"<b>"}"#
        let got = try messages(
            "prompt: {system: \"{{hint}} & <i>\", user: \"{{ input }}|{{{input}}}|{{& hint}}\"}", rows: row)
        let input = #"a < b & "c" 'd' {{hint}} {{{hint}}} {{#x}}"#
        #expect(got[0] == ChatMessage(role: .system, content: "<b> & <i>"))
        #expect(got[1].content == "\(input)|\(input)|<b>")
    }

    @Test("blanks and lines of a template stay as they are")
    func blanks() throws {
        let got = try messages("prompt:\n  user: |\n\n    Question: {{ input }}\n\n    Answer:\n")
        #expect(got[0].content == "\nQuestion: 2+2?\n\nAnswer:\n")
        #expect(try messages("prompt: {user: \"  {{input}}  \"}")[0].content == "  2+2?  ")
    }

    @Test("sections, inverted sections, nested values and other delimiters")
    func sections() throws {
        let row =
            #"{"input":"q","target":"a","n":3.50,"yes":true,"no":false,"nil":null,"list":["x","y"],"o":{"k":"v"},"rows":[{"c":1},{"c":2}]}"#
        func render(_ template: String) throws -> String {
            let yaml = JSONValue.string(template).canonicalText
            return try messages("prompt: {user: \(yaml)}", rows: row)[0].content
        }
        #expect(try render("{{n}}{{#yes}}+{{/yes}}{{#no}}-{{/no}}{{^no}}!{{/no}}{{^nil}}0{{/nil}}") == "3.50+!0")
        #expect(
            try render("{{#list}}<{{.}}>{{/list}}{{o.k}}{{#o}}{{k}}{{/o}}{{#rows}}{{c}};{{/rows}}") == "<x><y>vv1;2;")
        #expect(try render("{{=<% %>=}}{{x}} <% input %>{{! no comment }}") == "{{x}} q{{! no comment }}")
        #expect(try render("a{{! a comment }}b{{uppercased(input)}}") == "abQ")
    }

    @Test("a variable that an item lacks is a located error, a section that it lacks is passed over")
    func missingInItem() throws {
        #expect(
            try messages("prompt: {user: \"{{input}}{{#context}} in {{context}}{{/context}}\"}")[0].content == "2+2?")
        let suite = try suite("prompt: {user: \"{{input}} {{hnt}}\"}")
        let item = try #require(try DatasetReader(suite.dataset, cache: cache).next())
        let renderer = try PromptRenderer(suite, cache: cache)
        let failure = #expect(throws: PromptFailure.self) { try renderer.render(item) }
        #expect(failure?.diagnostics.first?.hint == "did you mean `hint`?")
        #expect(failure?.diagnostics.first?.column == 27)
    }

    @Test("an item kept in a journal renders the same")
    func fromJournal() throws {
        let suite = try suite("prompt: {user: \"{{input}} {{hint}}\"}")
        let item = try #require(try DatasetReader(suite.dataset, cache: cache).next())
        let kept = try DatasetItem(
            ordinal: 0, id: item.id, input: item.input, target: item.target, fieldsJSON: item.fieldsJSON)
        let renderer = try PromptRenderer(suite, cache: cache)
        #expect(try renderer.render(kept) == (try renderer.render(item)))
    }

    @Test("examples come as pairs before the question")
    func fewShot() throws {
        let got = try messages(
            """
            prompt:
              system: S
              user: "Q: {{ input }}"
              assistant: "A: {{ target }}"
              few_shot:
                - {input: 1+1, target: 2}
                - {input: "<3>", target: "{{input}}"}
            """)
        #expect(got.map(\.role) == [.system, .user, .assistant, .user, .assistant, .user])
        #expect(got.map(\.content) == ["S", "Q: 1+1", "A: 2", "Q: <3>", "A: {{input}}", "Q: 2+2?"])
    }

    @Test("examples may come from a file, with a template of their own")
    func fewShotFile() throws {
        let path = try folder.write("train.csv", "input,target\na,1\nb,2\nc,3\n")
        let got = try messages("prompt: {few_shot: {path: \(path), count: 2}, few_shot_template: \"E {{input}}\"}")
        #expect(got.map(\.content) == ["E a", "1", "E b", "2", "2+2?"])
        let suite = try suite("prompt: {few_shot: {path: \(path), count: 9}}")
        #expect(throws: PromptFailure.self) { try PromptRenderer(suite, cache: cache) }
    }

    @Test("the fingerprint changes with templates and examples")
    func fingerprint() throws {
        let prints = try ["", "prompt: {user: \"{{input}}\"}", "prompt: {few_shot: [{input: a, target: b}]}"].map {
            try PromptRenderer(try suite($0), cache: cache).fingerprint
        }
        #expect(Set(prints).count == 3)
        #expect(try PromptRenderer(try suite(""), cache: cache).fingerprint == prints[0])
    }

    @Test(
        "templates that are not well-formed are located",
        arguments: [
            ("{{ input", 1), ("ab {{}}", 4), ("{{#a}}", 1), ("{{/a}}", 1), ("{{#a}}{{/b}}", 7), ("{{> file}}", 1),
            ("{{a b}}", 1),
            ("{{=x=}}", 1), ("{{{a}}", 1), ("{{% CONTENT_TYPE:HTML}}", 1), ("{{a{b}}", 1), ("{{\n}}", 1),
            ("{{<a}}{{/a}}", 1),
            ("{{$a}}{{/a}}", 1),
        ])
    func malformed(template: String, column: Int) {
        let mistakes = TemplateScanner.scan(template).mistakes
        #expect(!mistakes.isEmpty)
        #expect(mistakes.first?.offset == column - 1)
    }

    @Test("templates the scanner accepts are read by the renderer, whatever they are")
    func fuzz() throws {
        var random = SplitMix64(seed: 5)
        let parts = [
            "{{", "}}", "{{{", "}}}", "#a", "^a", "/a", "a", " ", "\n", "!", "&", "=<% %>=", "<%", "%>", ".", "up(a)",
            "lowercased(a)", "é",
            "\\", "=", "{{=", "=}}",
        ]
        var accepted = 0
        for _ in 0..<4000 {
            let text = (0..<Int(random.draw(below: 9))).map { _ in parts[Int(random.draw(below: UInt64(parts.count)))] }
                .joined()
            guard TemplateScanner.scan(text).mistakes.isEmpty else { continue }
            accepted += 1
            do throws(PromptFailure) {
                _ = try PromptTemplate(TemplateText(text: text, origin: TextOrigin(span: .file("f")))).render([
                    ("a", .string("v"))
                ])
            } catch {
                #expect(error.diagnostics.first?.message.isEmpty == false)
            }
        }
        #expect(accepted > 100)
    }
}

@Suite("Validation of suite and data together")
struct SuiteValidatorTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func validate(_ prompt: String, rows: String, grade: SuiteValidator.GoldGrader? = nil) throws -> String {
        _ = try folder.write("data.jsonl", rows)
        let source = SourceText(
            name: "s.yaml",
            text: """
                evalh: 1
                dataset: {path: \(folder.path)/data.jsonl, fields: {input: question, target: answer}}
                models: {main: {provider: reference}}
                arms: [greedy]
                grader: exact
                \(prompt)
                """)
        let result = SuiteLoader().load(source: source, vocabulary: { _ in testVocabulary })
        try #require(result.suite != nil, "\(result.rendered)")
        let report = SuiteValidator(cache: DatasetCache(folder: folder.path)).validate(
            try #require(result.suite), gradeGold: grade)
        return DiagnosticRenderer(sources: result.sources + report.sources).render(report.diagnostics)
            .replacingOccurrences(of: folder.path, with: "DIR")
    }

    private let rows = (0..<5).map { #"{"question":"What is \#($0)?","answer":"\#($0)","topic":"t"}"# + "\n" }.joined()

    @Test("a suite that fits its data has no mistakes")
    func good() throws {
        #expect(try validate("prompt: {user: \"{{topic}}: {{question}} {{input}}\"}", rows: rows) { _ in 1 } == "")
    }

    @Test("an unknown variable is shown in its line with the nearest name")
    func unknownVariable() throws {
        let text = try validate(
            "prompt:\n  user: |\n    Topic: {{ topic }}\n    Q: {{ qestion }}, {{ answer }}\n", rows: rows)
        #expect(
            text == """
                s.yaml:9:8: error: unknown variable `qestion`
                  9 |     Q: {{ qestion }}, {{ answer }}
                    |        ^~~~~~~~~~~~~
                    = did you mean `question`?
                s.yaml:9:23: error: `answer`, the expected answer, is known in few-shot examples only
                  9 |     Q: {{ qestion }}, {{ answer }}
                    |                       ^~~~~~~~~~~~
                    = a question must not contain its answer

                """)
    }

    @Test("a section that no item has is a mistake, one that some have is not")
    func unknownSection() throws {
        let mixed = rows + "{\"question\":\"q\",\"answer\":\"a\",\"more\":\"m\"}\n"
        let text = try validate("prompt: {user: \"{{input}}{{#topc}}x{{/topc}}\"}", rows: mixed)
        #expect(text.contains("unknown variable `topc`") && text.contains("did you mean `topic`?"))
        let first = "{\"question\":\"q\",\"answer\":\"a\",\"more\":\"m\"}\n" + rows
        #expect(try validate("prompt: {user: \"{{input}}{{#more}}x{{/more}}\"}", rows: first) == "")
    }

    @Test("a grader that does not give the expected answer 1 is an error at the grader")
    func gold() throws {
        let text = try validate("", rows: rows) { $0.target == "1" ? 0 : 1 }
        #expect(text.hasPrefix("s.yaml:5:9: error: the grader `exact` gives the expected answer `1`"))
        #expect(text.contains("a score of 0"))
    }

    @Test("an example that is a test item is a warning")
    func leak() throws {
        let text = try validate(
            "prompt:\n  few_shot:\n    - {question: other, answer: 1}\n    - {question: \"what  IS 4?\", answer: 4}\n",
            rows: rows)
        #expect(text.hasPrefix("s.yaml:9:7: warning: a few-shot example is the test item"))
        #expect(text.contains("line 5 of the data set"))
    }

    @Test("mistakes of prompt and data come together")
    func together() throws {
        let text = try validate("prompt: {user: \"{{nope}}\"}", rows: rows + "{\"question\":1}\nx\n")
        #expect(text.contains("unknown variable `nope`"))
        #expect(text.contains("DIR/data.jsonl:6:1: error: this row lacks the field `answer`"))
        #expect(text.contains("DIR/data.jsonl:7:1: error: not JSON"))
    }
}
