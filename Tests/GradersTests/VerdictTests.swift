import Completions
import Foundation
import Hashing
import Synchronization
import Testing

/// No score changes by accident: every grader's verdicts on many texts, as digests, equal those recorded in
/// `Fixtures/verdicts.tsv`.
///
/// A change that is meant is a new version of the grader. `EVALH_RECORD_VERDICTS=1 swift test --filter VerdictTests`
/// then writes the digests anew. With `EVALH_VERDICTS=FOLDER` each verdict is written there as a line, so that `diff`
/// shows which ones differ between two builds.
struct VerdictTests {
    /// Parameters to judge with, by grader.
    static let settings: [(grader: String, parameters: String)] = [
        ("exact", "{}"), ("exact", #"{"ignore_case":true,"normalise_space":false}"#),
        ("regex", #"{"pattern":"(-?[0-9][0-9,./]*)[^0-9]*$"}"#),
        ("regex", #"{"pattern":"answer is:? *(.*)|= *(\\w+)","match":"first","ignore_case":true,"group":0}"#),
        ("choice", "{}"), ("choice", #"{"letters":"abcdefghijklmnopqrstuvwxyz"}"#),
        ("numeric", "{}"), ("numeric", #"{"marker":"=","tolerance":0.5,"relative_tolerance":0.01}"#),
        ("subject", #"{"minimum":-1,"maximum":3}"#),
    ]

    @Test(.enabled(if: RecordedTexts.folder != nil, "no ../shared/pools here"), arguments: RecordedTexts.sources)
    func `every verdict on real models' texts is the recorded one`(_ source: RecordedTexts.Source) throws {
        let texts = try RecordedTexts.read(source, in: #require(RecordedTexts.folder))
        #expect(!texts.isEmpty)
        try compare(texts, named: source.file)
    }

    @Test func `every verdict on the hard cases of numbers is the recorded one`() throws {
        try compare(HardCase.all.map { RecordedText(text: $0.text, target: $0.target) }, named: "hard cases")
    }

    @Test func `every verdict on random texts is the recorded one`() throws {
        try compare(RandomTexts.make(6_000, seed: 1), named: "random texts")
    }

    private func compare(_ texts: [RecordedText], named name: String) throws {
        for (grader, parameters) in Self.settings {
            let verdicts = try Verdicts(texts, judgedBy: GraderUnderTest(grader, parameters))
            try verdicts.write(name: "\(name) \(grader) \(parameters)")
            let line =
                "\(name)\t\(grader)\t\(parameters)\t\(verdicts.lines.count)\t\(verdicts.score)\t\(verdicts.digest)"
            try VerdictRecord.check(line, key: "\(name)\t\(grader)\t\(parameters)\t")
        }
    }
}

/// What a grader says of texts, a line each.
struct Verdicts {
    private(set) var lines: [String] = []
    private(set) var score = 0.0

    init(_ texts: [RecordedText], judgedBy grader: GraderUnderTest) throws {
        for (index, recorded) in texts.enumerated() {
            let grade = try grader.grade(recorded.text, recorded.target)
            score += grade.score
            lines.append(line(grade))
            // Cut-off texts are judged by the same reading: some of them are enough.
            if index.isMultiple(of: 16) {
                lines.append(line(try grader.grade(recorded.text, recorded.target, isUnfinished: true)))
            }
            if index.isMultiple(of: 4) {
                lines.append(try grader.extract(recorded.text).map { "\($0.answer)\u{1F}\($0.stage)" } ?? "")
            }
        }
    }

    private func line(_ grade: Grade) -> String {
        [
            "\(grade.score)", "\(grade.strictScore)", grade.extracted ?? "", "\(grade.extracted == nil)", grade.stage,
            grade.explanation ?? "",
        ]
        .joined(separator: "\u{1F}").replacingOccurrences(of: "\n", with: "\u{1E}")
    }

    /// SHA-256 in hexadecimal.
    var digest: String {
        SHA256.hash(Array(lines.joined(separator: "\n").utf8)).hex
    }

    func write(name: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["EVALH_VERDICTS"] else { return }
        let file = String(name.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" })
        try lines.joined(separator: "\n").write(toFile: "\(folder)/\(file).txt", atomically: false, encoding: .utf8)
    }
}

/// The recorded digests: text set, grader, parameters, lines, sum of scores, SHA-256, separated by tabs.
enum VerdictRecord {
    private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
        "Fixtures/verdicts.tsv")

    /// The file has one reader and writer at a time.
    private static let file = Mutex(())

    static func check(_ line: String, key: String) throws {
        try file.withLock { _ in
            var lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map(String.init)
            guard ProcessInfo.processInfo.environment["EVALH_RECORD_VERDICTS"] == "1" else {
                #expect(lines.first { $0.hasPrefix(key) } == line)
                return
            }
            lines.removeAll { $0.hasPrefix(key) }
            let text = (lines + [line]).sorted().joined(separator: "\n") + "\n"
            try text.write(to: path, atomically: true, encoding: .utf8)
        }
    }
}

/// Texts that no model writes, to reach what real ones do not: the same for the same seed.
enum RandomTexts {
    private static let pieces = [
        "0", "1", "7", "12", "1,234", "1.234,56", "3/4", "½", "٪", "%", "$", "€", "-", "−", "e5", "×10^3",
        "\\frac{1}{2}",
        "\\boxed{", "}", "{", "####", "answer is", "Answer: ", "The answer is", "answer", "Question:", "Q 3:",
        "problem.",
        "\n", "\n\n", " ", "  ", "\r\n", "\t", "=", "(B)", "B", "(c)", "A train", "I think", "option", "**", "’",
        "minus ", "negative ", "12:30", "2024-05-06", "3rd", "H2O", "24/7", "\u{2007}", "\u{200B}", "１２", "e\u{301}",
        "\u{301}", "ı", "İ", "K", "\\text{B}", "\\%", "\\fbox{3}", ".", ",", "'", "_", "x 10^{-2}", "{\"score\":",
        "0.5", "}", "1e400", "null",
    ]

    static func make(_ count: Int, seed: UInt64) -> [RecordedText] {
        var state = seed
        // SplitMix64 (Steele, Lea and Flood 2014).
        func next(below bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((z ^ (z >> 31)) % UInt64(bound))
        }
        return (0..<count).map { _ in
            let text = (0..<next(below: 14)).map { _ in pieces[next(below: pieces.count)] }.joined()
            let target = (0..<next(below: 3)).map { _ in pieces[next(below: pieces.count)] }.joined()
            return RecordedText(text: text, target: target)
        }
    }
}
