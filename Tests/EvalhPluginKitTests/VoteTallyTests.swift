import EvalhPluginKit
import Testing

@Suite struct VoteTallyTests {
    private func choice(_ index: Int, _ text: String, _ finish: Finish = .stop) -> Choice {
        Choice(request: RequestID(number: 1), index: index, text: text, finish: finish)
    }

    @Test func `the first answer seen wins a tie and its first completion is the answer`() {
        var tally = VoteTally()
        for (index, answer) in ["b", "a", "a", "b"].enumerated() {
            tally.add(choice(index, "text \(index)"), answer: answer)
        }
        #expect(tally.answer(reason: "r") == Answer("text 0", confidence: 0.5, reason: "r"))
        #expect(tally.topTwo == (2, 2))
        #expect(tally.candidates.map(\.answer) == ["b", "a"])
    }

    @Test func `weights decide before counts`() {
        var tally = VoteTally()
        for (index, vote) in [("a", 1.0), ("a", 1.0), ("b", 6.0)].enumerated() {
            tally.add(choice(index, "text \(index)"), answer: vote.0, weight: vote.1)
        }
        #expect(tally.winner?.answer == "b")
        #expect(tally.answer(reason: "").confidence == 0.75)
        #expect(tally.topTwo == (2, 1))
    }

    @Test func `without votes the first finished text is returned, else the first cut off, else nothing`() {
        var tally = VoteTally()
        #expect(tally.answer(reason: "r") == .none(reason: "r"))
        tally.add(choice(0, ""), answer: nil)
        #expect(tally.answer(reason: "r") == .none(reason: "empty"))
        tally.add(choice(1, "cut", .length), answer: nil)
        #expect(tally.answer(reason: "r") == Answer("cut", kind: .unfinished, reason: "r"))
        tally.add(choice(2, "hm"), answer: nil)
        #expect(tally.answer(reason: "r") == Answer("hm", reason: "r"))
    }

    @Test func `zero weights leave no confidence`() {
        var tally = VoteTally()
        tally.add(choice(0, "a"), answer: "a", weight: 0)
        #expect(tally.answer(reason: "") == Answer("a"))
    }
}
