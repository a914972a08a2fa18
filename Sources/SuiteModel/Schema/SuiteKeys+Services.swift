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
            KeySpec("language", .text(.identifier), "`execute`: what code is run by.", default: "python"),
            KeySpec(
                "timeout", .duration(NumberRange(0, excluded: true, 86_400)),
                "`execute`, `tool`, `mcp`: seconds of one call."),
            KeySpec("memory", .text(.byteSize), "`execute`, `tool`, `mcp`: address space of each process."),
            KeySpec(
                "command", .list(.text(.any), count: 1...1000),
                "`tool` and `mcp`: program and arguments, never read by a shell."),
            KeySpec(
                "environment", .map(.environmentVariable, .text(.any)),
                "`tool` and `mcp`: environment variables beside `PATH`, `HOME`, `TMPDIR`, `LANG`, `LC_ALL` and `TZ`."),
            KeySpec(
                "working_directory", .text(), "`tool` and `mcp`: where `command` starts, relative to the suite.",
                default: "."),
            KeySpec("workers", .integer(1...1000), "Calls at once; absent: as many as there are cores."),
            KeySpec("tools", .list(.text(), count: 1...1000), "`mcp`: the tools that may be called; absent: all."),
            KeySpec("template", .text(), "`judge`: what it is asked, in Mustache; absent: the template that ships."),
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
            KeySpec("id", .text(), "The field that names a document; absent: they are numbered from 0."),
            KeySpec("limit", .integer(1...Int.max), "Use that many documents at most."),
        ])

    /// Keys that mean something to a kind, beside those of all kinds.
    static func keys(of kind: ServiceSpec.Kind) -> [String] {
        switch kind {
        case .score: ["model"]
        case .embed: ["model", "dimensions"]
        case .retrieve: ["corpus", "method", "embedder", "index", "lists", "probes", "k1", "b", "hits"]
        case .execute: ["language", "timeout", "memory", "workers"]
        case .tool: ["command", "environment", "working_directory", "timeout", "memory", "workers"]
        case .mcp: ["command", "environment", "working_directory", "timeout", "memory", "tools"]
        case .judge: ["model", "template"]
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
