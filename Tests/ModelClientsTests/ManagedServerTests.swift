import Foundation
import Testing

@testable import ModelClients

/// Servers are small Python programs here; what counts is how they are started and ended.
@Suite(.timeLimit(.minutes(2))) struct ManagedServerTests {
    static let python = ["/usr/bin/python3", "/usr/local/bin/python3"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static let hasPython = python != nil

    /// Answers 503 until it was asked twice, then 200; starts `sleep`s as child and as grandchild in a session of its
    /// own, whose ids it writes to the file named by its second argument.
    static let script = """
        import http.server, os, subprocess, sys
        asked = 0
        child = subprocess.Popen(["sleep", "600"])
        daemon = subprocess.Popen(["sh", "-c", "setsid sleep 600 & echo $! && wait"], stdout=subprocess.PIPE)
        pids = [os.getpid(), child.pid, daemon.pid, int(daemon.stdout.readline())]
        open(sys.argv[2] + ".new", "w").write(" ".join(map(str, pids)))
        os.rename(sys.argv[2] + ".new", sys.argv[2])
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                global asked
                asked += 1
                self.send_response(200 if asked > 2 else 503)
                self.end_headers()
            def log_message(self, *args): print("asked", flush=True)
        http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
        """

    struct Scratch: ~Copyable {
        let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-server-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try ManagedServerTests.script.write(
                to: folder.appendingPathComponent("server.py"), atomically: true, encoding: .utf8)
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func command(_ arguments: [String], timeout: Double = 60, grace: Double = 3) -> ServerCommand {
            ServerCommand(
                arguments: arguments, folder: folder, log: folder.appendingPathComponent("logs/server.log"),
                startupTimeout: timeout,
                grace: grace)
        }

        var pids: [Int32] {
            let text = (try? String(contentsOf: folder.appendingPathComponent("pids"), encoding: .utf8)) ?? ""
            return text.split(separator: " ").compactMap { Int32($0) }
        }
    }

    /// Whether a process exists and is no zombie.
    static func isAlive(_ pid: Int32) -> Bool {
        guard kill(pid, 0) == 0, let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
            return false
        }
        return stat.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    /// Whether all of `pids` are gone within ten seconds.
    static func areGone(_ pids: [Int32]) async throws -> Bool {
        for _ in 0..<500 {
            if !pids.contains(where: isAlive) { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }

    @Test(.enabled(if: hasPython)) func `It is ready when health is, and ends with all it started`() async throws {
        let scratch = try Scratch()
        let server = try ManagedServer.start(scratch.command(["python3", "server.py", "{port}", "pids"]))
        #expect(LoopbackProbe.status(.port(server.port), path: "/health") == 200)
        let pids = scratch.pids
        #expect(pids.count == 4 && pids.first == server.processID && pids.allSatisfy(Self.isAlive))
        #expect(getpgid(server.processID) == server.processID)
        #expect(server.fault() == nil)
        server.stop()
        #expect(try await Self.areGone(pids))
        server.stop()
    }

    @Test(.enabled(if: hasPython)) func `It goes when we are killed with SIGKILL, with children and grandchildren`()
        async throws
    {
        let scratch = try Scratch()
        let host = Process()
        host.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        host.arguments = ["--testing-library", "swift-testing", "--filter", "ManagedServerHost"]
        host.environment = ProcessInfo.processInfo.environment.merging(["EVALH_TEST_SERVER_FOLDER": scratch.folder.path]
        ) { $1 }
        host.standardOutput = FileHandle.nullDevice
        host.standardError = FileHandle.nullDevice
        try host.run()
        let ready = scratch.folder.appendingPathComponent("ready").path
        for _ in 0..<3000 where !FileManager.default.fileExists(atPath: ready) && host.isRunning {
            try await Task.sleep(for: .milliseconds(20))
        }
        let pids = scratch.pids
        try #require(pids.count == 4 && pids.allSatisfy(Self.isAlive), "the host has started its server")
        kill(host.processIdentifier, SIGKILL)
        #expect(try await Self.areGone(pids), "left: \(pids.filter(Self.isAlive))")
    }

    @Test(.enabled(if: hasPython)) func `It goes with its group even when it ignores SIGTERM`() async throws {
        let scratch = try Scratch()
        try ("import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + Self.script)
            .write(to: scratch.folder.appendingPathComponent("server.py"), atomically: true, encoding: .utf8)
        let server = try ManagedServer.start(scratch.command(["python3", "server.py", "{port}", "pids"], grace: 0.1))
        let pids = scratch.pids
        server.stop()
        #expect(try await Self.areGone(pids))
    }

    @Test func `An end before it is ready tells status and log`() throws {
        let scratch = try Scratch()
        let fault = #expect(throws: ServerFault.self) {
            try ManagedServer.start(scratch.command(["sh", "-c", "echo port {port}; echo no such model >&2; exit 3"]))
        }
        let text = fault?.description ?? ""
        #expect(text.contains("exit status 3") && text.contains("  | no such model") && text.contains("  | port "))
        #expect(!text.contains("{port}"))
    }

    @Test func `It gets the suite's variables beside ours`() throws {
        let scratch = try Scratch()
        var command = scratch.command(["sh", "-c", "echo $WANTED of ${PATH:+ours}; exit 3"])
        command.environment = ["WANTED": "variables"]
        let fault = #expect(throws: ServerFault.self) { try ManagedServer.start(command) }
        #expect(fault?.description.contains("variables of ours") == true)
    }

    @Test func `What never gets ready is ended at the deadline`() throws {
        let scratch = try Scratch()
        let fault = #expect(throws: ServerFault.self) {
            try ManagedServer.start(scratch.command(["sh", "-c", "echo $$ > pids; exec sleep 600"], timeout: 0.5))
        }
        #expect(fault?.description.contains("startup_timeout") == true)
        #expect(
            !Self.isAlive(
                Int32(try String(contentsOf: scratch.folder.appendingPathComponent("pids"), encoding: .utf8).dropLast())
                    ?? 1))
    }

    @Test func `A program that is not there is named`() throws {
        let scratch = try Scratch()
        for name in ["no-such-program-here", "./bin/none", "server.py/", ""] {
            let fault = #expect(throws: ServerFault.self) { try ManagedServer.start(scratch.command([name])) }
            #expect(fault?.description.isEmpty == false)
        }
        try "no program".write(to: scratch.folder.appendingPathComponent("bad"), atomically: true, encoding: .utf8)
        chmod(scratch.folder.appendingPathComponent("bad").path, 0o755)
        let fault = #expect(throws: ServerFault.self) { try ManagedServer.start(scratch.command(["./bad"])) }
        #expect(fault?.description.contains("did not start") == true)
    }
}

/// Not a test of its own: the process that is killed by the test above.
@Suite struct ManagedServerHost {
    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["EVALH_TEST_SERVER_FOLDER"] != nil, "runs only inside another test")
    )
    func `holds a server until it is killed`() async throws {
        let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["EVALH_TEST_SERVER_FOLDER"] ?? "/")
        let server = try ManagedServer.start(
            ServerCommand(
                arguments: ["python3", "server.py", "{port}", "pids"], folder: folder,
                log: folder.appendingPathComponent("server.log")))
        try "".write(to: folder.appendingPathComponent("ready"), atomically: true, encoding: .utf8)
        try await Task.sleep(for: .seconds(120))
        server.stop()
    }
}
