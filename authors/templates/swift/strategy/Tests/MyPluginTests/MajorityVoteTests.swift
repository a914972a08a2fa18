import EvalhPluginKit
import EvalhPluginTesting
import Testing

@testable import MyPlugin

/// The scripted grader takes what follows the last "=".
@Suite struct MajorityVoteTests {
    /// A model that gives these answers, one a request; after the last one the budget is spent.
    private func session(_ answers: [String], samples: Int) throws -> ScriptedSession {
        let session = try ScriptedSession(MajorityVote.self, parameters: #"{"samples":\#(samples)}"#)
        session.run { request, _ in
            let index = Int(request.id) - 1
            return index < answers.count
                ? .text(answers[index]) : .rejected(Rejected(.budget, message: "spent"))
        }
        return session
    }

    @Test func `stops when the vote is decided`() throws {
        let session = try session(["it = 7", "it = 7", "so = 7", "x = 8"], samples: 5)
        #expect(session.outcome == .finished(Answer("it = 7", confidence: 1, reason: "majority")))
    }

    @Test func `takes the earliest of equals after the last sample`() throws {
        let session = try session(["a = 1", "b = 2"], samples: 2)
        #expect(session.outcome == .finished(Answer("a = 1", confidence: 0.5, reason: "samples")))
    }

    @Test func `answers with what it has when the budget ends`() throws {
        #expect(
            try session(["a = 1"], samples: 9).outcome == .finished(Answer("a = 1", confidence: 1, reason: "budget")))
        #expect(try session([], samples: 9).outcome == .finished(.none(reason: "budget")))
    }

    @Test func `cut-off texts do not vote, and a failed request is an error`() throws {
        let cutOff = try ScriptedSession(MajorityVote.self, parameters: #"{"samples":1}"#)
        #expect(cutOff.run { _, _ in .cutOff("a = 7") } == .finished(.none(reason: "samples")))
        let failed = try ScriptedSession(MajorityVote.self, parameters: #"{"samples":1}"#)
        let outcome = failed.run { _, _ in .failed(RequestFailed(.server, message: "500")) }
        #expect(outcome == .error("a request failed (server): 500"))
    }

    @Test func `does the same however its events are grouped`() throws {
        let once = try session(["a = 1", "b = 2", "c = 1"], samples: 9)
        let again = try ScriptedSession(MajorityVote.self, parameters: #"{"samples":9}"#)
        again.replay(once.log) { .max }
        #expect(again.actions == once.actions)
    }
}
