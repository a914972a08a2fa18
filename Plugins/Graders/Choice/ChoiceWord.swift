/// What the words of a sentence about a choice do.
enum ChoiceWord: UInt8 {
    case other
    /// `answer`: a letter behind it is the answer.
    case answer
    /// `option`, `choice`: a letter behind it is mentioned.
    case option
    /// `is`, `be`, `was`
    case link
    /// `correct`, `right`, `best`
    case right
    case `true`
    /// `not`, `isn't`, `cannot`
    case not
    /// `wrong`, `incorrect`, `eliminated`
    case wrong
    /// `choose`, `pick`, `select`
    case choose
    /// `so`, `thus`, `therefore`
    case conclude
    /// `matches`, `corresponds`
    case match
    /// Words that may stand before a letter and say nothing: `the`, `clearly`, `most`.
    case filler
    case and, or, neither
    case `if`, whether, might, but, because, to, with, it
    case final

    init(_ word: String) { self = Self.words[word] ?? .other }

    private static let words: [String: ChoiceWord] = {
        var words: [String: ChoiceWord] = [:]
        func put(_ word: ChoiceWord, _ names: String) {
            for name in names.split(separator: " ") { words[String(name)] = word }
        }
        put(.answer, "answer answers ans final_answer solution response conclusion verdict result guess")
        put(.option, "option options choice choices letter alternative selection statement")
        put(.link, "is be are was being as becomes remains equals seems appears looks")
        put(.right, "correct right best better accurate appropriate suitable closest valid proper")
        put(.true, "true")
        put(.not, "not isn't aren't cannot can't doesn't don't won't wasn't never isnt cant without rather than unlike")
        put(
            .wrong,
            "wrong incorrect false eliminated eliminate eliminates invalid unlikely impossible irrelevant out exclude "
                + "excluded rule ruled ruling reject rejected dismiss except why inaccurate distractor misleading")
        put(
            .choose,
            "choose chose chosen select selected pick picked choosing selecting picking opt mark go going lean "
                + "leaning say"
        )
        put(.conclude, "so thus therefore hence consequently finally accordingly conclude")
        put(
            .match,
            "matches match matching left corresponds corresponding supports indicates suggests leaves leaving gives "
                + "matched points means implies fits making makes make")
        put(
            .filler,
            "the a an clearly definitely indeed most likely probably actually simply then just still again obviously "
                + "certainly surely only also us me would should must will could to have has therefore thus hence "
                + "that which this number single one evidently undoubtedly very well boxed text textbf mathrm mathbf "
                + "my our your by here considered believed said found given")
        put(.and, "and both")
        put(.or, "or either")
        put(.neither, "neither nor")
        put(.if, "if suppose assuming unless")
        put(.whether, "whether")
        put(.might, "might may some students people many someone tempted tempting")
        put(.but, "but")
        put(.because, "because since due based given for by")
        put(.to, "to on for towards toward")
        put(.with, "with")
        put(.it, "it it's that's this's")
        put(.final, "final")
        // A word has one meaning: these were fillers and more.
        put(.filler, "to the a would should must will that which this only also given by thus hence therefore")
        put(.conclude, "so thus therefore hence")
        return words
    }()

    /// Whether a letter may stand behind it, in a sentence that says which one is right.
    var mayLeadToLetter: Bool {
        switch self {
        case .filler, .option, .conclude, .link, .right, .final, .answer, .true: true
        default: false
        }
    }
}
