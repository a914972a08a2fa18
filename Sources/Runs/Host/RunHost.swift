internal import Foundation
internal import HostGraders
internal import Judging
package import PluginHost
package import SuiteModel

/// The program that a run is part of: where it lives, what surrounds it, and how it speaks to people.
package struct RunHost: Sendable {
    /// Something people should read while a run is prepared, goes on or ends.
    package enum Notice: Hashable, Sendable {
        case line(String)
        case warning(String)
        case error(String)
        /// Diagnostics with their places, escaped already.
        case located(String)
    }

    package var version: String
    /// The program's own file.
    package var binary: String
    /// Folders that suites are looked for in beside the current one.
    package var shareFolders: [String]
    package var environment: [String: String]
    package var say: @Sendable (Notice) -> Void

    package init(
        version: String, binary: String, shareFolders: [String], environment: [String: String],
        say: @escaping @Sendable (Notice) -> Void
    ) {
        self.version = version
        self.binary = binary
        self.shareFolders = shareFolders
        self.environment = environment
        self.say = say
    }

    /// Where plugins are looked for.
    /// - Parameter plugins: folders and files that a suite or the command line names.
    package func locations(plugins: [String]) -> [PluginLocation] {
        PluginLocation.standard(
            environment: environment, suitePlugins: plugins, suiteFolder: FileManager.default.currentDirectoryPath,
            binary: binary)
    }

    /// The arguments by which the program looks into a library.
    package static let describeLibrary = ["internal", "describe-library"]

    /// The plugins that can be had. Libraries that are not known yet are looked into by a child process.
    /// - Parameter looksAgain: also at libraries that are known to be of no use.
    package func catalog(plugins: [String], looksAgain: Bool = false) -> PluginCatalog {
        PluginCatalog(
            locations: locations(plugins: plugins),
            builtIn: HostGraders.infos(file: binary, version: version)
                + [JudgeGrader.info(file: binary, version: version)],
            look: .inChild(program: binary, arguments: Self.describeLibrary, environment: environment),
            cacheFile: PluginCatalog.defaultCacheFile(environment: environment), looksAgain: looksAgain)
    }

    /// What of data sets was downloaded before.
    package var datasets: DatasetCache { DatasetCache(folder: DatasetCache.defaultFolder(environment: environment)) }
}
