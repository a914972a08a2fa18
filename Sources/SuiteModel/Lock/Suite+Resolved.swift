internal import Completions
internal import Hashing
internal import JSON

extension Suite {
    /// The suite as it is run, for `suite.lock.json`: keys in a fixed order, defaults written out, no secrets.
    /// Environment variables of a server are named without their values, and arguments that look like keys are left
    /// out.
    package func resolvedJSON() -> String {
        var members: [JSONValue.Member] = [
            .init("evalh", .integer(1)), .init("name", .string(name)), .init("file", .string(file)),
            .init("description", description.map { .string($0) } ?? .null), .init("dataset", dataset.resolved),
            .init("prompt", prompt.resolved), .init("models", .object(models.map { .init($0.role, $0.resolved) })),
            .init("sampling", sampling.resolved), .init("arms", .array(arms.map(\.resolved))),
            .init("repeats", .integer(repeats)),
            .init("seed", .number(JSONNumber(seed))), .init("grader", grader.resolved),
        ]
        if !services.isEmpty {
            members.append(.init("services", .object(services.map { .init($0.name, $0.resolved) })))
        }
        members.append(
            .init(
                "metrics",
                .array(
                    metrics.map { metric in
                        .object(
                            [
                                .init("use", .string(metric.use)), .init("name", .string(metric.label ?? metric.use)),
                                .init("over", metric.over.map { .string($0) } ?? .null),
                                .init("with", JSONValue(json: metric.parametersJSON)),
                            ] + metric.isolation.written)
                    })))
        members.append(.init("allocator", allocator?.resolved ?? .null))
        members.append(.init("budget", budget.resolved))
        members.append(.init("gates", .strings(gates.map(\.text))))
        members.append(.init("report", .object([.init("by", .strings(reportFields))])))
        members.append(.init("plugins", .strings(plugins)))
        return JSONValue.object(members + isolation.written).prettyText() + "\n"
    }
}

extension UseSpec {
    fileprivate var resolved: JSONValue {
        .object(
            [.init("use", .string(use)), .init("with", JSONValue(json: parametersJSON))] + isolation.written)
    }
}

extension Isolation? {
    /// Only where the suite has a word on it.
    fileprivate var written: [JSONValue.Member] { map { [.init("isolation", .string($0.rawValue))] } ?? [] }
}

extension JSONValue {
    /// JSON text that was made by us.
    init(json text: String) {
        self = (try? JSONValue(parsing: text)) ?? .object([])
    }

    init(optional value: Double?) {
        self = value.map { .double($0) } ?? .null
    }

    init(optional value: Int?) {
        self = value.map { .integer($0) } ?? .null
    }

    init(optional value: String?) {
        self = value.map { .string($0) } ?? .null
    }

    init(optional value: Bool?) {
        self = value.map { .bool($0) } ?? .null
    }
}

extension SamplingParameters {
    fileprivate var resolved: JSONValue {
        .object([
            .init("temperature", .double(temperature)), .init("top_p", .double(topP)), .init("top_k", .integer(topK)),
            .init("min_p", .double(minP)), .init("max_tokens", .integer(maxTokens)), .init("stop", .strings(stop)),
            .init("top_logprobs", JSONValue(optional: topLogprobs)),
        ])
    }
}

extension ArmSpec {
    fileprivate var resolved: JSONValue {
        .object(
            [
                .init("id", .string(id)), .init("strategy", .string(strategy)), .init("model", .string(role)),
                .init("with", JSONValue(json: parametersJSON)),
                .init("levels", .array(levels.map { JSONValue(json: $0.levelJSON) })),
                .init("sampling", sampling.resolved),
            ] + isolation.written)
    }
}

extension BudgetSpec {
    fileprivate var resolved: JSONValue {
        .object([
            .init("tokens", JSONValue(optional: tokens)), .init("usd", JSONValue(optional: usd)),
            .init("wall", JSONValue(optional: wallSeconds)), .init("session", session.resolved),
        ])
    }
}

extension SessionBudgetSpec {
    fileprivate var resolved: JSONValue {
        .object([
            .init("tokens", JSONValue(optional: tokens)), .init("usd", JSONValue(optional: usd)),
            .init("wall", JSONValue(optional: wallSeconds)),
        ])
    }
}

extension DatasetSpec {
    var resolved: JSONValue {
        let place: JSONValue.Member =
            switch location {
            case .path(let path): .init("path", .string(path))
            case .url(let url): .init("url", .string(url))
            case .pool(let path): .init("pool", .string(path))
            }
        return .object(
            [
                .init("name", .string(name)), place, .init("sha256", JSONValue(optional: sha256)),
                .init("format", .string(format.rawValue)),
                .init("list", JSONValue(optional: list)),
                .init(
                    "fields",
                    .object([
                        .init("input", .string(inputField)), .init("target", .string(targetField)),
                        .init("id", JSONValue(optional: idField)),
                    ])),
                .init("limit", JSONValue(optional: limit)),
                .init("shuffle", shuffle.map { .number(JSONNumber($0)) } ?? .null),
            ] + (skip > 0 ? [.init("skip", .integer(skip))] : []))
    }
}
