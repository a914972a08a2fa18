import Completions
import Testing

/// What is thought and what is answer, in the shapes that models and their templates produce.
@Suite struct ReasoningFormatTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var text: String
        var answer: String
        var reasoning: String?
        var testDescription: String { text }

        init(_ text: String, _ answer: String, _ reasoning: String?) {
            (self.text, self.answer, self.reasoning) = (text, answer, reasoning)
        }
    }

    private static let shapes: [Shape] = [
        Shape("18", "18", nil),
        Shape("a < b and <b>bold</b>, 2 <= 3", "a < b and <b>bold</b>, 2 <= 3", nil),
        Shape("<think>12, no.</think>\n\nShe sells 18.", "She sells 18.", "12, no."),
        Shape("<think>\n\n</think>\n\n18", "18", "\n\n"),
        // The template opened it.
        Shape("12? No.\n</think>\n\n18", "18", "12? No.\n"),
        Shape("\n<THINK>12</Think>18", "18", "12"),
        Shape("Sure. <thinking>12</thinking> 18", "Sure.  18", "12"),
        Shape("<thought>12</thought>18", "18", "12"),
        Shape("<reasoning>12</reasoning>\n<answer>18</answer>", "<answer>18</answer>", "12"),
        Shape(
            "<|begin_of_thought|>12, no wait.<|end_of_thought|><|begin_of_solution|>\nWe find 18.<|end_of_solution|>",
            "We find 18.", "12, no wait."),
        Shape("<|begin_of_solution|>18<|end_of_solution|>", "18", nil),
        Shape("[THINK]12[/THINK]18", "18", "12"),
        Shape("<seed:think>12</seed:think>18", "18", "12"),
        Shape("◁think▷12◁/think▷18", "18", "12"),
        Shape("<|channel|>analysis<|message|>12<|end|><|channel|>final<|message|>18", "18", "12<|end|>"),
        // Several, and one that was made to go on after its end.
        Shape("<think>a</think>x<think>b</think>y", "xy", "ab"),
        Shape("<think>a</think> 7 Wait, b</think>18", "18", "a 7 Wait, b"),
        Shape("<think>use <think> tags</think>18", "18", "use <think> tags"),
        // A mark that is only spoken of is none.
        Shape(
            "The tag `<think>` opens it, \"</think>\" ends it.", "The tag `<think>` opens it, \"</think>\" ends it.",
            nil),
        Shape("<think>I end with `</think>` later</think>18", "18", "I end with `</think>` later"),
        Shape("<think>it is \"42\"</think>42", "42", "it is \"42\""),
        // Blanks may indent code; line ends behind a thought mean nothing.
        Shape("<think>x</think>\r\n\n    return 1\n", "    return 1\n", "x"),
        Shape("<think>für ½ 🦊</think>é", "é", "für ½ 🦊"),
    ]

    @Test(arguments: shapes) func `auto tells thought from answer`(shape: Shape) {
        #expect(
            ReasoningFormat.auto.split(shape.text)
                == ReasoningSplit(answer: shape.answer, reasoning: shape.reasoning))
        // What was taken apart stays as it is.
        #expect(ReasoningFormat.auto.split(shape.answer).answer == shape.answer)
        #expect(ReasoningFormat.none.split(shape.text) == ReasoningSplit(answer: shape.text))
    }

    @Test(arguments: [
        "<think>\n\\boxed{18} hmm but let me double", "<think>", "<think>a</think>18<think>but",
        "The answer is 18. <reasoning>Let me see", "<|begin_of_thought|>18", "a</think>18<think>b",
    ]) func `a thought without an end has no answer`(text: String) {
        let split = ReasoningFormat.auto.split(text)
        #expect(split.isUnfinished && split.answer.isEmpty && split.reasoning != nil)
    }

    @Test func `a template that opens the thought makes a text without an end unfinished`() {
        let format = ReasoningFormat.marks(ReasoningMarks(open: "<t>", close: "</t>"), isOpen: true)
        #expect(format.split("12 so 18", startsThought: true).isUnfinished)
        #expect(format.split("", startsThought: true).isUnfinished)
        #expect(format.split("12</t>18", startsThought: true) == ReasoningSplit(answer: "18", reasoning: "12"))
        // A model may write what the template wrote already.
        #expect(format.split(" <t>12</t>18", startsThought: true) == ReasoningSplit(answer: "18", reasoning: "12"))
        // A strategy's own text is not where the model began.
        #expect(format.split("18") == ReasoningSplit(answer: "18"))
        #expect(format.split("12</t>18").answer == "18")
        // Only these marks count.
        #expect(format.split("<think>12</think>18</t>7", startsThought: true).answer == "7")
        let closing = ReasoningFormat.marks(ReasoningMarks(open: "", close: "</t>"), isOpen: false)
        #expect(closing.split("12</t>18").answer == "18" && closing.split("18").answer == "18")
    }

    @Test(arguments: ["<think>", "</think>", "<", "<think", "<think></think>", "`<think>`", "[THINK]", "a\n"])
    func `hostile repetitions cost no more than their length`(unit: String) {
        let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
        let clock = ContinuousClock()
        let short = String(repeating: unit, count: 100_000 / unit.utf8.count)
        let one = clock.measure { for _ in 0..<10 { _ = ReasoningFormat.auto.split(short) } }
        let ten = clock.measure { _ = ReasoningFormat.auto.split(text) }
        // Ten times the text is about ten times the work; work that grows with the square would be a hundred times.
        #expect(ten < one * 5 + .milliseconds(100))
    }

    @Test func `a recorded thought keeps its beginning and its end`() {
        #expect(RecordedReasoning.bounded("short") == "short")
        let long = "first " + String(repeating: "é", count: 100_000) + " last"
        let kept = RecordedReasoning.bounded(long)
        #expect(kept.utf8.count < RecordedReasoning.limit + 100)
        #expect(kept.hasPrefix("first é") && kept.hasSuffix("é last") && kept.contains("bytes left out"))
    }
}
