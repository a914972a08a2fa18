extension Sandbox {
    /// An interpreter for programs that nobody trusts, once the sandbox was tried out with it; a Python also with a
    /// harmless program.
    /// - Parameters:
    ///   - more: other files and folders that programs see, absolute.
    ///   - sourceName: how programs are called.
    package static func interpreter(
        _ command: [String], more: [String], environment: [String: String], limits: SandboxLimits, sourceName: String
    ) throws(SandboxRefusal) -> Interpreter {
        let interpreter = try Interpreter(command: command, more: more, environment: environment)
        try check(interpreter, limits)
        guard isPython(command) else { return interpreter }
        let outcome = try run(
            SandboxedProgram(
                interpreter: interpreter, sourceName: sourceName, source: "assert 1 + 1 == 2\n", limits: limits))
        guard outcome.end == .exited(0) else {
            let verdict = CodeVerdict(outcome, mark: nil, limits: limits)
            throw SandboxRefusal("a harmless program fails in the sandbox: \(verdict.detail)")
        }
        return interpreter
    }

    /// Whether a command runs Python.
    package static func isPython(_ command: [String]) -> Bool {
        command.first?.split(separator: "/").last?.hasPrefix("python") == true
    }
}
