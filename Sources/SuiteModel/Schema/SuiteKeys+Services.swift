extension SuiteKeys {
    static let service = ObjectSpec(
        "Service",
        "What strategies may call beside models; every call is recorded and replayed as completions are. See "
            + "docs/services.md.",
        [
            KeySpec(
                "kind", .choice(ServiceSpec.Kind.allCases.map(\.rawValue)),
                "`score`: log-probabilities of a given text; `embed`: vectors of texts; `retrieve`: documents of a "
                    + "corpus; `execute`: a program in the sandbox; `tool`: a command with one JSON line in and out; "
                    + "`mcp`: the tools of an MCP server; `judge`: a model's verdict; `plugin`: a plugin of kind "
                    + "`evalh.service/1`.", required: true),
            KeySpec(
                "usd_per_call", .number(.positive), "What a call costs beside tokens, in US dollars; absent: nothing."),
            KeySpec("model", .text(.identifier), "`score`, `embed`, `judge`: the role of the model that does it."),
            KeySpec("dimensions", .integer(1...100_000), "`embed`: vectors are cut to so many numbers; absent: whole."),
            KeySpec(
                "shorten", .choice(ServiceSpec.Shorten.allCases.map(\.rawValue)),
                "`embed` with `dimensions`: `prefix` keeps the first numbers and brings them to unit length, on any "
                    + "server; `server` sends `dimensions` and makes sure that they were heeded.", default: "prefix"),
            KeySpec(
                "interface", .choice(ServiceSpec.Interface.allCases.map(\.rawValue)),
                "`embed`: `/v1/embeddings`, or `/embed` of text-embeddings-inference.", default: "openai"),
            KeySpec(
                "encoding", .choice(ServiceSpec.Encoding.allCases.map(\.rawValue)),
                "`embed`: how vectors come; the same vectors either way, `base64` in a third of the bytes.",
                default: "float"),
            KeySpec("batch", .integer(1...2048), "`embed`: texts of one request at most.", default: "32"),
            KeySpec("corpus", .object(corpus), "`retrieve`: the documents."),
            KeySpec("method", .choice(["bm25", "vectors"]), "`retrieve`: how documents are ranked.", default: "bm25"),
            KeySpec(
                "embedder", .text(.identifier), "`retrieve` by vectors: the service of kind `embed` that makes them."),
            KeySpec(
                "index", .choice(["exact", "ivf"]),
                "`retrieve` by vectors: compare with every document, or with those of the nearest lists.",
                default: "exact"),
            KeySpec("lists", .integer(1...1_000_000), "Of an `ivf` index; absent: by the size of the corpus."),
            KeySpec(
                "probes", .integer(1...1_000_000), "Lists of an `ivf` index that a query looks through.", default: "8"),
            KeySpec(
                "k1", .number(NumberRange(0, 100)), "`retrieve` by BM25: how soon further occurrences stop to count.",
                default: "1.2"),
            KeySpec(
                "b", .number(.fraction), "`retrieve` by BM25: how much a document's length counts.", default: "0.75"),
            KeySpec(
                "hits", .integer(1...1000), "`retrieve`: documents that a query gets if it names no number.",
                default: "5"),
            KeySpec(
                "metric", .choice(["cosine", "dot"]), "`retrieve` by vectors: what is compared.", default: "cosine"),
            KeySpec(
                "language", .text(.identifier), "`execute`: what payloads call the language of programs.",
                default: "python"),
            KeySpec(
                "file", .text(.identifier), "`execute`: the program's name, for commands that look at its ending.",
                default: "program.py"),
            KeySpec(
                "output", .text(.byteSize),
                "Bytes that may be written: `execute` in all (1MiB if absent), `tool` and `mcp` a line (4MiB)."),
            KeySpec(
                "secrets", .list(.text(.environmentVariable), count: 1...100),
                "`tool` and `mcp`: environment variables that are handed on; their values are shown nowhere."),
            KeySpec("about", .text(), "`tool`: what strategies are told of it."),
            KeySpec(
                "verdict", .choice(JudgeSpec.Form.allCases.map(\.rawValue)),
                "`judge`: how it says its verdict, see docs/grading-judge.md.", default: "word"),
            KeySpec(
                "repeats", .integer(1...100), "`judge`: how often it is asked; the commonest verdict counts.",
                default: "1"),
            KeySpec(
                "max_tokens", .integer(1...1_000_000), "`judge`: 1024 if absent, 4 for probabilities."),
            KeySpec(
                "timeout", .duration(NumberRange(0, excluded: true, 86_400)),
                "`execute`: seconds of processor time of a program; `tool`, `mcp`: seconds of one call."),
            KeySpec("memory", .text(.byteSize), "`execute`, `tool`, `mcp`: address space of each process."),
            KeySpec(
                "command", .list(.text(.any), count: 1...1000),
                "`tool` and `mcp`: program and arguments, never read by a shell. `execute`: what runs a program, "
                    + "whose path comes last; absent: `python3 -S -s -B`."),
            KeySpec(
                "environment", .map(.environmentVariable, .text(.any)),
                "`tool` and `mcp`: environment variables beside `PATH`, `HOME`, `TMPDIR`, `LANG`, `LC_ALL` and `TZ`."),
            KeySpec(
                "working_directory", .text(), "`tool` and `mcp`: where `command` starts, relative to the suite.",
                default: "."),
            KeySpec(
                "workers", .integer(1...1000),
                "Calls at once; absent: as many as there are cores, one of an `mcp` server."),
            KeySpec("tools", .list(.text(), count: 1...1000), "`mcp`: the tools that may be called; absent: all."),
            KeySpec(
                "template", .text(),
                "`judge`: what it is asked, in Mustache; absent: the template that ships. `execute`: the whole program "
                    + "where tests are given, of {{code}}, {{tests}} and {{mark}}; absent: Python's own."),
            KeySpec("use", .text(), "`plugin`: its id."),
            KeySpec("with", .parameters, "`plugin`: its parameters."),
        ])

    static let corpus = ObjectSpec(
        "Corpus", "Documents in a file of the same kinds as a data set.",
        [
            KeySpec("path", .text(), "File, relative to the suite.", required: true),
            KeySpec("sha256", .text(.sha256), "Of the file's bytes; checked before it is used."),
            KeySpec("format", .choice(["jsonl", "json", "csv"]), "By the file's ending if absent."),
            KeySpec("text", .text(), "The field that is looked through.", default: "text"),
            KeySpec(
                "id", .text(),
                "The field that names a document; absent: `id` where rows have it, else they are numbered from 0."),
            KeySpec("limit", .integer(1...Int.max), "Use that many documents at most."),
        ])

    /// Keys that mean something to a kind, beside those of all kinds.
    static func keys(of kind: ServiceSpec.Kind) -> [String] {
        switch kind {
        case .score: ["model"]
        case .embed: ["model", "dimensions", "shorten", "interface", "encoding", "batch"]
        case .retrieve:
            ["corpus", "method", "embedder", "metric", "index", "lists", "probes", "k1", "b", "hits", "workers"]
        case .execute: ["language", "command", "file", "template", "timeout", "memory", "output", "workers"]
        case .tool:
            [
                "command", "environment", "secrets", "working_directory", "timeout", "memory", "output", "about",
                "workers",
            ]
        case .mcp:
            [
                "command", "environment", "secrets", "working_directory", "timeout", "memory", "output", "tools",
                "workers",
            ]
        case .judge: ["model", "template", "verdict", "repeats", "max_tokens"]
        case .plugin: ["use", "with", "workers"]
        }
    }

    static let log = ObjectSpec(
        "Log", "What is kept of sessions.",
        [
            KeySpec("note_bytes", .integer(64...1_048_576), "Of each note of a strategy.", default: "16384"),
            KeySpec(
                "sessions", .truth,
                "Keep the lines that strategies write for their authors; `--log-sessions` asks for it.",
                default: "no"),
        ])
}
