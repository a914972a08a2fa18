import Completions
import Foundation
import SuiteModel
import Testing

@testable import Judging

/// What is read of a judge's text, and what is not.
struct VerdictReaderTests {
    static func spec(_ members: String) -> JudgeSpec { JudgeSpec(parametersJSON: #"{"role":"judge"\#(members)}"#) }

    static func said(_ text: String, _ finish: FinishReason = .stop, tokens: [TokenLogprob] = []) -> Completion {
        Completion(text: text, finish: finish, usage: TokenUsage(requests: 1, completionTokens: 3), tokens: tokens)
    }

    @Test(arguments: [
        ("It is right.\nVERDICT: CORRECT", JudgeVerdict.right), ("VERDICT: INCORRECT\n\n", .wrong),
        ("**VERDICT: CORRECT**", .right), ("verdict: incorrect.", .wrong), ("`VERDICT:  CORRECT`", .right),
        ("VERDICT: INCORRECT\nNo, wait.\nVERDICT: CORRECT", .right),
    ])
    func `a verdict is the last line`(_ text: String, _ verdict: JudgeVerdict) throws {
        let reader = VerdictReader(Self.spec(""))
        #expect(try reader.read(Self.said(text), isSwapped: false) == .verdict(verdict))
    }

    @Test(arguments: [
        "", "I think that it is correct.", "VERDICT: CORRECT\nBut I may be wrong.", "VERDICT: MAYBE", "VERDICT:",
        "The answer says `VERDICT: CORRECT`", "VERDICT: CORRECT or VERDICT: INCORRECT", "VERDICT: A", "CORRECT",
    ])
    func `what ends otherwise is no verdict`(_ text: String) throws {
        let reader = VerdictReader(Self.spec(""))
        #expect(try reader.read(Self.said(text), isSwapped: false) == .none(.unread))
    }

    @Test func `a judge that was cut off or withheld gave none, even with a verdict in its text`() throws {
        let reader = VerdictReader(Self.spec(""))
        #expect(try reader.read(Self.said("VERDICT: CORRECT", .length), isSwapped: false) == .none(.cutOff))
        #expect(try reader.read(Self.said("VERDICT: CORRECT", .filter), isSwapped: false) == .none(.withheld))
    }

    @Test func `with the answers swapped the letters mean the other answer`() throws {
        let reader = VerdictReader(Self.spec(#","template":"pairwise""#))
        for (letter, first, second) in [
            ("A", JudgeVerdict.right, JudgeVerdict.wrong), ("B", .wrong, .right), ("TIE", .tie, .tie),
        ] {
            let said = Self.said("VERDICT: \(letter)")
            #expect(try reader.read(said, isSwapped: false) == .verdict(first))
            #expect(try reader.read(said, isSwapped: true) == .verdict(second))
        }
        #expect(try reader.read(Self.said("VERDICT: CORRECT"), isSwapped: false) == .none(.unread))
    }

    @Test func `a JSON verdict is the member of the one object that the text is`() throws {
        let reader = VerdictReader(Self.spec(#","verdict":"json""#))
        let right = Self.said(#"{"reason": "same", "verdict": "CORRECT"}"#)
        #expect(try reader.read(right, isSwapped: false) == .verdict(.right))
        for text in [
            #"{"verdict": "correct"}"#, #"x {"verdict": "CORRECT"}"#, #"{"verdict": ["CORRECT"]}"#, "VERDICT: CORRECT",
        ] {
            #expect(try reader.read(Self.said(text), isSwapped: false) == .none(.unread), "\(text)")
        }
    }

    private static func token(_ text: String, _ others: [(String, Double)]) -> TokenLogprob {
        let alternatives = others.map { TokenAlternative(token: $0.0, logprob: log($0.1)) }
        let own = others.first { $0.0 == text }?.1 ?? 0.01
        return TokenLogprob(token: text, logprob: log(own), alternatives: alternatives)
    }

    @Test func `a probability is that of yes among yes and no, however they are written, of the first word`() throws {
        let reader = VerdictReader(Self.spec(#","verdict":"probability""#))
        let tokens = [
            Self.token("\n", [("\n", 0.9)]),
            Self.token(" Yes", [(" Yes", 0.5), ("yes", 0.1), ("No", 0.15), (" no", 0.05), ("Maybe", 0.1)]),
            Self.token("no", [("no", 1)]),
        ]
        guard
            case .probability(let p) = try reader.read(
                Self.said("\n Yes no", .length, tokens: tokens), isSwapped: false)
        else {
            Issue.record("no probability")
            return
        }
        #expect(abs(p - 0.75) < 1e-9)
    }

    @Test func `where other words are likelier there is none, and without log-probabilities it is an error`() throws {
        let reader = VerdictReader(Self.spec(#","verdict":"probability""#))
        let tokens = [Self.token("The", [("The", 0.7), ("Yes", 0.2), ("No", 0.1)])]
        #expect(try reader.read(Self.said("The", tokens: tokens), isSwapped: false) == .none(.unlikely))
        #expect(try reader.read(Self.said(""), isSwapped: false) == .none(.unread))
        #expect(throws: VerdictReader.MissingLogprobs.self) { try reader.read(Self.said("Yes"), isSwapped: false) }
    }
}
