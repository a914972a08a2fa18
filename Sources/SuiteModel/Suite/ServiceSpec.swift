/// What strategies may call beside models. Which members a kind goes by is in `SuiteKeys.service`.
package struct ServiceSpec: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case score, embed, retrieve, execute, tool, mcp, judge, plugin
    }

    package enum Method: String, Sendable { case bm25, vectors }
    package enum Index: String, Sendable { case exact, ivf }
    package enum Metric: String, Sendable { case cosine, dot }
    package enum Shorten: String, CaseIterable, Sendable { case prefix, server }
    package enum Interface: String, CaseIterable, Sendable { case openai, tei }
    package enum Encoding: String, CaseIterable, Sendable { case float, base64 }

    package var name: String
    package var kind: Kind
    package var usdPerCall = 0.0
    /// Of `score`, `embed` and `judge`: the role of the model that does it.
    package var role: String?
    /// Of `embed`: vectors are cut to so many numbers.
    package var dimensions: Int?
    /// Who cuts them.
    package var shorten = Shorten.prefix
    package var interface = Interface.openai
    package var encoding = Encoding.float
    /// Texts of one request.
    package var batch = 32
    /// Of `retrieve`.
    package var corpus: CorpusSpec?
    package var method = Method.bm25
    /// Of `retrieve` by vectors: the name of a service of kind `embed`.
    package var embedder: String?
    package var metric = Metric.cosine
    package var index = Index.exact
    /// Of an `ivf` index; `nil`: by the size of the corpus.
    package var lists: Int?
    package var probes = 8
    package var k1 = 1.2
    package var b = 0.75
    /// Hits that a query gets if it names no number.
    package var hits = 5
    /// Of `execute`: what code is run by, and how the program's file is called.
    package var language = "python"
    package var file = "program.py"
    /// Seconds of one call; `nil`: as the kind has it.
    package var timeout: Double?
    /// Bytes of address space; `nil`: as the kind has it.
    package var memory: Int?
    /// Bytes of what is written in one call; `nil`: as the kind has it.
    package var output: Int?
    /// Of `tool` and `mcp`; of `execute`: what runs a program, empty: as the kind has it.
    package var command: [String] = []
    package var environment: [String: String] = [:]
    /// Environment variables that are handed on and whose values nobody may see.
    package var secrets: [String] = []
    /// Of `tool`: what strategies are told of it.
    package var about: String?
    /// Absolute.
    package var workingDirectory = "/"
    /// Calls at once; `nil`: as many as there are cores.
    package var workers: Int?
    /// Of `mcp`: the tools that may be called; empty: all that the server has.
    package var tools: [String] = []
    /// Of `judge`: the template of what it is asked; `nil`: the one that ships. Of `execute`: how a program and its
    /// tests become one.
    package var template: String?
    /// Of `judge`: how it says its verdict, and how often it is asked.
    package var verdict = JudgeSpec.Form.word
    package var repeats = 1
    package var maxTokens: Int?
    /// Of `plugin`: its id and parameters.
    package var use: String?
    package var parametersJSON = "{}"
    package var position: SourceSpan

    package init(name: String, kind: Kind, position: SourceSpan = .file("")) {
        self.name = name
        self.kind = kind
        self.position = position
    }
}

/// The documents that a service looks through.
package struct CorpusSpec: Hashable, Sendable {
    /// Absolute.
    package var path: String
    package var sha256: String?
    package var format: DatasetSpec.Format
    package var textField: String
    /// `nil`: `id` where rows have it, else documents are numbered from 0.
    package var idField: String?
    package var limit: Int?

    package init(
        path: String, sha256: String? = nil, format: DatasetSpec.Format = .jsonl, textField: String = "text",
        idField: String? = nil, limit: Int? = nil
    ) {
        self.path = path
        self.sha256 = sha256
        self.format = format
        self.textField = textField
        self.idField = idField
        self.limit = limit
    }
}
