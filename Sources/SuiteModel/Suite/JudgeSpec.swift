internal import JSON

/// What the grader `judge` is told: which model judges, what it is asked, and how its verdict is read and counted.
package struct JudgeSpec: Hashable, Sendable {
    package static let id = "judge"
    package static let title = "Another model judges answers: docs/grading-judge.md"
    /// Of what it asks and how it reads: another one judges otherwise.
    package static let version = "1.0.0"

    /// How the judge says its verdict.
    package enum Form: String, CaseIterable, Sendable {
        /// The last line of its text, `VERDICT: …`.
        case word
        /// A JSON object that the endpoint holds it to.
        case json
        /// The probability of its first word.
        case probability
    }

    /// What the judge is asked.
    package enum Template: Hashable, Sendable {
        /// Is the answer right, given the expected one?
        case correctness
        /// Which of two answers is better?
        case pairwise
        /// The suite's own Mustache text.
        case own(String)
    }

    /// How sessions without a verdict count.
    package enum Counting: String, CaseIterable, Sendable {
        case leftOut = "left_out"
        case wrong
    }

    /// What two orders of the answers come to that do not agree.
    package enum Disagreement: String, CaseIterable, Sendable {
        case tie
        case noVerdict = "no_verdict"
    }

    /// The judge's role among the suite's models.
    package var role: String
    /// Another judge, who is asked the same and whose verdicts are only compared; `nil`: none.
    package var second: String?
    package var template: Template
    package var form: Form
    /// Whether a judge of two answers sees them in both orders.
    package var swaps: Bool
    package var disagreement: Disagreement
    /// How often each order is asked, 1...100.
    package var repeats: Int
    package var noVerdict: Counting
    /// How likely a word must be against the other, 0.5..<1.
    package var certainty: Double
    /// The item's field with the other answer of two; `nil`: its target.
    package var baseline: String?
    /// The item's field with people's verdict; `nil`: there is none.
    package var labels: String?
    /// The item's field with the answer that people judged; `nil`: they judged every answer alike.
    package var labelsAnswer: String?
    /// The grader that finds the answers which strategies vote on; `nil`: none does.
    package var answers: String?
    /// The most characters of one text that are shown.
    package var limit: Int
    package var temperature: Double
    package var maxTokens: Int
    package var topLogprobs: Int

    /// Whether the judge compares two answers.
    package var isPairwise: Bool {
        switch template {
        case .correctness: false
        case .pairwise: true
        case .own(let text): Self.names(in: text).contains { $0 == "first" || $0 == "second" }
        }
    }

    /// What an answer takes.
    package var requestsPerAnswer: Int { (second == nil ? 1 : 2) * (isPairwise && swaps ? 2 : 1) * repeats }

    /// Whether items need a target.
    package var needsTarget: Bool {
        switch template {
        case .correctness: true
        case .pairwise: baseline == nil
        case .own(let text): Self.names(in: text).contains("target") || isPairwise && baseline == nil
        }
    }

    /// The names that a template's text looks up.
    static func names(in text: String) -> Set<String> {
        Set(TemplateScanner.scan(text).tags.map { PromptTemplate.root($0.name) })
    }

    /// - Parameter parametersJSON: checked against `parametersSchema`, defaults filled in.
    package init(parametersJSON: String) {
        let given = JSONValue(parsingOrNull: parametersJSON)
        func text(_ key: String) -> String? { given[key]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        func choice<Choice: RawRepresentable<String>>(_ key: String, _ fallback: Choice) -> Choice {
            text(key).flatMap(Choice.init(rawValue:)) ?? fallback
        }
        role = text("role") ?? ""
        second = text("second")
        template =
            switch text("template") ?? "correctness" {
            case "correctness": .correctness
            case "pairwise": .pairwise
            case let own: .own(own)
            }
        form = choice("verdict", .word)
        swaps = given["swap"]?.bool ?? true
        disagreement = choice("disagreement", .tie)
        repeats = given["repeats"]?.int ?? 1
        noVerdict = choice("no_verdict", .leftOut)
        certainty = given["certainty"]?.double ?? 0.5
        baseline = text("baseline")
        labels = text("labels")
        labelsAnswer = text("labels_answer")
        answers = text("answers")
        limit = given["limit"]?.int ?? 20_000
        temperature = given["temperature"]?.double ?? 0
        // A word is one token, but a model may begin with a blank.
        maxTokens = given["max_tokens"]?.int ?? (form == .probability ? 4 : 1024)
        topLogprobs = given["top_logprobs"]?.int ?? 5
    }
}

extension JudgeSpec {
    /// Values that it gives beside scores: gates may name them.
    package static let outputs = ["no_verdict_rate", "accuracy_corrected"]

    /// What suites may write under `with`.
    package static let parametersSchema = #"""
        {
          "type": "object", "required": ["role"],
          "properties": {
            "role": {"type": "string", "minLength": 1, "description": "Role of the model that judges."},
            "second": {"type": "string", "description": "Role of a second judge, whose agreement is reported."},
            "template": {"type": "string", "default": "correctness", "minLength": 1,
              "description": "`correctness`, `pairwise`, or a Mustache text of your own with {{ answer }}, or with {{ first }} and {{ second }}."},
            "verdict": {"type": "string", "enum": ["word", "json", "probability"], "default": "word",
              "description": "The last line `VERDICT: …`, a JSON object that the endpoint holds the judge to, or the probability of its first word."},
            "swap": {"type": "boolean", "default": true, "description": "Pairwise: ask in both orders."},
            "disagreement": {"type": "string", "enum": ["tie", "no_verdict"], "default": "tie",
              "description": "Pairwise: what orders that do not agree come to."},
            "repeats": {"type": "integer", "minimum": 1, "maximum": 100, "default": 1,
              "description": "How often each order is asked; the commonest verdict counts."},
            "no_verdict": {"type": "string", "enum": ["left_out", "wrong"], "default": "left_out",
              "description": "How a session counts that the judge could not tell about."},
            "certainty": {"type": "number", "minimum": 0.5, "exclusiveMaximum": 1, "default": 0.5,
              "description": "Probability: how likely a word must be against the other; below it is no verdict, or a tie."},
            "baseline": {"type": "string", "description": "Pairwise: the item's field with the other answer; the target if absent."},
            "labels": {"type": "string", "description": "The item's field with people's verdict: right, wrong or tie."},
            "labels_answer": {"type": "string",
              "description": "The item's field with the answer that people judged; absent: their verdict holds for every answer."},
            "answers": {"type": "string",
              "description": "A grader that finds the answers which strategies vote on, for example `exact`."},
            "limit": {"type": "integer", "minimum": 100, "maximum": 1000000, "default": 20000,
              "description": "The most characters of one text that the judge is shown."},
            "temperature": {"type": "number", "minimum": 0, "maximum": 10, "default": 0},
            "max_tokens": {"type": "integer", "minimum": 1, "maximum": 1000000,
              "description": "1024 if absent, 4 for probabilities."},
            "top_logprobs": {"type": "integer", "minimum": 2, "maximum": 100, "default": 5,
              "description": "Probability: how many likeliest tokens are looked at."}
          }
        }
        """#
}

extension Suite {
    /// How a model judges answers; `nil`: none does.
    package var judge: JudgeSpec? {
        grader.use == JudgeSpec.id ? JudgeSpec(parametersJSON: grader.parametersJSON) : nil
    }
}
