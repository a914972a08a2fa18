import EvalhPluginKit
import EvalhPluginTesting
import Testing

@Suite struct SideBySideTests {
    private struct Asker: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            let texts = await session.sideBySide(["a", "b", "c"]) { prefix in
                (try? await session.complete(prefix: prefix).text) ?? "-"
            }
            return Answer(texts.joined(separator: " "))
        }
    }

    @Test func `all are asked at once, and what came stands in the inputs' order`() throws {
        let session = try ScriptedSession(Asker.self)
        #expect(session.step(.start).count == 3)
        // The newest request is answered first.
        let outcome = session.run { request, _ in
            request.prefix == "b" ? .failed(RequestFailed(.server, message: "500")) : .text(request.prefix + "!")
        }
        #expect(outcome == .finished(Answer("a! - c!")))
    }

    private struct Reader: TestStrategy {
        static func run(_ item: Item, _ session: Session) async throws -> Answer {
            var sample = PartialSample(try session.stream())
            await sample.read(until: 2)
            let half = "\(sample.text) \(sample.tokens) \(sample.isOpen)"
            if item.input == "stop" {
                await sample.stop()
                return Answer("\(half), \(sample.isOpen) \(sample.choice?.text ?? "given up")")
            }
            await sample.read(until: .max)
            if let interruption = sample.interruption { return Answer("\(half), \(interruption)") }
            return Answer("\(half), \(sample.tokens) \(sample.hasEnded) \(sample.choice?.text ?? "")")
        }
    }

    private func read(_ input: String, cancelsTooLate: Bool = false, _ reply: ScriptedReply) throws -> String? {
        let item = Item(id: "i", input: input, messages: [Message(.user, input)])
        let session = try ScriptedSession(Reader.self, host: ScriptedHost(item: item))
        guard case .finished(let answer) = session.run(cancelsTooLate: cancelsTooLate, { _, _ in reply }) else {
            return nil
        }
        return answer.text
    }

    @Test func `a partial sample is read to some tokens, then to its end`() throws {
        #expect(try read("go on", .streamed(["a", "b", "c", "d"])) == "ab 2 true, 4 true abcd")
        #expect(try read("go on", .streamed(["a"])) == "a 1 false, 1 true a")
    }

    @Test func `a partial sample that is stopped is given up, be it over or not`() throws {
        #expect(try read("stop", .streamed(["a", "b", "c"])) == "ab 2 true, false given up")
        #expect(try read("stop", cancelsTooLate: true, .streamed(["a", "b", "c"])) == "ab 2 true, false given up")
    }

    @Test func `what kept a sample from coming is kept`() throws {
        let failure = RequestFailed(.transport, message: "reset")
        #expect(try read("go on", .failed(failure)) == " 0 false, \(failure)")
    }
}
