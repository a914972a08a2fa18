import Completions
import Foundation
import PluginHost
import Testing

/// The promise of docs/abi.md, on a binary that was built when 1.0 was frozen.
@Suite struct ReleasedPluginTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    #if arch(x86_64) && os(Linux)
        private static let isOurs = true
    #else
        private static let isOurs = false
    #endif

    @Test(.enabled(if: isOurs, "the kept binary is for Linux on x86-64"))
    func `a binary of ABI 1 point 0 loads and says of itself what it said then`() throws {
        let library = try PluginLibrary(opening: ReleasedPlugin.binary(in: folder.url))
        #expect(library.plugins.map(\.id) == ["released.strategy", "released.grader", "released.metric"])
        #expect(library.plugins.allSatisfy { $0.abi == PluginABIVersion(major: 1, minor: 0) && $0.version == "1.0.0" })
        #expect(library.plugins[0].needs == [.stream] && library.plugins[2].outputs == ["tokens"])
    }

    @Test(.enabled(if: isOurs, "the kept binary is for Linux on x86-64"))
    func `its strategy, grader and metric do what they did then`() throws {
        let file = try ReleasedPlugin.binary(in: folder.url)
        let actions = try ReleasedPlugin.session(of: file)
        try #require(actions.count == 7)
        guard case .submit(let submit) = actions[0], case .note(let key, let value, _) = actions[1],
            case .emit(let candidate, let weight, _) = actions[2], case .number(let name, let left) = actions[3],
            case .finish(let finish) = actions[6]
        else {
            Issue.record("\(actions)")
            return
        }
        #expect(
            submit
                == SubmitAction(
                    request: 1, role: "main", messages: [ChatMessage(role: .user, content: "q?")],
                    sampling: SamplingOverrides(temperature: 0.25, maxTokens: 7, stop: ["\n\n"]), n: 2, stream: true,
                    priority: 3))
        #expect(key == "item" && value == "item-3")
        #expect(candidate == "42" && weight == 5)
        #expect(name == "left" && left == 1000)
        #expect(finish == FinishAction(kind: .answered, answer: "or 7", confidence: 0.5, reason: "drawn"))

        let (grade, values) = try ReleasedPlugin.gradeAndMetric(of: file)
        #expect(grade.score == 1 && grade.extracted == "42" && grade.stage == "bytes")
        #expect(values.map(\.name) == ["tokens"] && values.map(\.value) == [6] && values.map(\.n) == [2])
    }
}
