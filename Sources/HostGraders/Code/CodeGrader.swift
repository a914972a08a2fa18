internal import Completions
internal import Engine
internal import Foundation
internal import Hashing
internal import Journal
internal import Sandbox
internal import Synchronization

/// Runs the program in an answer with its item's tests, in the sandbox and nowhere else.
final class CodeGrader: HostGrader {
    static let id = "code"
    static let version = "1.0.0"
    static let title = "The program in the answer passes the item's tests"
    static let description = """
        Of fenced blocks the last that defines the tested function counts, else the last; an answer without one is a \
        whole program, or goes on from the item's prompt. Joined with the tests it runs in a sandbox: own user, mount, \
        process, network, IPC and host name namespaces, a read-only root without the user's files, no network, no \
        rights, limits of time, memory, processes, output and files. The sandbox is tried out before its first use; \
        where it does not hold or cannot be had, nothing is run. The stage says what happened: passed, failed (an \
        assertion), error, timeout, memory, output, ended_early, crashed, none (no program). Equal programs with equal \
        tests run once. See docs/grading-code.md.
        """

    private let settings: CodeSettings
    private let environment: [String: String]
    private let verdicts = VerdictStore()
    private let interpreter = Mutex<Result<Interpreter, SandboxRefusal>?>(nil)

    init(_ settings: CodeSettings, environment: [String: String]) {
        self.settings = settings
        self.environment = environment
    }

    /// What of the tests a strategy could learn the answer from.
    var hiddenFields: [String] {
        ["test", "test_list", "test_setup_code", "test_imports", "challenge_test_list", "canonical_solution"]
    }

    var isSlow: Bool { true }

    func check() throws { _ = try ready() }

    func keep(in folder: String) { verdicts.keep(in: folder) }

    func grade(answer: String, isUnfinished: Bool, item: JournalItem) throws -> GradingStep {
        .work { .graded(try self.graded(answer, item)) }
    }

    func extract(_ text: String) -> (answer: String, stage: String)? {
        guard let found = CodeAnswer(text, prompt: nil, names: [], stop: settings.stop) else { return nil }
        let program = CodeAnswer.normalised(found.program)
        return program.isEmpty ? nil : (program, found.place.rawValue)
    }

    private func graded(_ answer: String, _ item: JournalItem) throws -> Grade {
        let tests = try CodeTests(item, settings)
        guard let found = CodeAnswer(answer, prompt: tests.prompt, names: tests.names, stop: settings.stop) else {
            return Grade(score: 0, strictScore: 0, stage: "none", explanation: "the answer holds no program")
        }
        let verdict = try verdict(on: try tests.joined(with: found.program))
        let score = verdict.stage == .passed ? 1.0 : 0
        return Grade(
            score: score, strictScore: score, extracted: extract(answer)?.answer, stage: verdict.stage.rawValue,
            explanation: verdict.detail.isEmpty ? nil : verdict.detail)
    }

    /// - Parameter source: with `{{mark}}` where its tests are through.
    private func verdict(on source: String) throws -> CodeVerdict {
        let interpreter = try ready()
        let key = key(of: source, interpreter)
        if let known = verdicts[key] { return known }
        let mark = source.contains("{{mark}}") ? UUID().uuidString : nil
        let program = SandboxedProgram(
            interpreter: interpreter, sourceName: settings.file,
            source: mark.map { source.replacing("{{mark}}", with: $0) } ?? source, limits: settings.limits)
        let verdict = CodeVerdict(try Sandbox.run(program), mark: mark, limits: settings.limits)
        verdicts.add(verdict, for: key)
        return verdict
    }

    private func key(of source: String, _ interpreter: Interpreter) -> String {
        let limits = settings.limits
        let parts =
            [Self.version, settings.file, source] + interpreter.command + ["visible"] + interpreter.visible
            + [limits.cpuSeconds, limits.wallSeconds].map { "\($0)" }
            + [limits.memoryBytes, limits.outputBytes, limits.fileBytes, limits.processes].map { "\($0)" }
        var hasher = SHA256()
        for part in parts {
            hasher.update(Array("\(part.utf8.count):".utf8))
            hasher.update(Array(part.utf8))
        }
        return hasher.finalize().hex
    }

    /// The interpreter, once the sandbox was tried out with it.
    private func ready() throws(SandboxRefusal) -> Interpreter {
        try interpreter.withLock { (known) throws(SandboxRefusal) -> Interpreter in
            if let known { return try known.get() }
            let result = Result { () throws(SandboxRefusal) in
                try Sandbox.interpreter(
                    settings.command, more: settings.visible, environment: environment, limits: settings.limits,
                    sourceName: settings.file)
            }
            known = result
            return try result.get()
        }
    }
}
