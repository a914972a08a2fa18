internal import JSON
internal import Sandbox

/// The parameters of the grader `code`.
struct CodeSettings: Hashable, Sendable {
    var command = ["python3", "-S", "-s", "-B"]
    var file = "program.py"
    /// `nil`: as the item's fields call for.
    var template: String?
    var promptField = "prompt"
    var entryField = "entry_point"
    var stop: [String] = []
    var visible: [String] = []
    var limits = SandboxLimits()

    init() {}

    /// - Throws: `GraderMistake`.
    init(parametersJSON: String) throws {
        let values = try JSONValue(parsing: parametersJSON.isEmpty ? "{}" : parametersJSON)
        command = values["command"]?.elements?.compactMap(\.string) ?? command
        file = values["file"]?.string ?? file
        template = values["template"]?.string
        promptField = values["prompt_field"]?.string ?? promptField
        entryField = values["entry_field"]?.string ?? entryField
        stop = values["stop"]?.elements?.compactMap(\.string) ?? stop
        visible = values["visible"]?.elements?.compactMap(\.string) ?? visible
        limits.cpuSeconds = values["cpu_seconds"]?.double ?? limits.cpuSeconds
        limits.wallSeconds = values["wall_seconds"]?.double ?? 5 * limits.cpuSeconds + 10
        limits.memoryBytes = (values["memory_mib"]?.int ?? 1024) << 20
        limits.outputBytes = (values["output_kib"]?.int ?? 1024) << 10
        limits.fileBytes = (values["files_mib"]?.int ?? 16) << 20
        limits.processes = values["processes"]?.int ?? limits.processes
        if file.isEmpty || file == "." || file == ".." || file.contains("/") {
            throw GraderMistake("file: a name without a folder is needed, such as program.py")
        }
        if let relative = visible.first(where: { !$0.hasPrefix("/") }) {
            throw GraderMistake("visible: \(relative) is not an absolute path")
        }
        if let template, !template.contains("{{program}}") {
            throw GraderMistake("template: it has no {{program}}, the place of what the model wrote")
        }
    }

    /// Whether the program is Python: whose functions are looked for by name, whose last words are understood.
    var isPython: Bool { Sandbox.isPython(command) }

    static let schema = """
        {"type": "object", "properties": {
        "command": {"type": "array", "items": {"type": "string"}, "minItems": 1, "default": ["python3", "-S", \
        "-s", "-B"],
        "description": "What runs a program: a command, whose last argument is the program's path."},
        "file": {"type": "string", "default": "program.py", "description": "The program's name, for commands that \
        look at its ending."},
        "template": {"type": "string", "description": "The whole program: {{program}} is what the model wrote, \
        {{name}} a field of the item, a list line by line; {{mark}} stands for a text that is new each time: where \
        it is used, tests have passed only if the program wrote it to descriptor 3. Without a template: \
        HumanEval's where items have `test`, MBPP's where they have `test_list`."},
        "prompt_field": {"type": "string", "default": "prompt", "description": \
        "The field that an answer may go on from; \
        the question where items have `entry_point` and lack it."},
        "entry_field": {"type": "string", "default": "entry_point", "description": "The field that names the \
        function which is tested."},
        "stop": {"type": "array", "items": {"type": "string"}, "default": [], "description": "Texts at which a \
        completion of the prompt ends: for recordings that were not cut."},
        "visible": {"type": "array", "items": {"type": "string"}, "default": [], "description": "More folders that \
        programs may read; absolute."},
        "cpu_seconds": {"type": "number", "exclusiveMinimum": 0, "maximum": 3600, "default": 10, "description": \
        "Processor time of a program with its tests."},
        "wall_seconds": {"type": "number", "exclusiveMinimum": 0, "maximum": 7200, "description": "Time until its \
        end at the latest. Without it five times `cpu_seconds` and 10 s, so that a busy machine changes \
        nothing."},
        "memory_mib": {"type": "integer", "minimum": 16, "maximum": 1048576, "default": 1024, "description": \
        "Address space of each of its processes."},
        "output_kib": {"type": "integer", "minimum": 1, "maximum": 65536, "default": 1024, "description": "What it \
        may write to standard output and error; more ends it."},
        "files_mib": {"type": "integer", "minimum": 1, "maximum": 4096, "default": 16, "description": "What it may \
        write to /tmp, which is gone afterwards."},
        "processes": {"type": "integer", "minimum": 1, "maximum": 256, "default": 1, "description": "Its processes \
        and threads at once, itself included."}
        }}
        """
}
