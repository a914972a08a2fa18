import Completions
import Foundation
import PluginHost
import Testing

/// `examples/plugins/c`, built in a folder that holds the headers and nothing else of evalh.
@Suite(
    .enabled(
        if: CCompiler.isAvailable && FileManager.default.isExecutableFile(atPath: "/usr/bin/make"),
        "no C compiler or make"))
struct ExamplePluginTests {
    private static let built = Result {
        let folder = try TemporaryFolder()
        let example = CCompiler.root.appendingPathComponent("examples/plugins/c")
        try FileManager.default.copyItem(atPath: CCompiler.headers, toPath: folder.path("include"))
        for name in ["first-vote.c", "Makefile"] {
            try FileManager.default.copyItem(
                at: example.appendingPathComponent(name), to: folder.url.appendingPathComponent(name))
        }
        let strict = "CFLAGS=-O2 -Wall -Wextra -Wpedantic -Werror"
        let (status, output) = try CCompiler.run("/usr/bin/make", ["INCLUDE=include", strict], in: folder.url)
        guard status == 0 else { throw CCompiler.Failure(description: output) }
        let catalog = PluginCatalog(locations: [PluginLocation(path: folder.path("libfirst-vote.so"), origin: .suite)])
        return try catalog.strategy("org.example.first-vote")
    }

    /// Runs a session in which the model gives `answers` one after the other; `nil` is a request that failed.
    private func session(_ answers: [(text: String, finish: FinishReason)?], parameters: String = "{}") throws
        -> [SessionAction.Body]
    {
        let instance = try Self.built.get().makeSession(ScriptedServices())
        let model = SessionModel(
            role: "main", name: "m", capabilities: EndpointCapabilities(), sampling: SamplingParameters())
        let start = SessionStart(
            itemID: "i", input: "q", fieldsJSON: "{}", messages: [ChatMessage(role: .user, content: "q")],
            parametersJSON: parameters,
            seed: 1,
            models: [model], repeatIndex: 0)
        var seq: UInt64 = 1
        var actions = try instance.step([SessionEvent(seq: seq, timeNanoseconds: 0, body: .start(start))])
        var all = actions.map(\.body)
        var rest = answers[...]
        while case .submit(let submit)? = actions.first?.body {
            #expect(submit.n == 1 && submit.messages == nil)
            seq += 1
            let body: SessionEvent.Body
            if let next = rest.popFirst() {
                if let (text, finish) = next {
                    body = .done(
                        request: submit.request, choice: 0,
                        completion: Completion(text: text, finish: finish, usage: TokenUsage()),
                        isLast: true)
                } else {
                    body = .failed(request: submit.request, ModelFailure(kind: .server, message: "500"))
                }
            } else {
                body = .stop(reason: "budget")
            }
            actions = try instance.step([SessionEvent(seq: seq, timeNanoseconds: 0, body: body)])
            all += actions.map(\.body)
        }
        return all
    }

    private func answer(_ actions: [SessionAction.Body]) throws -> FinishAction {
        guard case .finish(let finish)? = actions.last else { throw Unexpected() }
        return finish
    }

    private func requests(_ actions: [SessionAction.Body]) -> [UInt64] {
        actions.compactMap { if case .submit(let submit) = $0 { submit.request } else { nil } }
    }

    @Test func `two samples that agree end the session`() throws {
        let actions = try session([("it is 42", .stop), ("so 42", .stop), ("no 7", .stop)])
        #expect(requests(actions) == [1, 2])
        #expect(try answer(actions) == FinishAction(kind: .answered, answer: "it is 42", reason: "agreement"))
    }

    @Test func `without agreement the earliest answer wins after the last sample`() throws {
        let actions = try session([("a 1", .stop), ("b 2", .stop), ("c 3", .stop)])
        #expect(requests(actions) == [1, 2, 3])
        #expect(try answer(actions) == FinishAction(kind: .answered, answer: "a 1", reason: "max_samples"))
    }

    @Test func `the parameter is read, and unfinished samples have no vote`() throws {
        let actions = try session(
            [("a 1", .length), ("b 1", .stop), ("none", .stop), ("c 2", .stop), ("d 1", .stop)],
            parameters: #"{"max_samples":5}"#)
        #expect(requests(actions) == [1, 2, 3, 4, 5])
        #expect(try answer(actions) == FinishAction(kind: .answered, answer: "b 1", reason: "agreement"))
    }

    @Test func `no answer at all is an abstention, STOP ends with what there is`() throws {
        #expect(try answer(session([("none", .stop), ("none", .stop), ("none", .stop)])).kind == .noAnswer)
        #expect(try answer(session([("a 1", .stop)])) == FinishAction(kind: .answered, answer: "a 1", reason: "stop"))
    }

    @Test func `a failed request is an error and not an answer`() throws {
        let fault = #expect(throws: PluginFault.self) { try session([nil]) }
        #expect(fault?.description == "plugin org.example.first-vote: a request failed")
    }

    @Test func `it tells what it may ask for`() throws {
        let strategy = try Self.built.get()
        #expect(
            strategy.estimate(parametersJSON: #"{"max_samples": 9}"#)
                == StrategyEstimate(completionsMin: 2, completionsMax: 9, promptPasses: 9))
        #expect(strategy.info.parametersSchema?.contains("max_samples") == true)
    }
}
