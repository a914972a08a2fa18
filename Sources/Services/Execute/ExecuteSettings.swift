package import Sandbox

/// How programs of models are run for strategies.
package struct ExecuteSettings: Sendable {
    /// The service's name in the suite.
    package var name: String
    /// What runs a program: a command, whose last argument is the program's path.
    package var command: [String]
    /// What payloads call the language of programs.
    package var language: String
    /// The program's name, for commands that look at its ending.
    package var file: String
    /// The whole program where tests are given: `{{code}}`, `{{tests}}`, and `{{mark}}`, a text that is new each time:
    /// where it stands in it, tests have passed only if the program wrote it to descriptor 3. `nil`: Python's own.
    package var template: String?
    /// Other files and folders that programs see, read-only, absolute.
    package var visible: [String]
    package var limits: SandboxLimits
    /// Programs at once.
    package var connections: Int

    package init(
        name: String, command: [String] = ["python3", "-S", "-s", "-B"], language: String = "python",
        file: String = "program.py", template: String? = nil, visible: [String] = [],
        limits: SandboxLimits = SandboxLimits(), connections: Int = 2
    ) {
        self.name = name
        self.command = command
        self.language = language
        self.file = file
        self.template = template
        self.visible = visible
        self.limits = limits
        self.connections = connections
    }

    /// `nil`: tests cannot be run with this command.
    var testTemplate: String? {
        template
            ?? (Sandbox.isPython(command)
                ? "{{code}}\n\n{{tests}}\n\nimport os as __evalh_os\n__evalh_os.write(3, b'{{mark}}')\n" : nil)
    }

    var identity: [String] {
        [language, file, template ?? ""] + command + ["visible"] + visible
            + [limits.cpuSeconds, limits.wallSeconds].map { "\($0)" }
            + [limits.memoryBytes, limits.outputBytes, limits.fileBytes, limits.processes].map { "\($0)" }
    }
}
