internal import Completions
internal import Dispatch
internal import JSON
internal import PluginHost
internal import Synchronization

/// Tests of graders: pure functions from an answer to a score.
enum GraderTests {
    static let all = [
        CheckTest("grader.runs", .grader, "answers that it cannot grade, scores out of [0, 1]", run: runs),
        CheckTest(
            "grader.pure", .grader, "another grade for the same answer, at another time, thread or place",
            isRepeated: true, run: pure),
        CheckTest(
            "grader.extract", .grader, "canonical answers that it does not find in themselves", run: extract),
        CheckTest("grader.same", .grader, "an equality that is not reflexive or not symmetric", run: same),
        CheckTest(
            "grader.texts", .grader, "texts that are empty, long, or full of rare characters", patience: 3, run: texts),
        CheckTest("grader.targets", .grader, "targets and fields that it crashes at", patience: 2, run: targets),
        CheckTest(
            "grader.parameters", .grader, "parameters, legal or not, that it crashes or hangs at", patience: 2,
            run: parameters),
        CheckTest("grader.leaks", .grader, "memory that grades leave behind", patience: 10, run: leaks),
    ]

    struct Case {
        var answer: String
        var target: String
        var fieldsJSON: String
        var finish = FinishReason.stop

        var words: String {
            "answer \(StrategyTests.excerpt(JSONValue.string(answer).text)), target "
                + StrategyTests.excerpt(JSONValue.string(target).text)
        }
    }

    private static let fields = #"{"input":"What is 40 + 2?","target":"42","numbers":[40,2],"options":["41","42"]}"#

    /// Answers as models write them.
    private static let answers = [
        "The answer is 42.\n#### 42", "#### 41", "42", "\\boxed{42}", "\\boxed{\\frac{84}{2}}", "B", "(A)",
        "The answer is (B).", "**Answer: B**", "84/2", "4.2e1", "42 %", "0.42", "forty-two", "x^2 + 1", "no idea",
        "40 + 2 = 42", "42,000.5", "-42", "1/3", "yes", "```python\nprint(42)\n```",
    ]
    private static let targets = ["42", "B", "1", "x^2+1", "yes", ""]

    static let ordinaryCases = answers.flatMap { answer in
        targets.map { Case(answer: answer, target: $0, fieldsJSON: fields) }
    }

    /// Opens it; the test is left out where it refuses its parameters.
    private static func opened(_ context: CheckContext) throws -> PluginGrader? {
        context.at("create")
        do { return try context.grader() } catch let fault as PluginFault {
            context.skip("it refuses these parameters: \(fault.message)")
            return nil
        }
    }

    private static func grade(_ grader: PluginGrader, _ input: Case, _ context: CheckContext) -> String {
        context.at("grade, \(input.words)")
        let (text, fault) = given(grader, input)
        // A score out of range is the plugin's mistake; a target it cannot read is the data's.
        if let fault, fault.contains("not within") {
            context.fail("\(fault) (\(input.words))", "scores are from 0 to 1")
        }
        return text
    }

    /// The grade as text, and why there is none.
    private static func given(_ grader: PluginGrader, _ input: Case) -> (text: String, fault: String?) {
        do throws(PluginFault) {
            let grade = try grader.grade(
                answer: input.answer, target: input.target, fieldsJSON: input.fieldsJSON, finish: input.finish)
            return ("\(grade.score) \(grade.strictScore) \(grade.extracted ?? "-") \(grade.stage)", nil)
        } catch {
            return ("failed: \(error.message)", error.message)
        }
    }

    private static func runs(_ context: CheckContext) throws {
        context.at("create")
        let grader: PluginGrader
        do { grader = try context.grader() } catch let fault as PluginFault {
            context.refused(fault.message)
            return
        }
        var failures: [String] = []
        for input in ordinaryCases {
            let result = grade(grader, input, context)
            if result.hasPrefix("failed") { failures.append("\(result) (\(input.words))") }
            if result == "failed: grade failed: no reason given" {
                context.warn("fails without a reason (\(input.words))", "put a text into out->explanation")
            }
        }
        if failures.count == ordinaryCases.count {
            context.fail(
                "grades none of \(failures.count) answers; the first \(failures[0])",
                "a grader that needs other fields is to be tried by a suite")
        }
        context.measure("grades", "\(ordinaryCases.count - failures.count) of \(ordinaryCases.count) given")
    }

