package import JSON

extension ServiceSpec {
    /// What its kind goes by. Environment variables are named without their values.
    package var resolved: JSONValue {
        let all: [JSONValue.Member] = [
            .init("model", JSONValue(optional: role)), .init("dimensions", JSONValue(optional: dimensions)),
            .init("shorten", .string(shorten.rawValue)), .init("interface", .string(interface.rawValue)),
            .init("encoding", .string(encoding.rawValue)), .init("batch", .integer(batch)),
            .init("corpus", corpus?.resolved ?? .null), .init("method", .string(method.rawValue)),
            .init("embedder", JSONValue(optional: embedder)), .init("metric", .string(metric.rawValue)),
            .init("index", .string(index.rawValue)),
            .init("lists", JSONValue(optional: lists)), .init("probes", .integer(probes)), .init("k1", .double(k1)),
            .init("b", .double(b)), .init("hits", .integer(hits)), .init("language", .string(language)),
            .init("file", .string(file)), .init("output", JSONValue(optional: output)),
            .init("secrets", .strings(secrets)), .init("about", JSONValue(optional: about)),
            .init("verdict", .string(verdict.rawValue)), .init("repeats", .integer(repeats)),
            .init("max_tokens", JSONValue(optional: maxTokens)),
            .init("timeout", JSONValue(optional: timeout)), .init("memory", JSONValue(optional: memory)),
            .init("command", .strings(ModelSpec.withoutSecrets(command))),
            .init("environment", .strings(environment.keys.sorted())),
            .init("working_directory", .string(workingDirectory)), .init("workers", JSONValue(optional: workers)),
            .init("tools", .strings(tools)), .init("template", JSONValue(optional: template)),
            .init("use", JSONValue(optional: use)), .init("with", JSONValue(json: parametersJSON)),
        ]
        let known = SuiteKeys.keys(of: kind)
        return .object(
            [.init("kind", .string(kind.rawValue)), .init("usd_per_call", .double(usdPerCall))]
                + all.filter { known.contains($0.key) })
    }
}

extension CorpusSpec {
    fileprivate var resolved: JSONValue {
        .object([
            .init("path", .string(path)), .init("sha256", JSONValue(optional: sha256)),
            .init("format", .string(format.rawValue)), .init("text", .string(textField)),
            .init("id", JSONValue(optional: idField)), .init("limit", JSONValue(optional: limit)),
        ])
    }
}
