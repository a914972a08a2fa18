import Foundation
import ModelTransport
import Testing

@Suite(.timeLimit(.minutes(1))) final class TLSTests {
    private static let openssl = "/usr/bin/openssl"
    private let loop: CurlLoop
    private let folder: URL

    init() throws {
        loop = try #require(CurlLoop())
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        loop.shutdown()
        try? FileManager.default.removeItem(at: folder)
    }

    private func start(_ arguments: [String], output: Pipe? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.openssl)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = output ?? FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: openssl), "openssl is not installed"))
    func `a certificate that nobody vouches for is refused`() async throws {
        let maker = try start([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key.pem",
            "-out", "cert.pem",
            "-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
        ])
        maker.waitUntilExit()
        try #require(maker.terminationStatus == 0)
        let pipe = Pipe()
        let server = try start(
            ["s_server", "-accept", "127.0.0.1:0", "-key", "key.pem", "-cert", "cert.pem", "-www"], output: pipe)
        defer { server.terminate() }
        // It picks its port and prints `ACCEPT 127.0.0.1:port` when it listens.
        var output = ""
        while !(output.contains("ACCEPT") && output.hasSuffix("\n")) {
            let data = pipe.fileHandleForReading.availableData
            try #require(!data.isEmpty, "openssl s_server ended: \(output)")
            output += String(decoding: data, as: UTF8.self)
        }
        let address = output.split(separator: "\n").first { $0.hasPrefix("ACCEPT") }?.dropFirst("ACCEPT ".count)
        let answer = await loop.answer(HTTPRequest(method: "GET", url: "https://\(try #require(address))/"))
        let failure = try #require(answer.failure)
        #expect(failure.kind == .tls && failure.message.contains("certificate") && answer.heads == 0)
    }

    @Test func `a handshake that breaks off is a failure to connect, which may pass`() async throws {
        let server = try RawServer { _ = $0.isClosed(within: 1) }
        let answer = await loop.answer(HTTPRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/"))
        #expect(answer.failure?.kind == .connect && server.counts.value.accepted == 1)
    }
}
