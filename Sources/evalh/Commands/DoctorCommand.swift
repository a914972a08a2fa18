internal import ArgumentParser
internal import Foundation
internal import HostGraders
internal import PluginHost
internal import Runs

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "What this installation has, and what is wrong with it.",
        discussion: """
            EXAMPLES
              evalh doctor
            """)

    func run() throws {
        print("evalh \(Evalh.version)\nbinary   \(Installation.host.binary)")
        let cache = Installation.cacheFolder
        try? FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        let isWritable = FileManager.default.isWritableFile(atPath: cache)
        print("cache    \(cache)\(isWritable ? "" : "  (not writable: set XDG_CACHE_HOME)")")
        for folder in Installation.host.shareFolders {
            let isThere = FileManager.default.fileExists(atPath: folder)
            print("share    \(folder)\(isThere ? "" : "  (not there: running from a build folder)")")
        }
        let locations = Installation.host.locations(plugins: [])
        let catalog = Installation.host.catalog(plugins: [])
        for location in locations {
            let count = catalog.plugins.count { $0.file.hasPrefix(location.path) }
            print("plugins  \(location.path) (\(location.origin.rawValue)): \(count)")
        }
        do {
            print("model    \(try EmbeddedServer.executable(Installation.host)) (provider: reference)")
        } catch let failure as CommandFailure {
            Terminal.standard.warning(failure.message)
        }
        let refusal = HostGraders.sandboxRefusal(environment: Installation.environment)
        print("sandbox  \(refusal ?? "programs of models can be run (grader: code)")")
        for problem in catalog.problems { Terminal.standard.warning("\(problem.error)") }
        if !catalog.helpers.isEmpty {
            print(
                "helpers  \(catalog.helpers.count) libraries without plugins; `evalh plugin list --verbose` names them")
        }
        let proxies = ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "no_proxy"].filter {
            Installation.environment[$0] != nil
        }
        if !proxies.isEmpty { print("proxy    \(proxies.joined(separator: ", ")) set in the environment") }
        if !isWritable || catalog.problems.contains(where: { $0.severity == .error }) {
            throw CommandFailure(.usage, "see above")
        }
        if catalog.plugins.isEmpty {
            throw CommandFailure(.pluginFault, "no plugin was found; set EVALH_PLUGIN_PATH or install evalh")
        }
    }
}
