/// A program as it is to be run.
package struct SandboxedProgram: Sendable {
    package var interpreter: Interpreter
    /// The last part of its path: with an ending where the interpreter wants one.
    package var sourceName: String
    package var source: String
    /// What it reads from standard input.
    package var input: String
    package var limits: SandboxLimits

    package init(
        interpreter: Interpreter, sourceName: String, source: String, input: String = "", limits: SandboxLimits
    ) {
        self.interpreter = interpreter
        self.sourceName = sourceName
        self.source = source
        self.input = input
        self.limits = limits
    }
}

/// How a program in the sandbox ended.
package struct SandboxOutcome: Hashable, Sendable {
    package enum End: Hashable, Sendable {
        case exited(Int)
        case killed(signal: Int)
        case outOfCPUTime
        case outOfWallTime
        case tooMuchOutput
    }

    package var end: End
    /// Standard output and error in the order of writing, up to the limit; foreign text.
    package var output: String
    /// What it wrote to descriptor 3, at most 256 bytes.
    package var mark: String
    package var cpuSeconds: Double
}

/// Why there is no sandbox, or why a program was not run in it. Never a reason to run it elsewhere.
package struct SandboxRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
