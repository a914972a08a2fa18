internal import Foundation
internal import Runs

/// A folder for a new plugin.
struct NewPlugin {
    let name: PluginName
    let id: String
    let language: PluginLanguage
    let kind: String
    /// Where it is made; nothing may be there.
    let folder: URL

    /// Writes the folder, whole or not at all.
    ///
    /// - Returns: The files in it.
    @discardableResult
    func write(_ templates: PluginTemplates) throws -> [String] {
        var files = try templates.files(language, kind)
        if !files.contains(where: { $0.path == "suite.yaml" }) {
            files = files.map { file in
                // Nothing is said of a suite that is not there.
                guard file.path == "README.md" else { return file }
                let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
                return (file.path, lines.filter { !$0.contains("suite.yaml") }.joined(separator: "\n"))
            }
        }
        let manager = FileManager.default
        guard !manager.fileExists(atPath: folder.path) else {
            throw CommandFailure(
                .usage, "\(folder.path) is there already; nothing was written. Name another folder by --output")
        }
        let parent = folder.deletingLastPathComponent()
        let draft = parent.appendingPathComponent(".\(folder.lastPathComponent).\(UUID().uuidString)")
        do {
            try manager.createDirectory(at: draft, withIntermediateDirectories: true)
            for (path, text) in files {
                let target = draft.appendingPathComponent(Self.name(of: filled(path, in: path, templates)))
                try manager.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(filled(text, in: path, templates).utf8).write(to: target)
            }
            // Refuses a folder that has come to be there meanwhile.
            try manager.moveItem(at: draft, to: folder)
            return files.map(\.path)
        } catch {
            try? manager.removeItem(at: draft)
            throw CommandFailure(.usage, "\(folder.path) cannot be made: \(error.localizedDescription)")
        }
    }

    /// A template's `gitignore` must not act where the template lies.
    private static func name(of path: String) -> String {
        path == "gitignore" ? ".gitignore" : path
    }

    /// A template's text with this plugin's names. One pass, so that no name is taken for a mark in another.
    private func filled(_ text: String, in path: String, _ templates: PluginTemplates) -> String {
        let quoted = { (text: String) in
            path.hasSuffix(".swift")
                ? text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") : text
        }
        let article = kind == "allocator" ? "an" : "a"
        let marks: [(mark: String, value: String)] = [
            ("org.example.my-plugin", id), ("my-plugin", name.text), ("my_plugin", name.snake),
            ("MyPlugin", name.type), ("{{library}}", language.library(name)),
            ("{{share}}", quoted(templates.share.path)), ("{{a kind}}", "\(article) \(kind)"),
            ("{{A kind}}", "\(article.capitalized) \(kind)"),
        ]
        var result = ""
        var rest = Substring(text)
        while let next = marks.compactMap({ mark in rest.firstRange(of: mark.mark).map { ($0, mark.value) } })
            .min(by: { $0.0.lowerBound < $1.0.lowerBound })
        {
            result += rest[..<next.0.lowerBound] + next.1
            rest = rest[next.0.upperBound...]
        }
        return result + rest
    }
}
