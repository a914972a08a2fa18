import Completions
import Journal
import Testing

@testable import Runs

@Suite struct RunExitTests {
    @Test(
        arguments: [
            (SessionError.Kind.strategy, RunExit.pluginFault), (.plugin, .pluginFault), (.grader, .pluginFault),
            (.prompt, .usage), (.poolMiss, .incomplete), (.unknown("telepathy"), .incomplete),
            (.model(.connection), .providerFailure), (.model(.timeout), .providerFailure),
            (.model(.server), .providerFailure), (.model(.malformed), .providerFailure),
            (.model(.rateLimited), .providerFailure), (.model(.quota), .providerFailure),
            (.model(.authentication), .providerFailure), (.model(.badRequest), .usage),
            (.model(.contextExceeded), .usage), (.model(.unsupported), .usage),
        ])
    func `each kind of error leads to its code`(_ kind: SessionError.Kind, _ code: RunExit) {
        #expect(RunExit(kind) == code)
        #expect(SessionError.Kind(rawValue: kind.rawValue) == kind)
    }

    @Test(
        arguments: [
            "strategy", "plugin", "prompt", "grader", "pool_miss", "connection", "timeout", "server", "malformed",
            "rate_limited", "quota", "bad_request", "context_exceeded", "authentication", "unsupported",
        ])
    func `a kind is stored under the word that journals have always had`(_ word: String) {
        let kind = SessionError.Kind(rawValue: word)
        #expect(kind.rawValue == word)
        if case .unknown = kind { Issue.record("\(word) is not known any more") }
    }

    @Test func `of several causes the one that no second try mends decides, and a failed gate before all`() {
        func code(_ kinds: [SessionError.Kind: Int], gates: [String] = []) -> RunExit {
            RunExit(judging: Summaries.summary(errorKinds: kinds, gates: gates))
        }
        #expect(code([:]) == .pass)
        #expect(code([.poolMiss: 3]) == .incomplete)
        #expect(code([.poolMiss: 3, .model(.timeout): 1]) == .providerFailure)
        #expect(code([.prompt: 1, .model(.timeout): 1]) == .usage)
        #expect(code([.prompt: 1, .grader: 1]) == .pluginFault)
        #expect(code([.poolMiss: 1], gates: ["inconclusive"]) == .incomplete)
        #expect(code([.grader: 1], gates: ["pass", "fail"]) == .gateFailed)
        #expect(code([:], gates: ["inconclusive"]) == .inconclusive)
        #expect(RunExit(judging: Summaries.summary(status: .incomplete)) == .incomplete)
        #expect(RunExit(judging: Summaries.summary(problems: ["metric x: refuses"])) == .pluginFault)
    }

    @Test func `advice names who is at fault and the way on`() {
        let lines = ErrorAdvice.lines(
            Summaries.summary(errorKinds: [.poolMiss: 4, .model(.server): 2, .prompt: 1]), folder: "reports/x")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("1 session failed by the suite"))
        #expect(lines[1].contains("evalh resume reports/x"))
        #expect(lines[2].contains("4 sessions asked for what the pool lacks") && lines[2].contains("--fill"))
    }
}
