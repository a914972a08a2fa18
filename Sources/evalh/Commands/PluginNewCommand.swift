internal import ArgumentParser
internal import Foundation
internal import Reporting
internal import Runs

extension PluginLanguage: ExpressibleByArgument {}

struct PluginNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "A folder with a small working plugin, its test and a suite that uses it.",
        discussion: """
            The folder builds with one command against the installed evalh; its README says which. Nothing is fetched,
            and what is there already is never overwritten.

            EXAMPLES
              evalh plugin new my-vote --language c
              evalh plugin new my-grader --language rust --kind grader --id org.example.my-grader
            """)

    @Argument(help: "Lower-case words joined by \"-\", such as my-vote.")
    var name: String

    @Option(help: "c, cpp, rust or swift.")
    var language: PluginLanguage

    @Option(help: "strategy, grader, metric, allocator or service.")
    var kind = "strategy"

    @Option(help: "What suites call it, reverse-DNS. Absent: org.example.NAME.")
    var id: String?

    @Option(help: "The folder to make. Absent: ./NAME.")
    var output: String?

    private static let kinds = ["strategy", "grader", "metric", "allocator", "service"]

    func run() throws {
        let host = Installation.host
        guard Self.kinds.contains(kind) else {
            let kinds = Self.kinds.joined(separator: ", ")
            throw CommandFailure(.usage, "there is no kind \"\(kind)\" of plugins; there are: \(kinds)")
        }
        let plugin = NewPlugin(
            name: try PluginName(name, language: language),
            id: try PluginName.checked(id: id ?? "org.example.\(name)"), language: language, kind: kind,
            folder: URL(fileURLWithPath: output ?? name))
        let templates = try PluginTemplates.find(host: host)
        let files = try plugin.write(templates)

        let shown = output ?? name
        let article = kind == "allocator" ? "an" : "a"
        var lines = ["made \(shown): \(article) \(kind) in \(language.name), \(plugin.id)", "next:"]
        lines.append("  cd \(Self.shellWord(shown))")
        if let setting = packageSetting(host, templates) { lines.append("  \(setting)") }
        let suite = files.contains("suite.yaml") ? ["evalh run suite.yaml"] : []
        lines += (language.commands + suite).map { "  \($0)" }
        for line in lines { print(SafeText.terminal(line)) }
        for tool in language.tools where !Self.isInPath(tool, host.environment) {
            Terminal.standard.warning("there is no \(tool) in PATH; the build needs it")
        }
    }

    /// What pkg-config must be told, where it would not find the header by itself.
    private func packageSetting(_ host: RunHost, _ templates: PluginTemplates) -> String? {
        guard language == .c || language == .cpp else { return nil }
        let prefix = templates.share.deletingLastPathComponent().deletingLastPathComponent()
        let folder = prefix.appendingPathComponent("lib/pkgconfig").path
        guard FileManager.default.fileExists(atPath: folder + "/evalh-plugin.pc") else {
            // A source tree without an installation.
            let root = templates.share.deletingLastPathComponent()
            let header = root.appendingPathComponent("Sources/CEvalhPlugin/include").path
            return FileManager.default.fileExists(atPath: header)
                ? "export HEADER=-I\(Self.shellWord(header))" : nil
        }
        let known = (host.environment["PKG_CONFIG_PATH"] ?? "").split(separator: ":").map(String.init)
        guard !["/usr", "/usr/local"].contains(prefix.path), !known.contains(folder) else { return nil }
        return "export PKG_CONFIG_PATH=\(Self.shellWord(folder))${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
    }

    private static func isInPath(_ tool: String, _ environment: [String: String]) -> Bool {
        (environment["PATH"] ?? "").split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(tool)")
        }
    }

    private static func shellWord(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isLetter || $0.isNumber || "/._-+".contains($0) }
        return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
