internal import CPluginCheck
internal import Foundation
package import JSON
internal import PluginHost
internal import Synchronization

/// Checks a library: every test of every plugin in a process of its own.
package struct CheckRunner: Sendable {
    /// The library.
    package var file: String
    /// The program to start tests with, and the arguments that the order's path follows.
    package var program: String
    package var arguments: [String]
    package var environment: [String: String]
    /// Tests whose name has this in it, or matches it with `*` for any text; empty: all. A name is "id:test".
    package var only: [String] = []
    package var seed: UInt64 = 1
    /// A JSON object of parameters in the place of defaults.
    package var with: JSONValue?
    /// Seconds that a test may take, times its patience.
    package var timeout = 60.0
    package var sessions = 10_000
    package var memoryBytes: UInt64 = 4 << 30
    package var jobs = max(1, ProcessInfo.processInfo.activeProcessorCount)

    package init(file: String, program: String, arguments: [String], environment: [String: String]) {
        self.file = file
        self.program = program
        self.arguments = arguments
        self.environment = environment
    }

    /// - Parameter observer: told of each result, in order; from any thread, one at a time.
    /// - Throws: `CheckFault` if there is no such file, or nothing to check.
    package func run(_ observer: @escaping @Sendable (CheckResult) -> Void) throws -> CheckReport {
        do { try PluginLibrary.examine(file) } catch {
            if error.reason == .unreadable || error.reason == .notALibrary { throw CheckFault("\(error)") }
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-check-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let described = ask(order(CheckOrder.describe, nil, folder), patience: 1)
        let plugins = described.answer?.plugins ?? []
        let work = steps(plugins)
        guard !work.isEmpty else {
            throw CheckFault("no test is called \(only.joined(separator: ", ")); --list shows all")
        }
        let results = Results(count: work.count, observer)
        let queue = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: min(jobs, work.count)) { _ in
            while let place = queue.withLock({ next in
                defer { next += 1 }
                return next < work.count ? next : nil
            }) {
                results.put(result(of: work[place].test, work[place].info, folder), at: place)
            }
        }
        return CheckReport(
            file: file, seed: seed, parameters: with, plugins: plugins,
            unknownKinds: described.answer?.unknownKinds ?? [], results: results.all)
    }

    private func steps(_ plugins: [PluginInfo]) -> [(test: CheckTest, info: PluginInfo?)] {
        var steps: [(CheckTest, PluginInfo?)] = CheckTest.all.filter { $0.kind == nil }.map { ($0, nil) }
        for info in plugins { steps += CheckTest.all.filter { $0.kind == info.kind }.map { ($0, info) } }
        return steps.filter { test, info in
            only.isEmpty || only.contains { Self.matches("\(info?.id ?? "library"):\(test.id)", $0) }
        }
    }

    /// A pattern without `*` may stand anywhere; with it, it must match all of the name or what is behind its colon.
    static func matches(_ name: String, _ pattern: String) -> Bool {
        guard pattern.contains("*") else { return name.contains(pattern) }
        let test = name.drop { $0 != ":" }.dropFirst()
        return glob(Substring(name), Substring(pattern)) || glob(test, Substring(pattern))
    }

    private static func glob(_ text: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" {
            return glob(text, pattern.dropFirst()) || (!text.isEmpty && glob(text.dropFirst(), pattern))
        }
        return text.first == first && glob(text.dropFirst(), pattern.dropFirst())
    }

    // MARK: One test

    private func order(_ test: String, _ info: PluginInfo?, _ folder: URL) -> CheckOrder {
        let name = UUID().uuidString
        return CheckOrder(
            file: file, kind: info?.kind, id: info?.id ?? "", test: test, with: with?.text, seed: seed,
            sessions: sessions, result: folder.appendingPathComponent(name + ".result").path,
            trace: folder.appendingPathComponent(name + ".trace").path)
    }

    private struct Asked {
        var answer: CheckAnswer?
        var outcome: ChildProcess.Outcome
        var flags: Int32 = 0
        /// The last line of the trace.
        var at = ""
    }

    private func ask(_ order: CheckOrder, patience: Double, elsewhere: Bool = false) -> Asked {
        let path = order.result + ".order"
        var environment = environment
        if elsewhere {
            environment.merge(
                [
                    "TZ": "Pacific/Chatham", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "HOME": "/",
                    "EVALH_CHECK": "2",
                ],
                uniquingKeysWith: { $1 })
        }
        do { try JSONEncoder().encode(order).write(to: URL(fileURLWithPath: path)) } catch {
            return Asked(answer: nil, outcome: .init(ending: .notStarted("\(error)")))
        }
        // A sanitizer reserves terabytes of addresses.
        let isSanitized = ElfSymbols(file: file)?.imported.contains("__asan_init") == true
        let outcome = ChildProcess(
            path: program, arguments: arguments + [path], environment: environment,
            folder: elsewhere ? "/" : FileManager.default.currentDirectoryPath,
            timeout: timeout * patience, memoryBytes: isSanitized ? 0 : memoryBytes
        ).run()
        var asked = Asked(answer: nil, outcome: outcome)
        if let data = try? Data(contentsOf: URL(fileURLWithPath: order.result)) {
            asked.answer = try? JSONDecoder().decode(CheckAnswer.self, from: data)
        }
        if let trace = try? Data(contentsOf: URL(fileURLWithPath: order.trace)), let first = trace.first {
            asked.flags = Int32(first)
            asked.at = String(decoding: trace.dropFirst().prefix { $0 != 0 }, as: UTF8.self)
        }
        for file in [path, order.result, order.trace] { try? FileManager.default.removeItem(atPath: file) }
        return asked
    }

    private func result(of test: CheckTest, _ info: PluginInfo?, _ folder: URL) -> CheckResult {
        let started = ContinuousClock.now
        let asked = ask(order(test.id, info, folder), patience: test.patience)
        var result = read(asked, test, info)
        if test.isRepeated, result.crash == nil, result.status != .skipped {
            // A clock of whole seconds must have moved on.
            let elapsed = (ContinuousClock.now - started) / .seconds(1)
            Thread.sleep(forTimeInterval: max(0, 1.1 - elapsed))
            let again = ask(order(test.id, info, folder), patience: test.patience, elsewhere: true)
            let other = read(again, test, info)
            if other.crash != nil {
                result = other
            } else {
                compare(asked.answer?.notes.evidence ?? [], again.answer?.notes.evidence ?? [], &result)
            }
            result.seconds += again.outcome.seconds
        }
        return result
    }

    private func compare(_ first: [String], _ second: [String], _ result: inout CheckResult) {
        guard first != second else { return }
        let pair = zip(first, second).first { $0 != $1 }
        result.add(
            .failed,
            "in another process, a second later, with another locale, time zone and folder: "
                + "\(StrategyTests.excerpt(pair?.0 ?? "\(first.count) lines")), then "
                + StrategyTests.excerpt(pair?.1 ?? "\(second.count) lines"),
            StrategyTests.purity)
    }

    private func read(_ asked: Asked, _ test: CheckTest, _ info: PluginInfo?) -> CheckResult {
        var result = CheckResult(
            subject: CheckSubject(kind: info?.kind, id: info?.id ?? "library"), test: test.id, status: .passed,
            findings: asked.answer?.notes.findings ?? [], measured: asked.answer?.notes.measured ?? [:],
            seconds: asked.outcome.seconds)
        let isDone = asked.answer != nil
        if let reason = reason(asked, isDone: isDone, patience: test.patience) {
            let place = asked.at.isEmpty ? "loading the library" : asked.at
            result.crash = CheckCrash(reason: reason, at: isDone ? "the end of the process" : place)
            let errors = String(decoding: asked.outcome.errors.suffix(400), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            result.add(
                .crashed, "\(reason) at \(isDone ? "the end of the process" : place)",
                advice(asked) + (errors.isEmpty ? "" : "; it said: \(errors)"))
        }
        if asked.outcome.outputBytes > 0 {
            let text = String(decoding: asked.outcome.output.prefix(60), as: UTF8.self)
            result.add(
                test.mayPrint ? .warned : .failed,
                "wrote \(asked.outcome.outputBytes) bytes on standard output: \(JSONValue.string(text).text)",
                "standard output is the run's (--json); put what authors want to know into NOTE")
        }
        if asked.outcome.errorBytes > 0, result.crash == nil {
            let text = String(decoding: asked.outcome.errors.prefix(60), as: UTF8.self)
            result.add(
                .warned,
                "wrote \(asked.outcome.errorBytes) bytes on standard error: \(JSONValue.string(text).text)",
                "runs have thousands of sessions; put what authors want to know into NOTE")
        }
        if result.findings.isEmpty, let skipped = asked.answer?.notes.skipped {
            result.findings = [CheckFinding(status: .skipped, message: skipped, advice: "")]
        }
        result.status = result.findings.map(\.status).max() ?? .passed
        return result
    }

    /// How the process ended, where not as it should.
    private func reason(_ asked: Asked, isDone: Bool, patience: Double) -> String? {
        switch asked.outcome.ending {
        case .exited(0) where isDone: nil
        case .exited(let code): isDone ? "exit \(code)" : "the plugin ended the process (exit code \(code))"
        case .signal(let number):
            number == SIGKILL || number == SIGXCPU
                ? "timed out (processor time)" : Self.name(ofSignal: number)
        case .timedOut: "timed out after \(Int(timeout * patience)) s"
        case .tooMuchOutput: "stopped after \(ChildProcess.maximumBytes >> 20) MiB of output"
        case .notStarted(let reason): "not started: \(reason)"
        }
    }

    private func advice(_ asked: Asked) -> String {
        if asked.flags & Int32(EVALH_CHECK_STALE) != 0 {
            return "it read or wrote memory of an earlier call: what the host passes is valid until the called "
                + "function returns; copy what you keep (rule 2 of the header)"
        }
        if asked.flags & Int32(EVALH_CHECK_STACK) != 0 { return "the stack is full: bound the depth of recursion" }
        switch asked.outcome.ending {
        case .exited: return "never call exit: the process is the host's"
        case .timedOut: return "every call must return within milliseconds, whatever it is given"
        case .signal: return "a debugger shows the place: run `evalh plugin check FILE --only TEST` under it"
        default: return ""
        }
    }

    static func name(ofSignal number: Int32) -> String {
        let names: [Int32: String] = [
            SIGSEGV: "SIGSEGV (invalid address)", SIGBUS: "SIGBUS", SIGABRT: "SIGABRT (abort)",
            SIGFPE: "SIGFPE (division by zero)", SIGILL: "SIGILL (illegal instruction)", SIGTRAP: "SIGTRAP (trap)",
            SIGTERM: "SIGTERM", SIGPIPE: "SIGPIPE",
        ]
        return names[number] ?? "signal \(number)"
    }
}

extension CheckResult {
    mutating func add(_ status: CheckStatus, _ message: String, _ advice: String) {
        findings.append(CheckFinding(status: status, message: message, advice: advice))
        self.status = max(self.status, status)
    }
}

extension CheckStatus: Comparable {
    package static func < (a: CheckStatus, b: CheckStatus) -> Bool {
        (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
    }
}

/// Results as they come, told in order.
private final class Results: Sendable {
    private let state: Mutex<State>
    private let observer: @Sendable (CheckResult) -> Void

    private struct State {
        var results: [CheckResult?]
        var told = 0
    }

    init(count: Int, _ observer: @escaping @Sendable (CheckResult) -> Void) {
        state = Mutex(State(results: Array(repeating: nil, count: count)))
        self.observer = observer
    }

    var all: [CheckResult] { state.withLock { $0.results.compactMap(\.self) } }

    func put(_ result: CheckResult, at place: Int) {
        state.withLock { state in
            state.results[place] = result
            while state.told < state.results.count, let next = state.results[state.told] {
                observer(next)
                state.told += 1
            }
        }
    }
}
