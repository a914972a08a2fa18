import Foundation
import ModelTransport
import Testing

struct TLSTests {
    static let openssl = "/usr/bin/openssl"

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: openssl), "openssl is not installed"))
    func `a certificate that nobody vouches for is refused`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func start(_ arguments: [String]) throws -> Process {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Self.openssl)
            process.arguments = arguments
            process.currentDirectoryURL = folder
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            try process.run()
            return process
        }
        try start([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
            "-days", "1", "-subj", "/CN=localhost",
        ]).waitUntilExit()
        let port = ScriptedServer.freePort()
        let server = try start(["s_server", "-accept", "127.0.0.1:\(port)", "-key", "key.pem", "-cert", "cert.pem", "-www", "-quiet"])
        defer { server.terminate() }
        let loop = try #require(CurlLoop())
        var failure: TransportFailure?
        // Until it listens, connecting fails.
        repeat {
            failure = await loop.fetch(HTTPRequest(method: "GET", url: "https://127.0.0.1:\(port)/")).failure
        } while failure?.kind == .connect
            && server.isRunning
        #expect(failure?.kind == .tls)
    }
}

extension ScriptedServer {
    /// A port that was free a moment ago.
    static func freePort() -> Int { ScriptedServer { _ in }.port }
}
