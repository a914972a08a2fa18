import EvalhPluginKit
import Testing

@Suite struct TokenWordsTests {
    /// " Yes" was drawn; "yes.", "No" and "Nothing" might have come.
    private let token = Token(
        " Yes", probability: 0.5,
        alternatives: [
            .init("yes.", logprob: Token("", probability: 0.125).logprob),
            .init("No", logprob: Token("", probability: 0.25).logprob),
            .init("Nothing", logprob: Token("", probability: 0.0625).logprob),
        ])

    private func isNear(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-12 } ?? false }

    @Test func `a word's probability is the sum over the tokens that are the word`() {
        #expect(isNear(token.probability(of: "yes"), 0.5))
        #expect(isNear(token.probability(of: "yes", comparing: .letters), 0.625))
        #expect(isNear(token.probability(of: "no"), 0.25))
        #expect(token.probability(of: "maybe") == 0)
    }

    @Test func `a share is of two words alone, and of neither there is none`() {
        #expect(isNear(token.share(of: "Yes", against: "No"), 2.0 / 3))
        #expect(isNear(token.share(of: "No", against: "Yes", comparing: .letters), 0.25 / 0.875))
        #expect(token.share(of: "left", against: "right") == nil)
    }

    @Test func `what is not listed has the rest of the probability`() {
        #expect(isNear(token.unlistedProbability, 0.0625))
        #expect(Token("a", probability: 1, alternatives: [.init("b", logprob: 0)]).unlistedProbability == 0)
    }

    @Test func `a token is listed once, and not without a number`() {
        let drawn = Token("a", probability: 0.5, alternatives: [.init("a", logprob: -1), .init("b", logprob: -2)])
        #expect(drawn.listed.map(\.text) == ["a", "b"])
        #expect(token.listed.map(\.text) == ["yes.", "No", "Nothing", " Yes"])
        #expect(Token("a", logprob: .nan, alternatives: [.init("b", logprob: -2)]).listed.map(\.text) == ["b"])
        #expect(isNear(Token("a", logprob: .nan, alternatives: [.init("b", logprob: 0)]).probability(of: "b"), 1))
    }
}