    private static func pure(_ context: CheckContext) throws {
        guard let grader = try opened(context) else { return }
        let first = ordinaryCases.map { grade(grader, $0, context) }
        context.evidence(first)
        let again = ordinaryCases.reversed().map { grade(grader, $0, context) }
        compare(first, again.reversed(), "graded again in another order", context)
        let other = try context.grader()
        compare(first, ordinaryCases.map { grade(other, $0, context) }, "graded by another instance", context)
        context.at("grade, from four threads at once")
        let found = Mutex([[String]]())
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            let grades = ordinaryCases.map { given(grader, $0).text }
            found.withLock { $0.append(grades) }
        }
        for grades in found.withLock({ $0 }) { compare(first, grades, "graded from several threads at once", context) }
    }

    private static func compare(_ first: [String], _ again: [String], _ what: String, _ context: CheckContext) {
        for (place, pair) in zip(first, again).enumerated() where pair.0 != pair.1 {
            context.fail(
                "\(what): \(pair.0), then \(pair.1) (\(ordinaryCases[place].words))",
                "a grader is stateless after create: the same input gives the same output")
            return
        }
    }

    private static func extract(_ context: CheckContext) throws {
        guard let grader = try opened(context) else { return }
        var found = 0
        for answer in answers {
            context.at("extract from \(answer)")
            guard let canonical = try? grader.extract(answer, fieldsJSON: fields) else { continue }
            found += 1
            context.at("extract from its own canonical answer \(canonical.answer)")
            let again = try? grader.extract(canonical.answer, fieldsJSON: fields)
            if let again, again.answer != canonical.answer, !grader.areSame(canonical.answer, again.answer) {
                context.warn(
                    "finds \(JSONValue.string(again.answer).text) in its own canonical answer "
                        + "\(JSONValue.string(canonical.answer).text) (of \(JSONValue.string(answer).text))",
                    "strategies that pass canonical answers on would vote for something else")
            }
        }
        if found == 0 { context.skip("it finds no answers in texts") }
    }

    private static func same(_ context: CheckContext) throws {
        guard let grader = try opened(context) else { return }
        var canonical: [String] = []
        for answer in answers {
            context.at("extract from \(answer)")
            guard let found = try? grader.extract(answer, fieldsJSON: fields) else { continue }
            if !canonical.contains(found.answer) { canonical.append(found.answer) }
        }
        canonical += ["", "1", "2", "1.0", "50 %", "1/2", "0.5", "a", "A"].filter { !canonical.contains($0) }
        for first in canonical {
            context.at("same(\(first), \(first))")
            guard let reflexive = grader.rawSame(first, first) else {
                context.skip("it offers no `same`: equal bytes mean the same")
                return
            }
            if reflexive != 0, reflexive != 1 {
                context.fail("same returned \(reflexive)", "1 or 0, nothing else")
            }
            // Only what extract gives is promised to be a canonical answer.
            if reflexive == 0, (try? grader.extract(first, fieldsJSON: fields))?.answer == first {
                context.fail("same(\(first), \(first)) is 0", "every answer means the same as itself")
            }
            for other in canonical where other != first {
                context.at("same(\(first), \(other))")
                if grader.rawSame(first, other) != grader.rawSame(other, first) {
                    context.fail(
                        "same(\(first), \(other)) and same(\(other), \(first)) differ",
                        "votes would depend on which answer came first")
                }
            }
        }
    }

    private static func texts(_ context: CheckContext) throws {
        guard let grader = try opened(context) else { return }
        var texts = ["", " ", "\n", "\u{0}", "####", "\\boxed{", String(repeating: "\\boxed{", count: 20_000)]
        for style in [ScriptedModel.Style.characters, .huge, .thinking] {
            texts.append(
                ScriptedModel(seed: context.seed, style: style).completion(
                    to: [], prefix: "", SamplingParameters(maxTokens: 10_000_000), index: 0
                ).text)
        }
        texts += [
            String(repeating: "(", count: 1 << 20), String(repeating: "9", count: 1 << 20), "#### 1e999999999",
            "\\boxed{" + String(repeating: "\\frac{1}{", count: 5000), String(repeating: "1+", count: 100_000),
        ]
        for text in texts {
            for finish in [FinishReason.stop, .length] {
                let input = Case(answer: text, target: "42", fieldsJSON: fields, finish: finish)
                _ = grade(grader, input, context)
            }
            context.at("extract from a text of \(text.utf8.count) bytes")
            _ = try? grader.extract(text, fieldsJSON: fields)
            context.at("same of a text of \(text.utf8.count) bytes")
            if text.utf8.count < 1 << 16 { _ = grader.rawSame(text, "42") }
        }
    }

    private static func targets(_ context: CheckContext) throws {
        guard let grader = try opened(context) else { return }
        let targets = [
            "", "42", "A", "\u{0}", "[\"a\",\"b\"]", "{}", "{\"a\":1}", "\u{1F600}",
            String(repeating: "7", count: 1 << 20),
            "not a number", "1/0", "-0", "inf", "nan", "((((", "\\frac{1}{0}", String(repeating: "[", count: 100_000),
        ]
        let fields = [
            fields, "{}", "{\"options\":[]}", "{\"options\":{}}", "{\"options\":\"A\"}", "{\"numbers\":null}", "[]", "",
            "{", "{\"options\":[" + String(repeating: "\"x\",", count: 5000) + "\"x\"]}",
        ]
        for target in targets {
            for text in fields {
                let input = Case(answer: "#### 42", target: target, fieldsJSON: text)
                _ = grade(grader, input, context)
                context.at("expected, \(input.words)")
                _ = grader.expected(target: target, fieldsJSON: text)
            }
        }
    }

    private static func parameters(_ context: CheckContext) throws {
        let schema = context.schema ?? .object([])
        var fuzz = ParameterFuzz(schema, seed: context.seed)
        let base = try JSONValue(parsing: context.parametersJSON)
        for parameters in fuzz.legal(base, mixtures: 24).map(\.text) + fuzz.illegal(base) {
            context.at("create with \(StrategyTests.excerpt(parameters))")
            guard let grader = try? context.grader(parameters) else { continue }
            for input in ordinaryCases.prefix(12) { _ = grade(grader, input, context) }
        }
    }

    private static func leaks(_ context: CheckContext) throws {
        guard try opened(context) != nil else { return }
        try Leaks.measure(context, of: "grade") { number in
            let grader = try context.grader()
            for place in 0..<4 {
                let input = ordinaryCases[(number + place * 7) % ordinaryCases.count]
                _ = try? grader.grade(
                    answer: input.answer, target: input.target, fieldsJSON: input.fieldsJSON, finish: input.finish)
                _ = try? grader.extract(input.answer, fieldsJSON: input.fieldsJSON)
            }
        }
    }
}
