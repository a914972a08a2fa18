internal import Foundation
package import ModelClients

/// The server of the embedded model, started when a suite asks for it and shared by all its roles.
package enum EmbeddedServer {
    private static let program = "evalh-reference-server"

    /// The address of the one among `servers`, or of a new one.
    static func address(_ servers: inout [ManagedServer], _ host: RunHost) throws -> String {
        if let running = servers.first(where: { $0.origin.hasSuffix("/reference.sock") }) {
            return running.origin + "#/v1"
        }
        let found = try executable(host)
        let folder = try newFolder()
        do {
            let server = try ManagedServer.start(
                ServerCommand(
                    arguments: [found, "--unix", "{socket}"], socket: folder + "/reference.sock",
                    folder: URL(fileURLWithPath: folder),
                    log: URL(fileURLWithPath: folder + "/server.log"), startupTimeout: 30))
            servers.append(server)
            return server.origin + "#/v1"
        } catch {
            try? FileManager.default.removeItem(atPath: folder)
            throw CommandFailure(.providerFailure, "the embedded model: \(error)")
        }
    }

    /// Where the server is: beside evalh in a build, in `lib/evalh` of an installation.
    package static func executable(_ host: RunHost) throws -> String {
        let own = URL(fileURLWithPath: host.binary).deletingLastPathComponent()
        let places = [
            own.appendingPathComponent(program),
            own.appendingPathComponent("../lib/evalh/\(program)").standardizedFileURL,
        ]
        guard let found = places.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) })?.path else {
            throw CommandFailure(
                .usage,
                "the embedded model's server is missing: \(places[0].path)\nbuild it with: swift build -c release "
                    + "--product \(program)"
            )
        }
        return found
    }

    /// A folder that only this user can look into: a socket's path must be short, so it is not the run's.
    private static func newFolder() throws -> String {
        var template = Array("/tmp/evalh-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw CommandFailure(
                .usage, "no folder for the embedded model's socket in /tmp: \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes what `address` made.
    package static func clean(_ server: ManagedServer) {
        guard server.origin.hasPrefix("unix:"), server.origin.hasSuffix("/reference.sock") else { return }
        let folder = URL(fileURLWithPath: String(server.origin.dropFirst(5))).deletingLastPathComponent()
        guard folder.lastPathComponent.hasPrefix("evalh-") else { return }
        try? FileManager.default.removeItem(at: folder)
    }
}
