internal import ArgumentParser
internal import Completions
internal import Foundation
internal import JSON
internal import PluginHost
internal import Reporting
internal import Runs
internal import SuiteModel

struct PluginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin", abstract: "The plugins that are there, and what they do.",
        subcommands: [
            PluginListCommand.self, PluginInfoCommand.self, PluginNewCommand.self, PluginCheckCommand.self,
            PluginReplayCommand.self, PluginCheckProcessCommand.self,
        ])
}

struct PluginListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "All plugins found, by kind.",
        discussion: """
            Searched: $EVALH_PLUGIN_PATH, --plugins, ~/.local/lib/evalh/plugins, the installation, the build folder. A \
            library that nothing is known of is looked into by a process of its own, with limits; what it says is kept \
            until its content changes. Where several versions of a plugin are there, the line says what a suite writes.

            EXAMPLES
              evalh plugin list
              evalh plugin list --plugins build --verbose
              evalh plugin list --json | jq '.[].id'
            """)

    @Option(name: .customLong("plugins"), help: "Another folder or library to look at.")
    var folders: [String] = []

    @Flag(help: "Also look again at files that could not be used.")
    var again = false

    @Flag(help: "Show each plugin's file, and files in folders of plugins that are none.")
    var verbose = false

    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
        let catalog = Installation.host.catalog(plugins: folders, looksAgain: again)
        for problem in catalog.problems { Terminal.standard.warning("\(problem.error)") }
        if json {
            print(String(decoding: PluginInfo.json(catalog.plugins, use: catalog.reference), as: UTF8.self))
        } else {
            for kind in PluginKind.allCases {
                let plugins = catalog.plugins.filter { $0.kind == kind }
                guard !plugins.isEmpty else { continue }
                print("\(kind.rawValue)")
                for plugin in plugins { line(plugin, catalog) }
            }
            for helper in verbose ? catalog.helpers : [] {
                print("no plugin: \(SafeText.terminal("\(helper)"))")
            }
        }
        if catalog.problems.contains(where: { $0.severity == .error }) { throw CommandFailure(.pluginFault) }
    }

    private func line(_ plugin: PluginInfo, _ catalog: PluginCatalog) {
        let id = plugin.id.padding(toLength: max(24, plugin.id.count), withPad: " ", startingAt: 0)
        var text = "  \(id) \(plugin.version)  \(plugin.title)"
        let isAlone = catalog.plugins.count { $0.kind == plugin.kind && $0.id == plugin.id } == 1
        if !isAlone { text += "  (in suites: \(catalog.reference(to: plugin)))" }
        if verbose { text += "\n      \(plugin.file)" }
        print(SafeText.terminal(text))
    }
}

struct PluginInfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info", abstract: "What a plugin does, its parameters, what it needs and where it is from.",
        discussion: """
            EXAMPLES
              evalh plugin info adaptive-consistency
              evalh plugin info numeric
            """)

    @Argument(help: "The plugin's id, or id@version.")
    var id: String

    @Option(name: .customLong("plugins"), help: "Another folder or library to look at.")
    var folders: [String] = []

    @Flag(help: "Print as JSON.")
    var json = false

    func run() throws {
        let catalog = Installation.host.catalog(plugins: folders)
        let wanted = PluginReference(id)
        let found = try catalog.plugins.filter { $0.id == wanted.id && wanted.includes(version: $0.version) }
            .map { try catalog.hashed($0) }
        guard !found.isEmpty else {
            if let reason = PluginKind.allCases.lazy.compactMap({ catalog.complaint($0, id) }).first {
                throw CommandFailure(.usage, "the plugin \(id) cannot be used: \(reason)")
            }
            let hint = NearestName.find(id, in: catalog.plugins.map(\.id)).map { "; did you mean \($0)?" } ?? ""
            throw CommandFailure(.usage, "there is no plugin \(id)\(hint)\n`evalh plugin list` shows all")
        }
        if json {
            print(String(decoding: PluginInfo.json(found, use: catalog.reference), as: UTF8.self))
            return
        }
        for plugin in found {
            let needs =
                plugin.needs.words + (plugin.topLogprobs > 0 ? ["\(plugin.topLogprobs) alternatives a token"] : [])
            Self.show(
                """
                \(plugin.id) \(plugin.version) (\(plugin.kind.rawValue))
                \(plugin.title)

                \(plugin.description)

                source      \(plugin.source)
                \(plugin.outputs.isEmpty ? "" : "values      \(plugin.outputs.joined(separator: ", "))\n")needs       \
                \(needs.isEmpty ? "nothing special" : needs.joined(separator: ", "))
                library     \(plugin.file)
                sha256      \(plugin.sha256 ?? "")
                ABI         \(plugin.abi.major).\(plugin.abi.minor)
                """)
            let lines = Self.parameters(plugin.parametersSchema)
            Self.show(lines.isEmpty ? "parameters  none" : "\nparameters\n" + lines.joined(separator: "\n"))
        }
    }

    /// What a plugin says of itself is foreign text: no control characters reach the terminal.
    private static func show(_ text: String) {
        print(
            text.split(separator: "\n", omittingEmptySubsequences: false).map { SafeText.terminal(String($0)) }.joined(
                separator: "\n"))
    }

    /// A line for each parameter: name, what it may be, its default, and what it means.
    static func parameters(_ schema: String?) -> [String] {
        guard let schema, let root = try? JSONValue(parsing: schema), let properties = root["properties"]?.members
        else {
            return []
        }
        let required = root["required"]?.elements?.compactMap(\.string) ?? []
        let heads = properties.map { property -> (name: String, kind: String, text: String) in
            let value = property.value
            let fallback = value["default"].map { "default \($0.canonicalText)" }
            let text = [value["description"]?.string ?? "", required.contains(property.key) ? "Required." : ""]
            return (
                property.key, [kind(value), fallback].compactMap(\.self).joined(separator: ", "),
                text.filter { !$0.isEmpty }.joined(separator: " ")
            )
        }
        let width = heads.map(\.name.count).max() ?? 0
        return heads.map { head in
            let name = head.name.padding(toLength: width, withPad: " ", startingAt: 0)
            return
                "  \(name)  \(head.text)\n  \(String(repeating: " ", count: width))  "
                + "(\(SafeText.short(head.kind, 160)))"
        }
    }

    private static func kind(_ schema: JSONValue) -> String {
        if let choices = schema["enum"]?.elements { return choices.map(\.plainText).joined(separator: " | ") }
        let type =
            switch schema["type"] {
            case .string("array")?: "list of " + (schema["items"]?["type"]?.plainText ?? "values") + "s"
            case .array(let types)?: types.map(\.plainText).joined(separator: " or ")
            case let type?: type.plainText
            case nil: "value"
            }
        var limits: [String] = []
        for (key, sign) in [("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"), ("exclusiveMaximum", "<")] {
            if let limit = schema[key] { limits.append("\(sign) \(limit.plainText)") }
        }
        return ([type] + limits).joined(separator: " ")
    }
}
