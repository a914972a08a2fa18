internal import ArgumentParser
internal import Completions
internal import PluginIsolation

/// What evalh starts itself with; no part of what is promised to people.
struct InternalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "internal", abstract: "What evalh starts itself with.", shouldDisplay: false,
        subcommands: [PluginWorkerCommand.self])
}

/// Holds plugins for another evalh.
struct PluginWorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugin-worker", abstract: "Hold a library's plugins for another evalh.", shouldDisplay: false)

    @Argument var library: String
    @Argument var isolation: String

    func run() throws {
        PluginWorker.run(library: library, isolation: Isolation(rawValue: isolation) ?? .process)
    }
}
