import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct ShippedDscTests {
    /// Answers samples by letters, and the request for a rating, which has messages of its own, by `rating`.
    private func run(
        _ parameters: String, _ answers: String, rating: ScriptedReply = .text("5"), fields: String = "{}",
        end: ScriptedReply = .silence
    ) throws -> (session: ScriptedSession, answer: Answer) {
        var host = ShippedPlugins.host
        host.item.fieldsJSON = fields
        let session = try ShippedPlugins.session("dsc", parameters, host: host)
        let letters = Array(answers)
        var next = 0
        let outcome = session.run { request, _ in
            guard request.messages == nil else { return rating }
            defer { next += 1 }
            return next < letters.count ? .text(letters[next] == "-" ? "hm" : "\(next) = \(letters[next])") : end
        }
        guard case .finished(let answer) = outcome else { throw ScriptedError("\(outcome)") }
        return (session, answer)
    }

    private func sizes(_ session: ScriptedSession) -> [Int] { session.requests.filter { $0.messages == nil }.map(\.n) }

    private func letters(_ pattern: String, _ count: Int) -> String {
        String(String(repeating: pattern, count: count).prefix(count))
    }

    @Test(arguments: [("0", 0.0), ("2", 2), ("3", 3), ("3/10", 3), ("Rating: 1.5 out of 10.", 1.5)])
    func `an easy item gets one sample`(_ rating: String, _ difficulty: Double) throws {
        let (session, answer) = try run("{}", "a", rating: .text(rating))
        #expect(sizes(session) == [1])
        #expect(answer == Answer("0 = a", reason: "easy"))
        #expect(session.notes == ["difficulty: \(difficulty)"])
    }

    @Test(arguments: [("3.1", 3), ("4", 4), ("5", 4), ("6", 5), ("9", 8), ("10", 8)])
    func `a hard item's first window is proportional to its difficulty`(_ rating: String, _ size: Int) throws {
        let (session, answer) = try run("{}", letters("a", 8), rating: .text(rating))
        #expect(sizes(session) == [size])
        #expect(answer == Answer("0 = a", confidence: 1, reason: "unanimous"))
        #expect(session.notes.last == "presamples: \(size)")
    }

    @Test func `windows double the total until one agrees or all are drawn`() throws {
        let (session, answer) = try run("{}", "aaab" + "abbb" + letters("b", 8))
        #expect(sizes(session) == [4, 4, 8])
        #expect(answer == Answer("3 = b", confidence: 12.0 / 16, reason: "unanimous"))
        let (long, all) = try run("{}", letters("aab", 40))
        #expect(sizes(long) == [4, 4, 8, 16, 8])
        #expect(all == Answer("0 = a", confidence: 27.0 / 40, reason: "max_samples"))
    }

    @Test func `an agreeing window is the answer even against the majority, a short or partly silent one is not`()
        throws
    {
        let (_, against) = try run(#"{"hardest_samples":6}"#, "aaaaab" + letters("b", 6), rating: .text("10"))
        #expect(against == Answer("5 = b", confidence: 7.0 / 12, reason: "unanimous"))
        let (_, few) = try run(#"{"hardest_samples":4}"#, "aaac" + "bbbb", rating: .text("10"))
        #expect(few == Answer("4 = b", confidence: 0.5, reason: "unanimous"))
        let (session, short) = try run(#"{"max_samples":7}"#, "abab" + "bbb")
        #expect(sizes(session) == [4, 3])
        #expect(short == Answer("1 = b", confidence: 5.0 / 7, reason: "max_samples"))
        #expect(try sizes(run(#"{"max_samples":8}"#, "aaa-aaaa").session) == [4, 4])
    }

    @Test func `threshold and hardest_samples set where hard begins and how large it is`() throws {
        #expect(try run(#"{"threshold":5}"#, "a").answer.reason == "easy")
        #expect(try sizes(run(#"{"threshold":4.9}"#, "aaaa").session) == [4])
        #expect(try sizes(run(#"{"hardest_samples":20}"#, letters("a", 10)).session) == [10])
        #expect(try sizes(run(#"{"threshold":0,"hardest_samples":2}"#, "aa", rating: .text("1")).session) == [2])
    }

    @Test func `the rating is asked of its role with the question, greedily`() throws {
        let (own, _) = try run("{}", "aaaa")
        let request = try #require(own.requests.first)
        #expect(request.model == "")
        #expect(request.sampling == Sampling(temperature: 0, maxTokens: 16))
        #expect(request.messages?.first?.content.hasPrefix("Question:\n1 + 1?\n\nHow difficult") == true)
        let parameters = #"{"rating_role":"grader","rating_tokens":3,"rating_prompt":"Hard? {question} {x}"}"#
        let (other, _) = try run(parameters, "aaaa")
        #expect(other.requests.first?.model == "grader")
        #expect(other.requests.first?.messages == [Message(.user, "Hard? 1 + 1? {x}")])
        #expect(other.requests.first?.sampling?.maxTokens == 3)
        #expect(other.requests.dropFirst().allSatisfy { $0.model == "" })
        let unknown = try ShippedPlugins.session("dsc", #"{"rating_role":"nobody"}"#)
        unknown.step(.start)
        #expect(unknown.outcome == .error("the suite has no model with the role nobody"))
    }

    @Test(arguments: [
        (ScriptedReply.text("no idea"), "no number in the reply"),
        (.failed(RequestFailed(.server, message: "500")), "request_failed"),
        (.rejected(Rejected(.budget, message: "")), "budget"), (.text("11"), "no number in the reply"),
    ])
    func `without a rating the item counts as hardest`(_ rating: ScriptedReply, _ note: String) throws {
        let (session, answer) = try run("{}", letters("a", 8), rating: rating)
        #expect(sizes(session) == [8])
        #expect(session.notes == ["rating: \(note)", "difficulty: 10.0", "presamples: 8"])
        #expect(answer.reason == "unanimous")
    }

    @Test(arguments: [
        (#"{"difficulty":7}"#, 10.0, 7.0), (#"{"difficulty":2.5}"#, 5, 5), (#"{"difficulty":9}"#, 5, 10),
        (#"{"difficulty":-1}"#, 5, 0),
    ])
    func `a field's number is scaled to 10`(_ fields: String, _ scale: Double, _ difficulty: Double) throws {
        let (session, _) = try run(#"{"difficulty":"field","field_scale":\#(scale)}"#, letters("a", 8), fields: fields)
        #expect(session.notes.first == "difficulty: \(difficulty)")
        #expect(session.requests.count == 1)
    }

    @Test(arguments: ["{}", #"{"level":"hard"}"#]) func `a field without a number is an error`(_ fields: String) throws
    {
        var host = ShippedPlugins.host
        host.item.fieldsJSON = fields
        let session = try ShippedPlugins.session("dsc", #"{"difficulty":"field","field":"level"}"#, host: host)
        session.step(.start)
        #expect(session.outcome == .error("the item item has no number in the field level"))
        #expect(session.requests.isEmpty)
    }

    /// 10 (k − v1) / (k − 1).
    @Test(arguments: [
        ("aaa", 3, 0.0), ("aab", 3, 5), ("abc", 3, 10), ("a--", 3, 10), ("---", 3, 10), ("aa-", 3, 5),
        ("aaaab", 5, 2.5), ("ab", 2, 10),
    ])
    func `a probe's difficulty is its disagreement`(_ answers: String, _ size: Int, _ difficulty: Double) throws {
        let (session, answer) = try run(#"{"difficulty":"probe","probe_samples":\#(size)}"#, answers + letters("z", 8))
        #expect(session.notes.first == "difficulty: \(difficulty)")
        #expect(sizes(session).first == size)
        #expect((sizes(session).count == 1) == (difficulty <= 3))
        #expect(answer.reason == (difficulty <= 3 ? "easy" : "unanimous"))
    }

    @Test func `the probe's samples vote and count`() throws {
        let (easy, vote) = try run(#"{"difficulty":"probe","probe_samples":5}"#, "baaaa")
        #expect(vote == Answer("1 = a", confidence: 0.8, reason: "easy"))
        #expect(sizes(easy) == [5])
        let (hard, all) = try run(#"{"difficulty":"probe","max_samples":9}"#, "aab" + "abab" + "bb")
        #expect(sizes(hard) == [3, 4, 2])
        #expect(all == Answer("2 = b", confidence: 5.0 / 9, reason: "max_samples"))
    }

    @Test func `what ends it early leaves the votes so far`() throws {
        let budget = ScriptedReply.rejected(Rejected(.budget, message: ""))
        #expect(try run("{}", "abab", end: budget).answer == Answer("0 = a", confidence: 0.5, reason: "budget"))
        let failed = ScriptedReply.failed(RequestFailed(.server, message: "500"))
        #expect(
            try run(#"{"difficulty":"probe"}"#, "bb", end: failed).answer
                == Answer("0 = b", confidence: 1, reason: "request_failed"))
        #expect(try run("{}", "", rating: .text("1"), end: budget).answer == .none(reason: "budget"))
    }

    @Test(arguments: [
        ("{}", 2, 41, 7.0), (#"{"difficulty":"field"}"#, 1, 40, 6), (#"{"difficulty":"probe"}"#, 3, 40, 5),
        (#"{"max_samples":1}"#, 2, 2, 2),
    ])
    func `the estimate counts the rating and the smallest windows`(
        _ parameters: String, _ least: Int, _ most: Int, _ passes: Double
    ) throws {
        let estimate = try ShippedPlugins.plugin("dsc").estimate(parameters: parameters)
        #expect(estimate == Estimate(completions: least...most, promptPasses: passes))
    }

    @Test func `a probe larger than all samples is refused`() throws {
        let session = try ShippedPlugins.session("dsc", #"{"difficulty":"probe","probe_samples":4,"max_samples":3}"#)
        session.step(.start)
        #expect(session.outcome == .failed("probe_samples (4) is more than max_samples (3)"))
    }
}
