import Testing

@testable import PluginCheck

struct CheckPatternTests {
    @Test(arguments: [
        ("greedy:strategy.stop", "stop", true), ("greedy:strategy.stop", "greedy", true),
        ("greedy:strategy.stop", "*stop", true), ("greedy:strategy.stop", "strategy.*", true),
        ("greedy:strategy.stop", "greedy:*", true), ("greedy:strategy.stop", "*:strategy.stop", true),
        ("greedy:strategy.stop", "strategy.s", true), ("greedy:strategy.stop", "strategy.s*x", false),
        ("greedy:strategy.stop", "stop*", false), ("greedy:strategy.stop", "cascade", false),
    ])
    func `a pattern chooses tests by a part of their name, or by all of it with stars`(
        name: String, pattern: String, isChosen: Bool
    ) {
        #expect(CheckRunner.matches(name, pattern) == isChosen)
    }
}
