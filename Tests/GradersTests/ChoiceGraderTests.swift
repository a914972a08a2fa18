import Foundation
import PluginHost
import Testing

/// How models name the option they choose. `Fixtures/choice-forms.txt` has a form a line: ⟦L⟧ is the letter that is
/// meant, ⟦l⟧ the same in lower case, ⟦X⟧ another one, `\n` a line's end.
struct ChoiceGraderTests {
    private static let letters = ["A", "B", "C", "D", "E", "F", "G", "H"]

    private static let forms: [String] = {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/choice-forms.txt")
        let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { $0.replacingOccurrences(of: "\\n", with: "\n") }
    }()

    private func text(_ form: String, _ place: Int) -> String {
        // Another letter than the right one, and than A, which may be an article.
        let other = Self.letters[place == 3 ? 4 : 3]
        return form.replacingOccurrences(of: "⟦L⟧", with: Self.letters[place])
            .replacingOccurrences(of: "⟦l⟧", with: Self.letters[place].lowercased())
            .replacingOccurrences(of: "⟦X⟧", with: other)
    }

    @Test func `two thousand forms are read right, and wrong targets score 0`() throws {
        let grader = try GraderUnderTest("choice")
        #expect(Self.forms.count * Self.letters.count >= 2_000)
        for form in Self.forms {
            for place in Self.letters.indices {
                let text = text(form, place)
                let grade = try grader.grade(text, Self.letters[place])
                #expect(
                    grade.score == 1,
                    "\(text.debugDescription) read as \(grade.extracted ?? "nothing") by \(grade.stage)")
                let wrong = try grader.grade(text, Self.letters[(place + 1) % Self.letters.count])
                #expect(wrong.score == 0)
                #expect(try grader.extract(text)?.answer == Self.letters[place])
            }
        }
    }

    @Test(arguments: [
        "The answer is A train.", "Because", "no idea", "I think", "I don't know.", "The answer is not B.",
        "Option C is wrong because it ignores drag.", "A train moves at 5 m/s.", "Is it B?", "The answer is A or B.",
        "Either B or C.", "Both A and C are correct.", "A good answer needs more data.", "a train", "",
        "The answer depends on the context.", "If B is correct, C is not.", "Why is B wrong?", "None of the above",
        "f(A) + g(B) = 3", "The answer is A-level physics.", "Vitamin-C helps.", "x_A = 3",
    ]) func `what names no option is no answer`(_ text: String) throws {
        let grade = try GraderUnderTest("choice").grade(text, "A")
        #expect(grade.score == 0 && grade.extracted == nil, "read as \(grade.extracted ?? "nothing") by \(grade.stage)")
    }

    // MARK: Options of the item

    private static let capitals = #"{"choices":["Paris","London","Rome","Berlin"],"answer":2}"#

    @Test(arguments: [
        ("C", "C"), ("Rome", "C"), ("The answer is Rome.", "C"), ("The capital is Rome.", "C"), ("\\boxed{Rome}", "C"),
        ("<answer>Rome</answer>", "C"), ("It is not Paris. The answer is Rome", "C"), ("**Rome**", "C"),
        ("The correct answer is London, not Rome.", "B"), ("The answer is (C) Rome", "C"), ("E", nil), ("Madrid", nil),
        ("Answer: the Rome", "C"), ("It is Paris or Rome.", nil),
    ]) func `an option may be chosen by its text, and the target may be its place`(_ text: String, _ letter: String?)
        throws
    {
        let grader = try GraderUnderTest("choice")
        let grade = try grader.grade(text, "2", fieldsJSON: Self.capitals)
        #expect(grade.extracted == letter && grade.score == (letter == "C" ? 1 : 0), "by \(grade.stage)")
        #expect(try grader.extract(text, fieldsJSON: Self.capitals)?.answer == letter)
    }

    @Test(arguments: [
        (#"{"choices":{"text":["a rock","a tree","the sun"],"label":["A","B","C"]},"answerKey":"C"}"#, "C", "the sun"),
        (#"{"choices":{"text":["a rock","a tree","the sun"],"label":["1","2","3"]},"answerKey":"3"}"#, "3", "3"),
        (#"{"choices":{"text":["a rock","a tree","the sun"],"label":["1","2","3"]},"answerKey":"3"}"#, "3", "C"),
        (#"{"question":{"choices":[{"label":"A","text":"a rock"},{"label":"B","text":"the sun"}]}}"#, "B", "the sun"),
        (#"{"options":{"A":"a rock","B":"the sun"},"answer_idx":"B"}"#, "B", "the sun"),
        (#"{"options":["A)21","B)21.5","C)22"],"correct":"C"}"#, "C", "The answer is 22."),
        (#"{"A":"a rock","B":"the sun","answer":"B"}"#, "B", "the sun"),
        (#"{"option1":"Ann","option2":"Eve","answer":"B"}"#, "B", "It was Eve."),
        (#"{"endings":["falls","flies"],"label":"1"}"#, "1", "flies"),
        (#"{"choices":["3","4","5","6"],"answer":2}"#, "2", "The answer is 5."),
        (#"{"choices":["a rock","the sun"],"answer":"the sun"}"#, "the sun", "B"),
    ]) func `options are found where data sets have them`(_ fields: String, _ target: String, _ text: String) throws {
        let grader = try GraderUnderTest("choice")
        #expect(try grader.grade(text, target, fieldsJSON: fields).score == 1)
        #expect(try grader.grade("A", target, fieldsJSON: fields).score == 0)
        #expect(grader.expected(target, fieldsJSON: fields) != nil)
    }

    @Test func `a suite may say where options are and what the target is`() throws {
        let fields = #"{"meta":{"list":["Paris","Rome"]},"cop":2}"#
        let grader = try GraderUnderTest("choice", #"{"options":"meta.list","target":"number"}"#)
        #expect(try grader.grade("Rome", "2", fieldsJSON: fields).score == 1)
        #expect(grader.expected("2", fieldsJSON: fields) == "B" && grader.expected("3", fieldsJSON: fields) == nil)
        #expect(
            try grader.grade("B", "3", fieldsJSON: fields).explanation?.contains("names none of the options") == true)
        let texts = try GraderUnderTest("choice", #"{"options":"meta.list","target":"text"}"#)
        #expect(try texts.grade("B", "Rome", fieldsJSON: fields).score == 1)
    }

    // MARK: Languages

    private static let foreign: [(language: String, form: String)] = [
        ("de", "Die richtige Antwort ist ⟦L⟧."), ("de", "Antwort: ⟦L⟧"), ("de", "Die Antwort lautet (⟦L⟧)."),
        ("es", "La respuesta correcta es ⟦L⟧."), ("es", "Respuesta: ⟦L⟧"), ("fr", "La bonne réponse est ⟦L⟧."),
        ("fr", "Réponse : ⟦L⟧"), ("it", "La risposta corretta è ⟦L⟧."), ("pt", "A resposta correta é a letra ⟦L⟧."),
        ("nl", "Het juiste antwoord is ⟦L⟧."), ("ru", "Правильный ответ: ⟦L⟧"), ("zh", "答案是⟦L⟧"), ("zh", "答案：⟦L⟧"),
        ("zh", "所以选⟦L⟧。"), ("zh", "答案为（⟦L⟧）"), ("ja", "答えは⟦L⟧です。"), ("ko", "정답은 ⟦L⟧입니다."),
        ("ar", "الإجابة الصحيحة هي ⟦L⟧"), ("hi", "सही उत्तर ⟦L⟧ है।"), ("tr", "Doğru cevap: ⟦L⟧"),
        ("vi", "Đáp án đúng là ⟦L⟧."),
        ("pl", "Poprawna odpowiedź to ⟦L⟧."),
    ]

    @Test func `other languages are read where the suite names them`() throws {
        for (language, form) in Self.foreign {
            let grader = try GraderUnderTest("choice", #"{"languages":["\#(language)"]}"#)
            for place in 0..<4 {
                let grade = try grader.grade(text(form, place), Self.letters[place])
                #expect(
                    grade.score == 1, "\(text(form, place)) read as \(grade.extracted ?? "nothing") by \(grade.stage)")
            }
        }
        let own = try GraderUnderTest("choice", #"{"phrases":["Välj"]}"#)
        #expect(try own.grade("Välj B, tack. Inte C.", "B").score == 1)
        let russian = try GraderUnderTest("choice", #"{"letters":"АБВГ","languages":["ru"]}"#)
        #expect(try russian.grade("Ответ: В", "В").score == 1)
    }

    struct Answer: Decodable, Sendable, CustomTestStringConvertible {
        var text: String
        /// `nil`: none is chosen.
        var letter: String?
        var testDescription: String { "\(text.prefix(60))" }

        static let all: [Answer] = {
            let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
                "Fixtures/choice.jsonl")
            let text = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").compactMap {
                try? JSONDecoder().decode(Answer.self, from: Data($0.utf8))
            }
        }()
    }

    @Test(arguments: Answer.all) func `a whole answer`(_ answer: Answer) throws {
        let grade = try GraderUnderTest("choice").grade(answer.text, answer.letter ?? "A")
        #expect(grade.extracted == answer.letter, "by \(grade.stage)")
    }

    @Test func `cases that were wrong once`() throws {
        let grader = try GraderUnderTest("choice")
        for (text, letter) in [
            ("The correct option is B. Option C is wrong since it ignores drag.", "B"),
            ("Answer: B\n\nWhy not option D: it would need twice the energy.", "B"),
            ("The energy is \\boxed{E}.\n\n**Answer: D**", "D"), ("d", "D"), ("b. 4", "B"),
            ("The answer is A and not B.", "A"), ("Answer: B\n\nQuestion: What else?\nAnswer: C", "B"),
        ] {
            #expect(try grader.grade(text, letter).score == 1, "\(text)")
        }
        #expect(try grader.grade("Answer: B", "B", isUnfinished: true).score == 0)
    }
}
