import Foundation
import Testing

@testable import ReportServer

@Suite("The page's server")
struct LoopbackServerTests {
    /// What curl gets: status, headers and body.
    private func curl(_ arguments: [String]) throws -> (status: String, headers: String, body: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["curl", "-s", "-D", "/dev/stderr", "-w", "\n%{http_code}", "--noproxy", "*"] + arguments
        let (output, headers) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = headers
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        let head = String(decoding: try headers.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return (String(lines.last ?? ""), head.lowercased(), lines.dropLast().joined(separator: "\n"))
    }

    private struct Broken: Error {}

    private func withServer(_ body: (LoopbackServer) throws -> Void) throws {
        let server = try LoopbackServer(port: 0) { name in
            if name == "broken" { throw Broken() }
            guard ["", "status"].contains(name) else { return nil }
            return ServedContent(
                type: "text/html; charset=utf-8", body: Data("<p>\(name.isEmpty ? "page" : name)</p>".utf8))
        }
        defer { server.stop() }
        try body(server)
    }

    @Test("it gives what is below the secret path, with headers that keep it there")
    func serves() throws {
        try withServer { server in
            let page = try curl([server.address])
            #expect(page.status == "200" && page.body == "<p>page</p>")
            for header in [
                "content-type: text/html", "cache-control: no-store", "x-content-type-options: nosniff",
                "referrer-policy: no-referrer",
                "frame-ancestors 'none'",
            ] { #expect(page.headers.contains(header)) }
            #expect(try curl([server.address + "status"]).body == "<p>status</p>")
            #expect(try curl(["-I", server.address]).status == "200")
            #expect(try curl([server.address + "broken"]).status == "500")
            #expect(try curl([server.address + "other"]).status == "404")
        }
    }

    @Test("without the secret, by another name or with another method there is nothing")
    func refuses() throws {
        try withServer { server in
            let root = String(server.address.split(separator: "/").prefix(2).joined(separator: "//"))
            for path in ["/", "", "/0123456789abcdef0123456789abcdef/", "/x/status"] {
                let answer = try curl([root + path])
                #expect(answer.status == "404" && !answer.body.contains("page"))
            }
            #expect(try curl(["-H", "Host: evil.example", server.address]).status == "404")
            #expect(try curl(["-X", "POST", "-d", "x", server.address]).status == "405")
        }
    }

    @Test("secrets are long and differ")
    func secrets() {
        let tokens = Set((0..<50).map { _ in LoopbackServer.newToken() })
        #expect(tokens.count == 50 && tokens.allSatisfy { $0.count == 32 })
    }
}
