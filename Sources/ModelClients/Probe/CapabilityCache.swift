package import Completions
package import Foundation
internal import Hashing

/// Reports of probes, one small file each, so that an endpoint is measured once.
///
/// A file is named by a hash of provider, base URL, model and what the server tells of itself: a new server build is
/// measured anew.
package struct CapabilityCache: Sendable {
    private let folder: URL

    /// - Parameter folder: `$XDG_CACHE_HOME/evalh/endpoints`, or `~/.cache/evalh/endpoints`, if not given.
    package init(folder: URL? = nil) {
        if let folder {
            self.folder = folder
            return
        }
        let environment = ProcessInfo.processInfo.environment
        let cache =
            environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? URL(fileURLWithPath: $0) : nil }
            ?? FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
        self.folder = cache.appendingPathComponent("evalh/endpoints")
    }

    /// What was measured earlier; `nil`: nothing, or nothing that can be read.
    package func load(_ configuration: EndpointConfiguration, served: ServedModel) -> EndpointCapabilities? {
        guard let data = try? Data(contentsOf: file(configuration, served)), data.count < 1 << 20 else { return nil }
        return try? JSONDecoder().decode(ProbeReport.self, from: data).capabilities
    }

    /// Keeps a report. A cache that cannot be written is no error: the endpoint is measured again next time.
    package func store(_ report: ProbeReport, for configuration: EndpointConfiguration) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(report) else { return }
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? data.write(to: file(configuration, report.served), options: .atomic)
    }

    private func file(_ configuration: EndpointConfiguration, _ served: ServedModel) -> URL {
        var key = CanonicalBytes()
        // A server that evalh starts has another port each time; what it tells of itself names it.
        let base = configuration.provider.isManaged ? "" : configuration.baseURL
        for part in [configuration.provider.rawValue, base, configuration.model, configuration.format.rawValue] {
            key.append(part)
        }
        for part in [served.id, served.build, served.fileType] { key.append(part ?? "") }
        for part in [served.parameters, served.size, served.contextLength] { key.append(part ?? -1) }
        return folder.appendingPathComponent(
            Hexadecimal.text(of: key.sha256.prefix(16)) + ".json")
    }
}
