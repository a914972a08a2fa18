internal import Foundation

/// A place where plugin libraries are looked for: a folder, or one library.
package struct PluginLocation: Hashable, Sendable {
    package enum Origin: String, Codable, Sendable {
        /// Named by `$EVALH_PLUGIN_PATH`.
        case environment
        /// Named by the suite's `plugins:`.
        case suite
        /// `~/.local/lib/evalh/plugins`.
        case user
        /// `../lib/evalh/plugins` beside the binary's folder.
        case installed
        /// The binary's own folder, where a build leaves `shippedLibrary` among others.
        case build

        /// Whether somebody asked for this very place, so that what is wrong there is an error and not a warning.
        package var isExplicit: Bool { self == .environment || self == .suite }
    }

    /// The library of all plugins that evalh brings along; its name is that of the product in `Package.swift`.
    package static let shippedLibrary = "libEvalhPlugins.so"

    package var path: String
    package var origin: Origin

    package init(path: String, origin: Origin) {
        self.path = path
        self.origin = origin
    }

    /// The places in the order in which they are searched.
    ///
    /// - Parameters:
    ///   - environment: `EVALH_PLUGIN_PATH` (folders or files, joined by colons) and `HOME` are read.
    ///   - suitePlugins: the suite's `plugins:`; relative paths are relative to `suiteFolder`.
    ///   - binary: absolute path of the running program, symbolic links resolved.
    package static func standard(
        environment: [String: String], suitePlugins: [String], suiteFolder: String, binary: String
    ) -> [PluginLocation] {
        var locations: [PluginLocation] = []
        for path in (environment["EVALH_PLUGIN_PATH"] ?? "").split(separator: ":") {
            locations.append(PluginLocation(path: String(path), origin: .environment))
        }
        for path in suitePlugins {
            locations.append(
                PluginLocation(path: absolute(path, in: suiteFolder, home: environment["HOME"]), origin: .suite))
        }
        if let home = environment["HOME"], !home.isEmpty {
            locations.append(PluginLocation(path: home + "/.local/lib/evalh/plugins", origin: .user))
        }
        let folder = URL(fileURLWithPath: binary).deletingLastPathComponent()
        let installed = folder.deletingLastPathComponent().appendingPathComponent("lib/evalh/plugins")
        locations.append(PluginLocation(path: installed.path, origin: .installed))
        locations.append(PluginLocation(path: folder.path, origin: .build))
        return locations
    }

    private static func absolute(_ path: String, in folder: String, home: String?) -> String {
        if path.hasPrefix("/") { return path }
        if path.hasPrefix("~/"), let home { return home + path.dropFirst() }
        return folder + "/" + path
    }
}
