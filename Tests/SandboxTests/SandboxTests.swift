import Foundation
import Sandbox
import Synchronization
import Testing

/// Programs in Python that try what the sandbox is there to keep from happening; harmless where they succeed.
@Suite(.enabled(if: SandboxHere.isThere, Comment(rawValue: SandboxHere.reason)))
struct SandboxTests {
    @Test func `a program is run, with what it writes and how it ends`() throws {
        let outcome = try SandboxHere.run("import os\nprint('here')\nos.write(3, b'done')\nraise SystemExit(7)")
        #expect(outcome.end == .exited(7))
        #expect(outcome.output == "here\n")
        #expect(outcome.mark == "done")
        #expect(outcome.cpuSeconds > 0)
    }

    @Test(arguments: [
        "open('/usr/evalh-escape', 'w')", "open('/evalh-escape', 'w')", "open('/program/p.py', 'a')",
        "import os; os.chroot('/tmp')", "import os; os.fork()",
        "import threading; threading.Thread(target=print).start()",
        "import mmap; mmap.mmap(-1, 4 << 30)", "import os; os.kill(1, 9); os.kill(3, 0)",
        "import os; os.sethostname if False else os.mount if False else os.nice(-5)",
        "import socket; socket.create_connection(('127.0.0.1', 22), 1)", "open('/proc/self/status')",
        "f = open('/tmp/f', 'wb')\nfor _ in range(64): f.write(bytes(1 << 20)); f.flush()",
        "for n in range(64): open(f'/tmp/{n}', 'wb').write(bytes(1 << 20))",
    ])
    func `what a program tries outside of its box fails`(_ attempt: String) throws {
        let outcome = try SandboxHere.run(attempt + "\nimport os; os.write(3, b'escaped')")
        #expect(outcome.mark == "", "\(outcome)")
    }

    @Test func `the user's files are not there, nor what the last program left`() throws {
        let here = URL(fileURLWithPath: #filePath).path
        let home = SandboxHere.environment["HOME"] ?? "/root"
        let script = """
            import os
            open('/tmp/left', 'x').write('x')
            hidden = [p for p in ('\(here)', '\(home)/.profile', '\(home)/.bashrc', '/etc/passwd') if os.path.exists(p)]
            print(hidden, os.getpid())
            """
        for _ in 1...2 { #expect(try SandboxHere.run(script).output == "[] 2\n") }
    }

    @Test func `limits of time, output and memory end a program, and say so`() throws {
        var limits = SandboxLimits(cpuSeconds: 0.3, wallSeconds: 30)
        #expect(try SandboxHere.run("while True: pass", limits).end == .outOfCPUTime)
        limits.wallSeconds = 0.5
        #expect(try SandboxHere.run("import time\ntime.sleep(60)", limits).end == .outOfWallTime)
        limits.outputBytes = 1000
        limits.wallSeconds = 30
        let loud = try SandboxHere.run("while True: print('x' * 99)", limits)
        #expect(loud.end == .tooMuchOutput)
        #expect(loud.output.utf8.count == 1000)
        #expect(try SandboxHere.run("b = bytearray(2 << 30)").output.contains("MemoryError"))
    }

    @Test func `a program that ignores its signals and leaves children behind is gone with its box`() throws {
        let limits = SandboxLimits(cpuSeconds: 5, wallSeconds: 20, processes: 4)
        let began = ContinuousClock.now
        let outcome = try SandboxHere.run(
            """
            import os, signal, time
            if os.fork() == 0:
                os.setsid()
                for n in range(1, 30):
                    try: signal.signal(n, signal.SIG_IGN)
                    except OSError: pass
                time.sleep(60)
            """, limits)
        #expect(outcome.end == .exited(0))
        #expect(ContinuousClock.now - began < .seconds(15))
    }

    @Test func `several run at once, each in a box of its own`() async throws {
        let outputs = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<12 {
                group.addTask {
                    try SandboxHere.run("open('/tmp/n', 'x').write('\(number)'); print(open('/tmp/n').read())").output
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outputs.sorted() == (0..<12).map { "\($0)\n" }.sorted())
    }

    @Test func `one that ends does not wait for others that began meanwhile`() throws {
        let ends = Mutex<[Int]>([])
        let group = DispatchGroup()
        for seconds in [1, 12, 1, 12] {
            group.enter()
            // A thread each: they wait all the time.
            Thread.detachNewThread {
                let outcome = try? SandboxHere.run("import time\ntime.sleep(\(seconds))")
                ends.withLock { $0.append(outcome?.end == .exited(0) ? seconds : -1) }
                group.leave()
            }
        }
        group.wait()
        #expect(ends.withLock { $0 } == [1, 1, 12, 12])
    }

    @Test func `a program that is not there is refused with its name`() throws {
        #expect(throws: SandboxRefusal.self) {
            try Interpreter(command: ["no-such-interpreter"], more: [], environment: SandboxHere.environment)
        }
        let shell = try Interpreter(command: ["sh"], more: [], environment: SandboxHere.environment)
        let outcome = try Sandbox.run(
            SandboxedProgram(
                interpreter: shell, sourceName: "p", source: "echo $HOME; echo ok >&3; exit 3", limits: SandboxLimits())
        )
        #expect(outcome.output == "/tmp\n")
        #expect(outcome.mark == "ok\n")
        #expect(outcome.end == .exited(3))
    }
}

struct SandboxRefusalTests {
    @Test func `a folder that shows the user's home is refused`() throws {
        let home = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appendingPathComponent(
            "h-\(UUID())")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: home) }
        let environment = ["PATH": "/usr/bin:/bin", "HOME": home.path]
        for path in ["/", home.path, home.deletingLastPathComponent().path] {
            let error = #expect(throws: SandboxRefusal.self) {
                try Interpreter(command: ["sh"], more: [path], environment: environment)
            }
            #expect(error?.description.contains("user's files") == true)
        }
    }
}
