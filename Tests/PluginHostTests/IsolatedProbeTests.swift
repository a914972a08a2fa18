import Completions
import Foundation
import PluginHost
import PluginIsolation
import Testing

/// The evalh that works for tests.
private enum WorkerBinary {
    static let path = [
        Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
        CCompiler.root.appendingPathComponent(".build/debug"),
    ].map { $0.appendingPathComponent("evalh").path }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// The probe strategies do in a process of their own what they do in ours.
@Suite(.enabled(if: CCompiler.isAvailable && WorkerBinary.path != nil, "no C compiler, or evalh is not built"))
struct IsolatedProbeTests {
    private let folder: TemporaryFolder
    private let catalog: PluginCatalog
    private let plugins: IsolatedPlugins

    init() throws {
        folder = try TemporaryFolder()
        let probe = try CCompiler.library(probeSource, name: "libprobe.so", in: folder.url)
        let others = try CCompiler.library(graderMetricSource, name: "libothers.so", in: folder.url)
        catalog = PluginCatalog(
            locations: [probe, others].map { PluginLocation(path: $0, origin: .environment) })
        plugins = IsolatedPlugins(
            WorkerProgram(
                binary: try #require(WorkerBinary.path), environment: ProcessInfo.processInfo.environment, processes: 2)
        ) { _ in }
    }

    private func bodies() -> [SessionEvent.Body] {
        let tokens = [
            TokenLogprob(token: "a", logprob: -0.5, alternatives: [TokenAlternative(token: "é", logprob: -2)])
        ]
        let completion = Completion(
            text: "the answer is 42", reasoning: "hm", finish: .stop, usage: TokenUsage(promptTokens: 3), seconds: 1,
            tokens: tokens)
        let start = SessionStart(
            itemID: "i", input: "?", fieldsJSON: "{}", messages: [ChatMessage(role: .user, content: "?")],
            parametersJSON: "{}", seed: 5,
            models: [
                SessionModel(
                    role: "main", name: "m", capabilities: EndpointCapabilities(), sampling: SamplingParameters())
            ], repeatIndex: 1)
        return [
            .start(start), .delta(request: 1, choice: 0, text: "the", tokens: tokens, tokenCount: 1),
            .reasoning(request: 1, choice: 0, text: "hm", tokens: [], tokenCount: 1),
            .done(request: 1, choice: 0, completion: completion, isLast: true),
            .failed(request: 2, ModelFailure(kind: .timeout, message: "late", isRetryable: true)),
            .cancelled(request: 3, tokensReceived: 4, isEstimated: true),
            .budget(RemainingBudget(tokens: 5, usd: nil, seconds: 1.5)),
            .rejected(actionSeq: 1, request: 4, reason: .limit, message: "no"),
        ] + (1...13).map { .timer($0) } + [20, 24, 30, 35, 50].map { .timer($0) } + [.stop(reason: "end")]
    }

    /// What a strategy does, or its fault, with events given `size` at a time.
    private func play(_ factory: any StrategyFactory, in size: Int) -> [String] {
        let events = bodies().enumerated().map {
            SessionEvent(seq: UInt64($0 + 1), timeNanoseconds: 10, body: $1)
        }
        var actions: [String] = []
        do throws(PluginFault) {
            let session = try factory.makeSession(ScriptedServices(randoms: Array(1...200)))
            for first in stride(from: 0, to: events.count, by: size) {
                let batch = Array(events[first..<min(first + size, events.count)])
                actions += try session.step(batch).map { "\($0)" }
            }
        } catch {
            actions.append(error.description)
        }
        return actions
    }

    @Test(arguments: [
        "echo", "tally", "seq-back", "too-many", "fails", "fails-silently", "ignores-stop", "bad-finish", "no-create",
    ])
    func `actions and faults are the same in a process of its own`(name: String) throws {
        let info = try catalog.found(.strategy, "test." + name)
        for size in [1, 7] {
            let expected = play(try catalog.strategy(info.id), in: size)
            #expect(!expected.isEmpty)
            for isolation in [Isolation.process, .sandbox] {
                #expect(play(plugins.strategy(info, isolation), in: size) == expected)
            }
        }
    }

    @Test func `texts larger than the shared memory come through both ways`() throws {
        let text = String(repeating: "0123456789abcdef", count: 200_000)
        let event = SessionEvent(
            seq: 1, timeNanoseconds: 0,
            body: .done(
                request: 1, choice: 0, completion: Completion(text: text, finish: .stop, usage: TokenUsage()),
                isLast: true))
        let info = try catalog.found(.strategy, "test.echo")
        let actions = try plugins.strategy(info, .process).makeSession(ScriptedServices()).step([event])
        guard case .emit(let candidate, _, _)? = actions.first?.body else { throw Unexpected() }
        #expect(candidate.contains(text))
    }

    @Test func `a grader's refusals, scores and repaired texts are the same`() throws {
        let id = try #require(catalog.plugins.first { $0.kind == .grader }).id
        let info = try catalog.found(.grader, id)
        let here = try #require(throws: PluginFault.self) { try catalog.grader(id, parametersJSON: "{\"a\":1}") }
        let there = #expect(throws: PluginFault.self) {
            try plugins.grader(info, parametersJSON: "{\"a\":1}", .process)
        }
        #expect(there == here)
        let (near, far) = (
            try catalog.grader(id, parametersJSON: "{}"), try plugins.grader(info, parametersJSON: "{}", .process)
        )
        for answer in ["", "x", "!", "~", "target", "a longer one"] {
            func graded(_ grader: any GraderPlugin) -> Result<Grade, PluginFault> {
                Result { () throws(PluginFault) in
                    try grader.grade(answer: answer, target: "target", fieldsJSON: "{\"q\":1}", finish: .stop)
                }
            }
            #expect(graded(far) == graded(near))
            #expect(try far.extract(answer, fieldsJSON: "{}")?.answer == near.extract(answer)?.answer)
            #expect(try far.areSame(answer, "X") == near.areSame(answer, "X"))
            #expect(far.expected(target: answer, fieldsJSON: "{}") == near.expected(target: answer, fieldsJSON: "{}"))
        }
    }
}
