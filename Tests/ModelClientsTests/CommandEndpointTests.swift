import Completions
import Foundation
import Synchronization
import Testing

@testable import ModelClients

/// Programs are small shell scripts here; what counts is how they are started, limited, read and ended.
@Suite(.timeLimit(.minutes(2))) struct CommandEndpointTests {
    /// A folder with a script in it, and the endpoint that runs the script.
    struct Bench: ~Copyable {
        let folder: URL
        let endpoint: CommandEndpoint
        let log = EventLog()

        init(
            _ script: String, timeout: Double = 60, memory: UInt64? = nil, connections: Int = 2,
            unit: String? = "steps",
            costPerToken: Double = 1, environment: [String: String] = [:], shell: [String] = ["sh"]
        ) throws {
            folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-command-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try script.write(to: folder.appendingPathComponent("program"), atomically: true, encoding: .utf8)
            endpoint = try CommandEndpoint(
                CommandConfiguration(
                    role: "main", arguments: shell + ["program"], folder: folder, environment: environment,
                    timeout: timeout,
                    memory: memory, maxConnections: connections, unit: unit, costPerToken: costPerToken))
        }

        deinit { try? FileManager.default.removeItem(at: folder) }

        func send(
            _ content: String = #"{"budget":8,"instance":"x"}"#, id: UInt64 = 1, seeds: [UInt64] = [7],
            priority: Int = 0
        ) {
            let request = CompletionRequest(
                messages: [ChatMessage(role: .user, content: content)], sampling: SamplingParameters(maxTokens: 99))
            endpoint.send(
                ModelCall(
                    id: CallID(id), role: "main", request: request, seeds: seeds, stream: false, priority: priority),
                events: log.take
            )
        }

        func completion() async throws -> Completion {
            try #require(try await log.wait { !$0.events.isEmpty })
            return try #require(log.completions[0], "\(log.failures)")
        }

        func failure() async throws -> ModelFailure {
            try #require(try await log.wait { !$0.events.isEmpty })
            return try #require(log.failures.first, "\(log.events)")
        }

        func lines(_ name: String) -> [String] {
            let text = (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
            return text.split(separator: "\n").map(String.init)
        }

        /// Waits until a file has `count` lines, at most twenty seconds.
        func wait(for name: String, lines count: Int) async throws -> [String] {
            for _ in 0..<1000 where lines(name).count < count { try await Task.sleep(for: .milliseconds(20)) }
            return lines(name)
        }
    }

    static let good = #"echo '{"score": 0.5, "cost": 12, "unit": "steps"}'"#

    @Test func `A program's last line is the answer, and its cost counts as tokens`() async throws {
        let bench = try Bench(
            #"echo working; echo ' { "unit":"steps","score" : 5e-1, "cost":12.0,"more":[1, null]}'; echo; echo log >&2"#
        )
        bench.send()
        let completion = try await bench.completion()
        #expect(completion.text == #"{"cost":12,"more":[1,null],"score":0.5,"unit":"steps"}"#)
        #expect(completion.usage == TokenUsage(requests: 1, completionTokens: 12))
        #expect(completion.finish == .stop && !completion.isUsageEstimated && completion.seconds > 0)
    }

    @Test func `A program is told budget, seed and instance as arguments that no shell has read`() async throws {
        let bench = try Bench("for a in \"$@\"; do echo \"$a\"; done > told\n" + Self.good)
        bench.send(#"{"instance":"a b $HOME `ls` \"q\" \u00e9","budget":0.001}"#, seeds: [UInt64.max])
        _ = try await bench.completion()
        #expect(
            bench.lines("told") == [
                "--budget", "0.001", "--seed", "9223372036854775807", "--instance", #"a b $HOME `ls` "q" é"#,
            ])
    }

    @Test(arguments: [
        "plain text", #"{"budget":1}"#, #"{"budget":1,"instance":"x","more":2}"#, #"{"budget":"1","instance":"x"}"#,
        #"{"budget":1"#,
    ])
    func `A message that is no envelope is the instance, and max_tokens the budget`(_ content: String) async throws {
        let request = CompletionRequest(
            messages: [ChatMessage(role: .user, content: content)], sampling: SamplingParameters(maxTokens: 99))
        let question = try CommandQuestion(request)
        #expect(question.arguments(seed: 3) == ["--budget", "99", "--seed", "3", "--instance", content])
    }

    @Test func `A program gets a small environment, the suite's variables and no input`() async throws {
        setenv("EVALH_TEST_UNWANTED", "1", 1)
        let bench = try Bench(
            "cat > input; env | sort > told; pwd > where\n" + Self.good, environment: ["WANTED": "yes"])
        bench.send()
        _ = try await bench.completion()
        let names = Set(bench.lines("told").compactMap { $0.split(separator: "=").first.map(String.init) })
        #expect(bench.lines("told").contains("WANTED=yes") && names.contains("PATH"))
        // The shell adds its own few.
        #expect(
            names.subtracting(CommandLimits.inherited + ["WANTED", "PWD", "OLDPWD", "SHLVL", "_"]).isEmpty, "\(names)")
        #expect(bench.lines("input").isEmpty)
        #expect(bench.lines("where").first?.hasSuffix(bench.folder.lastPathComponent) == true)
    }

    @Test func `Costs are counted in tokens of their own size`() async throws {
        let bench = try Bench(#"echo '{"score": 1, "cost": 0.0126}'"#, costPerToken: 0.001)
        bench.send()
        #expect(try await bench.completion().usage.completionTokens == 13)
    }

    @Test(arguments: [
        ("exit 3", "exit status 3", ModelFailure.Kind.server),
        ("echo no such file >&2; exit 1", "no such file", .server),
        ("kill -SEGV $$", "signal 11", .server), ("true", "printed nothing", .malformed),
        ("echo '  '", "printed nothing", .malformed),
        ("echo 0.5", "no number as `score`", .malformed), ("echo 'score: 1'", "no JSON", .malformed),
        (#"echo '{"cost": 1}'"#, "`score`", .malformed), (#"echo '{"score": "1", "cost": 1}'"#, "`score`", .malformed),
        (#"echo '{"score": 1}'"#, "`cost`", .malformed), (#"echo '{"score": NaN, "cost": 1}'"#, "no JSON", .malformed),
        (#"echo '{"score": 1e999, "cost": 1}'"#, "64 bits", .malformed),
        (#"echo '{"score": 1, "cost": -1}'"#, "negative", .malformed),
        (#"echo '{"score": 1, "cost": 1e300}'"#, "too large", .malformed),
        (#"echo '{"score": 1, "score": 2, "cost": 1}'"#, "twice", .malformed),
        (#"echo '{"score": 1, "cost": 1, "unit": "seconds"}'"#, "the suite says 'steps'", .malformed),
        (#"echo '{"score": 1, "cost": 1}'; echo done"#, "no JSON", .malformed),
        (good + "; exit 1", "exit status 1", .server),
        ("yes", "more than 65536 bytes", .malformed),
    ])
    func `Whatever else a program does is a failure that says what happened`(
        _ script: String, _ text: String, _ kind: ModelFailure.Kind
    )
        async throws
    {
        let bench = try Bench(script)
        bench.send(#"{"budget":8,"instance":"the instance"}"#)
        let failure = try await bench.failure()
        #expect(failure.kind == kind && failure.message.contains(text), "\(failure)")
        #expect(failure.message.contains("sh program --budget 8 --seed 7` on instance `the instance`"))
        #expect(failure.spent == TokenUsage())
    }

    @Test func `A failure shows the last 2 KiB of standard error, without control characters`() async throws {
        let bench = try Bench(
            #"i=0; while [ $i -lt 2000 ]; do echo "line $i" >&2; i=$((i+1)); done; printf '\033[2Jthe end' >&2; exit 1"#
        )
        bench.send()
        let message = try await bench.failure().message
        #expect(message.hasSuffix("line 1998 line 1999 [2Jthe end"))
        #expect(message.utf8.count < 3000 && message.utf8.count > 1800)
    }

    @Test func `A slow program is ended at its timeout, with the children it started`() async throws {
        let bench = try Bench(
            "sleep 600 & echo $! >> pids; setsid sleep 600 & echo $! >> pids; echo $$ >> pids; wait", timeout: 1)
        bench.send()
        let failure = try await bench.failure()
        #expect(failure.kind == .timeout && failure.message.contains("`timeout` of 1 s"))
        let pids = bench.lines("pids").compactMap { Int32($0) }
        #expect(pids.count == 3)
        #expect(try await ManagedServerTests.areGone(pids), "left: \(pids.filter(ManagedServerTests.isAlive))")
    }

    @Test func `What a program leaves running when it ends goes too, and is not waited for`() async throws {
        let bench = try Bench("sleep 600 & echo $! >> pids\n" + Self.good)
        bench.send()
        #expect(try await bench.completion().seconds < 60)
        #expect(try await ManagedServerTests.areGone(bench.lines("pids").compactMap { Int32($0) }))
    }

    @Test(.enabled(if: ManagedServerTests.hasPython)) func `A program that wants more memory than it may have fails`()
        async throws
    {
        let script = "x = bytearray(int(2e9))\nprint('{\"score\": 1, \"cost\": 1}')"
        let bench = try Bench(script, memory: 256_000_000, shell: ["python3"])
        bench.send()
        let failure = try await bench.failure()
        #expect(
            failure.kind == .server && failure.message.contains("MemoryError")
                && failure.message.contains("256000000 bytes"))
    }

    @Test func `Not more programs run at once than connections allow, and all are run`() async throws {
        // Each holds a folder while it runs and counts the others'.
        let bench = try Bench(
            "mkdir run-$$; ls -d run-* | wc -l >> counts; sleep 0.1; rmdir run-$$\n" + Self.good, connections: 3)
        for call in 0..<8 { bench.send(id: UInt64(call), seeds: [1, 2]) }
        #expect(try await bench.log.wait { $0.events.count == 16 })
        #expect(bench.log.failures.isEmpty)
        let counts = bench.lines("counts").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        #expect(
            counts.count == 16 && counts.allSatisfy { (1...3).contains($0) } && counts.contains { $0 > 1 }, "\(counts)")
        #expect(bench.endpoint.load.waiting == 0)
    }

    @Test func `What waits is run by priority`() async throws {
        let bench = try Bench(
            "while [ ! -e go ]; do sleep 0.02; done; echo \"$6\" >> order\n" + Self.good, connections: 1)
        bench.send("first", id: 1)
        _ = try await bench.log.wait { _ in bench.endpoint.load.waiting == 0 }
        for (id, content, priority) in [(2, "low", 0), (3, "high", 5), (4, "low again", 0)] {
            bench.send(content, id: UInt64(id), priority: priority)
        }
        try "".write(to: bench.folder.appendingPathComponent("go"), atomically: true, encoding: .utf8)
        #expect(try await bench.wait(for: "order", lines: 4) == ["first", "high", "low", "low again"])
    }

    @Test func `A cancelled call ends its programs, starts no more and says so once`() async throws {
        let bench = try Bench("echo $$ >> pids; exec sleep 600", connections: 2)
        bench.send(seeds: [1, 2, 3])
        let pids = try await bench.wait(for: "pids", lines: 2).compactMap { Int32($0) }
        bench.endpoint.cancel(CallID(1))
        bench.endpoint.cancel(CallID(1))
        #expect(bench.log.cancels.count == 1 && bench.log.events.count == 1)
        #expect(try await ManagedServerTests.areGone(pids))
        #expect(try await bench.log.wait { _ in bench.endpoint.load.inFlight == 0 })
        #expect(bench.lines("pids").count == 2 && bench.log.events.count == 1)
    }

    @Test func `One failed sample ends the call and the runs of the others`() async throws {
        let bench = try Bench(
            "if [ \"$4\" = 2 ]; then while [ ! -s pids ]; do sleep 0.02; done; exit 9; fi; echo $$ > pids; exec sleep "
                + "600"
        )
        bench.send(seeds: [1, 2])
        #expect(try await bench.failure().message.contains("exit status 9"))
        #expect(try await ManagedServerTests.areGone(bench.lines("pids").compactMap { Int32($0) }))
        #expect(bench.log.events.count == 1)
    }

    @Test func `What no program can be asked is refused`() async throws {
        let bench = try Bench(Self.good)
        let user = ChatMessage(role: .user, content: "x")
        var wrong = [
            CompletionRequest(
                messages: [ChatMessage(role: .system, content: "s"), user], sampling: SamplingParameters()),
            CompletionRequest(messages: [user], prefix: "p", sampling: SamplingParameters()),
            CompletionRequest(messages: [user], sampling: SamplingParameters(topLogprobs: 0)),
        ]
        for content in ["a\0b", String(repeating: "x", count: 200_000)] {
            wrong.append(
                CompletionRequest(
                    messages: [ChatMessage(role: .user, content: content)], sampling: SamplingParameters()))
        }
        for (id, request) in wrong.enumerated() {
            bench.endpoint.send(
                ModelCall(id: CallID(UInt64(id)), role: "main", request: request, seeds: [1], stream: false),
                events: bench.log.take)
        }
        #expect(bench.log.failures.map(\.kind) == [.badRequest, .badRequest, .unsupported, .badRequest, .badRequest])
        #expect(throws: ModelFailure.self) {
            try CommandEndpoint(CommandConfiguration(role: "main", arguments: ["./none"], folder: bench.folder))
        }
    }

    @Test func `A fingerprint tells programs apart by arguments, environment and content`() throws {
        let bench = try Bench(Self.good)
        let base = bench.endpoint.configuration
        let text = ModelFingerprint(base).text
        #expect(text.hasPrefix("evalh-model/1;provider=command;model=sh program;command="))
        #expect(ModelFingerprint(base).text == text)
        var others: [CommandConfiguration] = [base, base, base]
        others[0].arguments.append("--fast")
        others[1].environment["A"] = "b"
        others[2].costPerToken = 2
        #expect(Set(others.map { ModelFingerprint($0).text } + [text]).count == 4)
        try "exit 1".write(to: bench.folder.appendingPathComponent("program"), atomically: true, encoding: .utf8)
        #expect(ModelFingerprint(base).text != text)
    }

    @Test func `Programs go when we are killed with SIGKILL, with all they started`() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let host = Process()
        host.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        host.arguments = ["--testing-library", "swift-testing", "--filter", "CommandHost"]
        host.environment = ProcessInfo.processInfo.environment.merging(["EVALH_TEST_COMMAND_FOLDER": folder.path]) {
            $1
        }
        host.standardOutput = FileHandle.nullDevice
        host.standardError = FileHandle.nullDevice
        try host.run()
        let file = folder.appendingPathComponent("pids")
        var pids: [Int32] = []
        for _ in 0..<3000 where pids.count < 3 && host.isRunning {
            try await Task.sleep(for: .milliseconds(20))
            pids = ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n").compactMap {
                Int32($0)
            }
        }
        try #require(pids.count == 3 && pids.allSatisfy(ManagedServerTests.isAlive), "the host has started its program")
        kill(host.processIdentifier, SIGKILL)
        #expect(try await ManagedServerTests.areGone(pids), "left: \(pids.filter(ManagedServerTests.isAlive))")
    }
}

/// Not a test of its own: the process that is killed by the test above.
@Suite struct CommandHost {
    @Test(
        .enabled(
            if: ProcessInfo.processInfo.environment["EVALH_TEST_COMMAND_FOLDER"] != nil, "runs only inside another test"
        ))
    func `runs a program until it is killed`() async throws {
        let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["EVALH_TEST_COMMAND_FOLDER"] ?? "/")
        let script = "sleep 600 & echo $! >> pids; setsid sleep 600 & echo $! >> pids; echo $$ >> pids; wait"
        try script.write(to: folder.appendingPathComponent("program"), atomically: true, encoding: .utf8)
        let endpoint = try CommandEndpoint(
            CommandConfiguration(role: "main", arguments: ["sh", "program"], folder: folder, timeout: 120))
        let log = EventLog()
        let request = CompletionRequest(
            messages: [ChatMessage(role: .user, content: "x")], sampling: SamplingParameters())
        endpoint.send(
            ModelCall(id: CallID(1), role: "main", request: request, seeds: [1], stream: false), events: log.take)
        for _ in 0..<6000 where log.events.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
    }
}
