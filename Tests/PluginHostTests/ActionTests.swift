import Completions
import PluginHost
import Testing

/// What the host takes from each action of a plugin written in C.
@Suite(.enabled(if: CCompiler.isAvailable, "no C compiler"))
struct ActionTests {
    /// The actions that the probe's action number `which` leads to.
    private func actions(_ which: UInt64) throws -> [SessionAction] {
        try Probe.instance("echo").step([SessionEvent(seq: 1, timeNanoseconds: 0, body: .timer(which))])
    }

    private func only(_ which: UInt64) throws -> SessionAction.Body {
        let all = try actions(which)
        #expect(all.count == 1)
        return try #require(all.first).body
    }

    private let sampling = SamplingOverrides(
        temperature: 0.5, topP: 0.9, topK: 40, minP: 0.1, maxTokens: 64, topLogprobs: 3, stop: ["END", "\n\n"],
        seed: 11, jsonSchema: "{}")
    private let messages = [ChatMessage(role: .user, content: "hi"), ChatMessage(role: .assistant, content: "yo")]

    @Test func `SUBMIT arrives with every member`() throws {
        guard case .submit(let submit) = try only(1) else { throw Unexpected() }
        #expect(
            submit
                == SubmitAction(
                    request: 5, role: "judge", messages: messages, prefix: "So", sampling: sampling, n: 3, stream: true,
                    priority: -2))
    }

    @Test func `absent sampling values and messages stay absent`() throws {
        guard case .submit(let submit) = try only(8) else { throw Unexpected() }
        #expect(submit.messages == nil)
        #expect(submit.sampling == SamplingOverrides())
    }

    @Test func `FORK arrives with every member`() throws {
        guard case .fork(let fork) = try only(2), case .fork(let streamed) = try only(9) else { throw Unexpected() }
        #expect(
            fork
                == ForkAction(
                    request: 6, parent: 5, parentChoice: 1, offset: 10, append: " wait", sampling: nil, n: 2,
                    stream: false, priority: 4))
        #expect(streamed.sampling == sampling)
        #expect(streamed.stream)
    }

    @Test func `CANCEL, SET_TIMER and NOTE arrive`() throws {
        guard case .cancel(5) = try only(3), case .setTimer(77, 123_456_789) = try only(4),
            case .note("key", "value", isDebug: false) = try only(6),
            case .note("debug", "line", isDebug: true) = try only(15)
        else {
            throw Unexpected()
        }
    }

    @Test func `CALL and NUMBER arrive with every member`() throws {
        guard case .call(let call) = try only(5), case .number("depth", 2.5) = try only(14) else { throw Unexpected() }
        #expect(call == CallAction(request: 8, service: "search", payload: #"{"q":1}"#, priority: 2))
    }

    @Test func `unknown types are unsupported`() throws {
        guard case .unsupported(999, 0) = try only(7) else { throw Unexpected() }
    }

    @Test(arguments: [
        (UInt64(40), FinishAction.Kind.answered, 0.75 as Double?), (41, .unfinished, nil), (42, .noAnswer, nil),
        (43, .error, nil),
    ])
    func `FINISH arrives with its kind, and nothing is taken after it`(
        which: UInt64, kind: FinishAction.Kind, confidence: Double?
    ) throws {
        guard case .finish(let finish) = try only(which) else { throw Unexpected() }
        #expect(finish == FinishAction(kind: kind, answer: "42", confidence: confidence, reason: "threshold"))
    }

    @Test func `bytes that are not UTF-8 are repaired`() throws {
        guard case .submit(let submit) = try only(10) else { throw Unexpected() }
        #expect(submit.prefix == "a\u{FFFD}b\u{FFFD}")
    }

    @Test func `members beyond an older struct_size take their defaults`() throws {
        guard case .submit(let old) = try only(11), case .submit(let oldSampling) = try only(13) else {
            throw Unexpected()
        }
        #expect(
            old
                == SubmitAction(
                    request: 5, role: "judge", messages: messages, prefix: "So", n: 1, stream: true, priority: 0))
        #expect(oldSampling.sampling == SamplingOverrides(temperature: 0.5, maxTokens: 64))
    }

    @Test func `a struct_size without the members an action needs is refused at once`() throws {
        guard case .emit("refused", _, _) = try only(12) else { throw Unexpected() }
    }

    @Test(arguments: [
        (UInt64(20), UInt64(5), "n is 0"), (21, 5, "n is 1025"), (22, 0, "request 0"), (23, 5, "1025 messages"),
        (24, 5, "no bytes"),
        (25, 5, "16 MiB"), (26, 5, "top_p is 0"), (27, 5, "role 9"), (28, 5, "message 1"), (29, 5, "max_tokens is 0"),
        (30, 5, "stop_count is 65"),
        (31, 5, "temperature is inf"), (32, 6, "offset"), (33, 0, "weight"), (34, 5, "message 0"),
        (35, 5, "top_logprobs is -2"), (36, 0, "letters, digits"),
    ])
    func `values out of range are invalid and say why`(which: UInt64, request: UInt64, text: String) throws {
        guard case .invalid(let about, let message) = try only(which) else { throw Unexpected() }
        #expect(about == request)
        #expect(message.contains(text), "\(message)")
    }

    @Test func `at most 64 notes are kept`() throws {
        #expect(try actions(50).count == 64)
    }
}

/// An action of another kind than the test expects.
struct Unexpected: Error {}
