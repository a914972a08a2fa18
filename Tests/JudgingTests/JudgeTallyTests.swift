import Completions
import SuiteModel
import Testing

@testable import Judging

/// One verdict of many.
struct JudgeTallyTests {
    private typealias Reading = VerdictReader.Reading

    private func outcome(_ members: String, _ orders: [[Reading]]) -> JudgeTally.Outcome {
        JudgeTally(VerdictReaderTests.spec(members)).outcome(orders)
    }

    @Test func `the commonest verdict of the repeats counts, and none where none is`() {
        let (right, wrong) = (Reading.verdict(.right), Reading.verdict(.wrong))
        #expect(outcome("", [[right, wrong, right]]) == .init(verdict: .right))
        #expect(outcome("", [[.none(.unread), wrong, .none(.cutOff)]]) == .init(verdict: .wrong))
        #expect(outcome("", [[right, wrong]]) == .none(.split))
        #expect(outcome(#","template":"pairwise","swap":false"#, [[right, wrong]]) == .init(verdict: .tie))
        #expect(outcome("", [[.none(.cutOff), .none(.unread)]]) == .none(.cutOff))
    }

    @Test func `orders that disagree are a tie or no verdict, as the suite says`() {
        let (right, wrong) = (Reading.verdict(.right), Reading.verdict(.wrong))
        let pairwise = #","template":"pairwise""#
        #expect(outcome(pairwise, [[right], [right]]) == .init(verdict: .right))
        #expect(outcome(pairwise, [[right], [wrong]]) == .init(verdict: .tie))
        #expect(outcome(pairwise, [[right], [.verdict(.tie)]]) == .init(verdict: .tie))
        #expect(outcome(pairwise + #","disagreement":"no_verdict""#, [[right], [wrong]]) == .none(.orders))
        #expect(outcome(pairwise, [[right], [.none(.unread)]]) == .none(.unread))
    }

    @Test func `probabilities are averaged, and what lies between the certain ones is no verdict`() {
        let form = #","verdict":"probability""#
        #expect(outcome(form, [[.probability(0.75), .probability(0.25), .probability(0.875)]]).verdict == .right)
        #expect(outcome(form, [[.probability(0.5)]]) == .none(.uncertain, probability: 0.5))
        let sure = form + #","certainty":0.8"#
        #expect(outcome(sure, [[.probability(0.75)]]) == .none(.uncertain, probability: 0.75))
        #expect(outcome(sure, [[.probability(0.125)]]) == .init(verdict: .wrong, probability: 0.125))
        let pairwise = sure + #","template":"pairwise""#
        #expect(
            outcome(pairwise, [[.probability(0.75)], [.probability(0.75)]]) == .init(verdict: .tie, probability: 0.75))
        #expect(outcome(pairwise, [[.probability(1)], [.probability(0)]]) == .init(verdict: .tie, probability: 0.5))
    }
}
