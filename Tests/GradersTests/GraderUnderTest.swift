import Completions
import Foundation
import PluginHost

/// A shipped grader, opened from the built library and called as the host does.
struct GraderUnderTest {
    private static let catalog: PluginCatalog = {
        let runner = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folders = [
            runner, Bundle.main.bundleURL, Bundle.main.bundleURL.deletingLastPathComponent(),
            root.appendingPathComponent(".build/debug"),
        ]
        let files = folders.map { $0.appendingPathComponent("libEvalhPlugins.so").path }
        let file = files.first { FileManager.default.fileExists(atPath: $0) } ?? "libEvalhPlugins.so"
        return PluginCatalog(locations: [PluginLocation(path: file, origin: .environment)])
    }()

    static let all = catalog.plugins.filter { $0.kind == .grader }

    private let grader: PluginGrader

    /// - Throws: `PluginFault` for parameters that the grader refuses.
    init(_ name: String, _ parameters: String = "{}") throws {
        grader = try Self.catalog.grader(name, parametersJSON: parameters)
    }

    func grade(
        _ answer: String, _ target: String, fieldsJSON: String = "{}", isUnfinished: Bool = false
    ) throws -> Grade {
        try grader.grade(
            answer: answer, target: target, fieldsJSON: fieldsJSON, finish: isUnfinished ? .length : .stop)
    }

    func extract(_ text: String, fieldsJSON: String = "{}") throws -> (answer: String, stage: String)? {
        try grader.extract(text, fieldsJSON: fieldsJSON)
    }

    func areSame(_ first: String, _ other: String) -> Bool { grader.areSame(first, other) }

    func expected(_ target: String, fieldsJSON: String = "{}") -> String? {
        grader.expected(target: target, fieldsJSON: fieldsJSON)
    }
}
