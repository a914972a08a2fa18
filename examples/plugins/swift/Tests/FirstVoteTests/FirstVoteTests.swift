import EvalhPluginKit
import EvalhPluginTesting
import Testing

@testable import FirstVote

@Suite struct FirstVoteTests {
    /// A model that says these answers, one a request.
    private func session(_ answers: String, _ parameters: String = "{}") throws -> ScriptedSession {
        let session = try ScriptedSession(FirstVote.self, parameters: parameters)
        session.run { request, _ in
            let index = Int(request.id) - 1
            return index < answers.count
                ? .text("x = \(Array(answers)[index])") : .rejected(Rejected(.budget, message: "spent"))
        }
        return session
    }

    @Test func `stops at the first two that agree`() throws {
        let session = try session("abab", #"{"max_samples":10}"#)
        #expect(session.outcome == .finished(Answer("x = a", confidence: 2.0 / 3, reason: "agreed")))
    }

    @Test func `takes the first answer if no two agree`() throws {
        #expect(try session("abc").outcome == .finished(Answer("x = a", confidence: 1.0 / 3, reason: "max_samples")))
    }

    @Test func `answers with what it has when the budget ends`() throws {
        #expect(try session("a").outcome == .finished(Answer("x = a", confidence: 1, reason: "budget")))
        #expect(try session("").outcome == .finished(.none(reason: "budget")))
    }

    @Test func `does the same however its events are grouped`() throws {
        let once = try session("abca", #"{"max_samples":10}"#)
        let again = try ScriptedSession(FirstVote.self, parameters: #"{"max_samples":10}"#)
        again.replay(once.log) { .max }
        #expect(again.actions == once.actions)
    }
}
