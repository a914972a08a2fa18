import EvalhPluginKit
import EvalhPluginTesting
import Foundation
import Testing

@Suite struct ShippedQExitTests {
    private func run(_ parameters: String, _ answers: String = "", seed: UInt64 = 1) throws -> (
        session: ScriptedSession, answer: Answer
    ) {
        var host = ShippedPlugins.host
        host.seed = seed
        let session = try ShippedPlugins.session("q-exit", parameters, host: host)
        let letters = Array(answers)
        var next = 0
        let outcome = session.run { _, _ in
            defer { next += 1 }
            let letter = next < letters.count ? letters[next] : "a"
            return .text(letter == "-" ? "hm" : "\(next) = \(letter)")
        }
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return (session, answer)
    }

    private func cdf(_ session: ScriptedSession) throws -> Double {
        let note = try #require(session.notes.first { $0.hasPrefix("cdf: ") })
        return try #require(Double(note.dropFirst("cdf: ".count)))
    }

    /// The card's units, with 12 steps.
    @Test(arguments: [(0.1, 0.5, 7, 0.5217), (0.1, 0.9, 12, 0.7176), (0.3, 0.5, 2, 0.51), (0.05, 0.5, 12, 0.4596)])
    func `a constant probability exits where the card says`(
        _ lambda: Double, _ q: Double, _ exit: Int, _ cumulative: Double
    ) throws {
        let (session, answer) = try run(#"{"lambda":\#(lambda),"q":\#(q)}"#)
        #expect(session.requests.map(\.n) == Array(repeating: 1, count: exit))
        #expect(abs(try cdf(session) - cumulative) < 5e-5)
        #expect(session.notes.contains("exit: \(exit)"))
        #expect(answer.reason == (exit == 12 ? "max_samples" : "quantile"))
    }

    @Test(arguments: [0.05, 0.1, 0.2, 0.3, 0.6, 0.9])
    func `the exit is the quantile of the geometric distribution, later for a larger q`(
        _ lambda: Double
    ) throws {
        var last = 1
        for q in [0.01, 0.25, 0.5, 0.77, 0.9, 0.97, 0.995] {
            let exit = try run(#"{"lambda":\#(lambda),"q":\#(q),"max_samples":200}"#).session.requests.count
            #expect(exit == Int((log(1 - q) / log(1 - lambda)).rounded(.down)) + 1, "\(q)")
            #expect(exit >= last)
            last = exit
        }
    }

    @Test func `the quantile itself does not exit`() throws {
        #expect(try run(#"{"lambda":0.5,"q":0.5}"#).session.requests.count == 2)
        #expect(try run(#"{"lambda":0.5,"q":0.4999}"#).session.requests.count == 1)
    }

    @Test(arguments: [0, 1]) func `a quantile of 0 or 1 takes all samples`(_ q: Int) throws {
        let (session, answer) = try run(#"{"lambda":1,"q":\#(q),"max_samples":5}"#)
        #expect(session.requests.count == 5)
        #expect(answer.reason == "max_samples")
    }

    @Test func `a single sample, and probabilities of 0 and 1, are no special cases`() throws {
        #expect(try run(#"{"max_samples":1}"#).session.requests.count == 1)
        #expect(try run(#"{"lambda":1}"#).session.requests.count == 1)
        #expect(try run(#"{"lambda":0}"#).session.requests.count == 12)
        #expect(try run(#"{"lambda":0,"policy":"sample"}"#).session.requests.count == 12)
        #expect(try run(#"{"lambda":1,"policy":"sample"}"#).session.requests.count == 1)
    }

    /// 1 − ∏ (1 − P) with P of the Beta posterior: .75, .875, .9375 for equal answers; .75, .5, .6875 for a, b, a.
    @Test(arguments: [
        ("aaaa", 0.7, 1, 0.75), ("aaaa", 0.75, 2, 0.96875), ("aaaa", 0.99, 3, 0.998046875), ("abaa", 0.8, 2, 0.875),
        ("abaa", 0.9, 3, 0.9609375), ("-aaa", 0.7, 2, 0.75), ("-aaa", 0.1, 2, 0.75),
    ])
    func `agreement halts by the probability that the leader stays ahead`(
        _ answers: String, _ q: Double, _ exit: Int, _ cumulative: Double
    )
        throws
    {
        let (session, _) = try run(#"{"lambda":"agreement","q":\#(q)}"#, answers)
        #expect(session.requests.count == exit)
        #expect(abs(try cdf(session) - cumulative) < 1e-12)
    }

    @Test func `the quantile's exit never varies over seeds, the sampled one does as the geometric distribution`()
        throws
    {
        let seeds: Range<UInt64> = 0..<400
        let fixed = try Set(
            seeds.prefix(20).map { try run(#"{"lambda":0.25,"max_samples":64}"#, seed: $0).session.requests.count })
        #expect(fixed == [3])
        let exits = try seeds.map { seed in
            let (session, answer) = try run(#"{"lambda":0.25,"policy":"sample","max_samples":64}"#, seed: seed)
            #expect(answer.reason == "sample")
            return Double(session.requests.count)
        }
        let mean = exits.reduce(0, +) / 400
        let variance = exits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399
        // 1/λ and (1 − λ)/λ², each within about four standard errors.
        #expect(abs(mean - 4) < 0.7)
        #expect(abs(variance - 12) < 6)
        let parameters = #"{"lambda":0.25,"policy":"sample"}"#
        #expect(try run(parameters, seed: 9).session.actions == run(parameters, seed: 9).session.actions)
    }

    @Test func `the samples so far vote`() throws {
        let (_, answer) = try run(#"{"lambda":0.2}"#, "abba")
        #expect(answer == Answer("0 = a", confidence: 0.5, reason: "quantile"))
        let (_, later) = try run(#"{"lambda":0.25}"#, "abba")
        #expect(later == Answer("1 = b", confidence: 2.0 / 3, reason: "quantile"))
    }

    @Test func `out of budget the samples so far vote`() throws {
        let session = try ShippedPlugins.session("q-exit")
        session.run { request, _ in
            request.id < 3 ? .text("\(request.id) = a") : .rejected(Rejected(.budget, message: ""))
        }
        #expect(session.outcome == .finished(Answer("1 = a", confidence: 1, reason: "budget")))
        #expect(session.notes.contains("exit: 2"))
    }

    @Test(arguments: [
        (#"{"lambda":1.5}"#, "the parameter lambda must be at most 1, not 1.5"),
        (#"{"lambda":"always"}"#, #"the parameter lambda must be a number or agreement, not "always""#),
    ])
    func `a halting probability that is none is refused`(_ parameters: String, _ message: String) throws {
        let session = try ShippedPlugins.session("q-exit", parameters)
        session.step(.start)
        #expect(session.outcome == .failed(message))
        #expect(try ShippedPlugins.plugin("q-exit").schema.contains(#""lambda":{"type":["number","string"]"#))
    }
}
