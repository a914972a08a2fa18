import EvalhPluginKit

struct ChoiceParameters: PluginParameters {
    enum Target: String, CaseIterable, ParameterValue {
        /// What fits: a label, else a place counted from 0, else an option's text.
        case automatic, letter
        /// Counted from 0.
        case index
        /// Counted from 1.
        case number
        case text
    }

    @Parameter("The letters that may be chosen, where the item does not label its options.") var letters =
        "ABCDEFGHIJ"
    @Parameter(
        """
        The item's field that holds the options, dots between levels: a list, labels with texts. Left out: `choices`, \
        `options`, `endings`, or fields such as `A`, `B` or `option1`, `option2`.
        """) var options: String? = nil
    @Parameter(
        """
        What the target is: `letter`, `index` (the option's place, counted from 0), `number` (from 1), `text`; \
        `automatic`: a label, else an index, else a text.
        """) var target = Target.automatic
    @Parameter("Languages whose words for `the answer is` are read, beside English.") var languages: [ChoiceLanguage] =
        [.english]
    @Parameter("More words that a letter follows, as they stand in the text.") var phrases: [String] = []
}

/// An option of a multiple-choice question. Never a letter inside a word.
struct ChoiceGrader: ExtractingGrader {
    static let descriptor = Descriptor(
        id: "choice", version: "2.0.0", title: "An option of a multiple-choice question",
        description: """
            What says most surely which option is chosen counts; of several that are as sure, the last. From the surest:
            a statement (stages `boxed`: `\\boxed{B}`; `tag`: `<answer>B</answer>`, `[[B]]`; `marker`: `#### B`;
            `phrase`: "the answer is B", "Answer: B"; `line`: a first or last line that is a letter; `text`: an option's
            text in one of these places), a `judgement` ("B is correct", "I choose B"), a hint (`line`: a first or last
            line that begins with `B)`; `conclusion`: "so B."), a mention (`mention`: "option B"; `text`: the one option
            that the last line names; `bracketed`: `(B)` in it), which the strict score does not count.

            Letters of either case count, never inside a word or a formula, nor the article "A train" and the pronoun "I
            think". What is denied ("option C is wrong", "not B", "why not D"), asked or only supposed does not count,
            nor does a list ("A or B"). Options are taken from the item, and may be chosen by their text. What follows a
            question that the model asks itself is not read.
            """,
        source: "evalh")

    private let parameters: ChoiceParameters
    private let letters: [String]
    private let plain: ChoiceReader

    init(parameters: ChoiceParameters) throws {
        self.parameters = parameters
        var seen: Set<String> = []
        letters = parameters.letters.map { $0.uppercased() }.filter { seen.insert($0).inserted }
        guard letters.count > 1 else { throw ParameterError("letters: there must be two or more") }
        plain = ChoiceReader(
            ChoiceOptions(letters: letters), languages: parameters.languages, phrases: parameters.phrases)
    }

    func extract(_ text: String) -> Extraction? { extract(text, fieldsJSON: "{}") }

    func extract(_ text: String, fieldsJSON: String) -> Extraction? {
        let (options, reader) = item(fieldsJSON)
        return reader.find(text).map { found(options, $0).extraction }
    }

    func grade(_ input: GradeInput) -> Grade {
        let (options, reader) = item(input.fieldsJSON)
        let evidence = reader.find(input.answer)
        if input.isUnfinished { return .unfinished(evidence.map { found(options, $0) }) }
        let wanted = input.targets.compactMap { option($0, options, reader) }
        guard !wanted.isEmpty else {
            return evidence.map {
                Grade(found(options, $0), isRight: false, explanation: "the target names none of the options")
            } ?? .noAnswer("no answer found, and the target names none of the options")
        }
        guard let evidence else { return .noAnswer("no answer found") }
        return Grade(found(options, evidence), isRight: wanted.contains(evidence.option))
    }

    func expected(_ input: GradeInput) -> String? {
        let (options, reader) = item(input.fieldsJSON)
        return input.targets.lazy.compactMap { option($0, options, reader) }.first.map { options.labels[$0] }
    }

    private func item(_ fieldsJSON: String) -> (ChoiceOptions, ChoiceReader) {
        let options = ChoiceOptions(fieldsJSON: fieldsJSON, field: parameters.options, letters: letters)
        let isPlain = options == ChoiceOptions(letters: letters)
        let reader =
            isPlain
            ? plain : ChoiceReader(options, languages: parameters.languages, phrases: parameters.phrases)
        return (options, reader)
    }

    private func found(_ options: ChoiceOptions, _ evidence: ChoiceEvidence) -> FoundAnswer {
        FoundAnswer(options.labels[evidence.option], stage: evidence.stage, isMarked: evidence.rank > .mention)
    }

    /// The option that a target names.
    private func option(_ target: String, _ options: ChoiceOptions, _ reader: ChoiceReader) -> Int? {
        let text = target.trimmingSpace
        let byLabel = options.labels.firstIndex { $0.uppercased() == text.uppercased() }
        let place = Int(text)
        let byText = options.hasTexts ? options.options.firstIndex { $0.text.trimmingSpace == text } : nil
        func at(_ place: Int?) -> Int? { place.flatMap { options.labels.indices.contains($0) ? $0 : nil } }
        switch parameters.target {
        case .letter: return byLabel ?? reader.find(text)?.option
        case .index: return at(place)
        case .number: return at(place.map { $0 - 1 })
        case .text: return byText
        case .automatic:
            if let byLabel { return byLabel }
            return (text.allSatisfy(\.isNumber) ? at(place) : nil) ?? byText ?? reader.find(text)?.option
        }
    }
}

extension String {
    fileprivate var trimmingSpace: String {
        let start = drop(while: \.isWhitespace)
        return start.lastIndex { !$0.isWhitespace }.map { String(start[...$0]) } ?? ""
    }
}
