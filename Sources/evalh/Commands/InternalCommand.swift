internal import ArgumentParser
internal import Completions
internal import PluginHost
internal import PluginIsolation
internal import Runs

/// What evalh starts itself with; no part of what is promised to people.
struct InternalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "internal", abstract: "What evalh starts itself with.", shouldDisplay: false,
        subcommands: [PluginWorkerCommand.self, DescribeLibraryCommand.self])
}

/// Looks into one plugin library, in a process that it may take with it.
struct DescribeLibraryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: RunHost.describeLibrary.last, abstract: "What a library offers, for `evalh plugin list`.",
        shouldDisplay: false)

    @Argument(help: "The library.")
    var file: String

    func run() throws { LibraryAnswer.give(of: file) }
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
