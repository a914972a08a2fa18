import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct EmbedTests {
    private struct Nearest: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            do {
                let vectors = try await session.embed(["a", "b", "c"])
                return Answer("\(vectors.cosine(0, 1)) \(vectors.cosine(0, 2)) \(vectors.vectors[2].count)")
            } catch let rejected as Rejected {
                return Answer("no", reason: rejected.message)
            }
        }
    }

    private func outcome(_ result: ServiceResult?, services: [ServiceInfo]) throws -> ScriptedSession.Outcome {
        var host = ScriptedHost()
        host.services = services
        let session = try ScriptedSession(Nearest.self, host: host)
        return session.run(service: { name, payload in
            #expect(name == "vectors" && payload.canonicalText == #"{"texts":["a","b","c"]}"#)
            return result
        }) { _, _ in .silence }
    }

    private let services = [ServiceInfo("loglik", kind: "score"), ServiceInfo("vectors", kind: "embed")]

    @Test func `texts become vectors by the first service that embeds`() throws {
        let value = try JSONValue(parsing: #"{"vectors":[[3,0],[0,2],[-1,0]],"dimensions":2}"#)
        #expect(try outcome(ServiceResult(value), services: services) == .finished(Answer("0.0 -1.0 2")))
    }

    @Test func `a suite without one rejects`() throws {
        guard case .finished(let answer) = try outcome(nil, services: []) else { throw ScriptedError("no answer") }
        #expect(answer.reason.contains("no service of kind embed"))
    }

    @Test(arguments: [#"{"vectors":[[1],[2]]}"#, #"{"vectors":[[1],[2],[3,4]]}"#, #"{"vectors":[[],[],[]]}"#, "{}"])
    func `what is not one vector for each text is a failure`(_ text: String) throws {
        let result = ServiceResult(try JSONValue(parsing: text))
        guard case .error = try outcome(result, services: services) else { throw ScriptedError("an answer") }
    }
}

@Suite struct TextTokensTests {
    private func kept(_ tokens: [String], _ text: String) -> [String] {
        Choice.textTokens(tokens.map { Token($0, probability: 0.5) }, of: text).map(\.text)
    }

    @Test func `a mark behind the text is no token of it`() {
        #expect(kept(["4", "2", "<|end|>"], "42") == ["4", "2"])
        #expect(kept(["4", "2"], "42") == ["4", "2"])
        #expect(kept(["<|end|>"], "") == [])
    }

    @Test func `tokens that do not spell the text are all kept`() {
        // Parts of a character, and a text that a stop cut within a token.
        #expect(kept(["\u{FFFD}", "\u{FFFD}", "x"], "éx").count == 3)
        #expect(kept(["ab", "cd"], "abc") == ["ab", "cd"])
        #expect(kept(["ab", "cd", "ef"], "xb") == ["ab", "cd", "ef"])
    }
}
