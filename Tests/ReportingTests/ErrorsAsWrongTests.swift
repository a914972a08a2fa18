import EvalhStatistics
import Testing

@testable import Reporting

@Suite("Failed sessions counted both ways")
struct ErrorsAsWrongTests {
    /// Of 20 items a answers 16, 12 of them right; b all, 12 right.
    private var run: MadeUpRun {
        MadeUpRun(
            items: 20,
            gates: [
                "accuracy(a) >= 0.5", "accuracy_all(a) <= 0.6", "accuracy_all(a) >= accuracy_all(b)",
                "accuracy(a) >= accuracy(b)",
            ],
            score: { item, arm, _ in arm == 0 && item >= 16 ? nil : item < 12 ? 1 : 0 })
    }

    @Test func `accuracy is over the sessions that answered, accuracy_all over all`() throws {
        let arms = run.summary().arms
        let (answered, all) = (try #require(arms[0].metrics["accuracy"]), try #require(arms[0].metrics["accuracy_all"]))
        #expect(answered.value == 12.0 / 16 && answered.n == 16)
        #expect(all.value == 12.0 / 20 && all.n == 20)
        let wilson = try #require(Wilson.interval(successes: 12, n: 20))
        #expect(all.ciLow == wilson.low && all.ciHigh == wilson.high)
        #expect(arms[1].metrics["accuracy"]?.value == arms[1].metrics["accuracy_all"]?.value)
    }

    @Test func `gates may ask for either, and pairs are of all items then`() {
        let gates = run.summary().gates
        #expect(gates[1].detail.contains("accuracy_all(a) = 0.6"))
        #expect(gates[2].detail.contains("accuracy_all(a) = 0.6, accuracy_all(b) = 0.6; left − right = 0"))
        #expect(gates[2].detail.contains("20 items"), "\(gates[2].detail)")
        #expect(gates[3].detail.contains("16 items"), "\(gates[3].detail)")
    }

    @Test func `tables show both where a session failed, and one where none did`() {
        #expect(MarkdownReport.render(run.summary()).contains("| errors as wrong |"))
        var whole = run
        whole.score = { _, _, _ in 1 }
        #expect(!MarkdownReport.render(whole.summary()).contains("errors as wrong"))
    }
}
