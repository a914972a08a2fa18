package import JSON
package import Journal

extension RunSummary {
    /// One arm at one level.
    package struct Arm: Codable, Sendable {
        package var id: String
        /// It was shown how answers were graded: a bound, not a strategy. Written only if so.
        package var oracle: Bool
        package var strategy: String
        package var params: JSONValue
        package var model: String
        /// The level's own parameters; `null`: the arm has no levels.
        package var level: JSONValue?
        package var items: Int
        package var sessions: Int
        package var errors: Int
        /// Sessions that answered although samples they asked for had failed. Written only if there are any.
        package var servedInPart = 0
        /// The run went on without what it lacks. Written only if so.
        package var leftOut: LeftOut?
        package var metrics: [String: Metric]
        /// Share of drawn completions that were cut off at their token limit.
        package var truncatedRate: Double?
        /// How often each of the grader's rules found the answer.
        package var extraction: [String: Int]
        package var errorKinds: [SessionError.Kind: Int]
        /// What the arm would have paid alone.
        package var usage: Usage
        package var latency: Latency

        enum CodingKeys: String, CodingKey {
            case id, oracle, strategy, params, model, level, items, sessions, errors, metrics, extraction, usage,
                latency
            case servedInPart = "served_in_part"
            case leftOut = "left_out"
            case truncatedRate = "truncated_rate"
            case errorKinds = "error_kinds"
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            if oracle { try container.encode(oracle, forKey: .oracle) }
            try container.encode(strategy, forKey: .strategy)
            try container.encode(params, forKey: .params)
            try container.encode(model, forKey: .model)
            try container.encode(level, forKey: .level)
            try container.encode(items, forKey: .items)
            try container.encode(sessions, forKey: .sessions)
            try container.encode(errors, forKey: .errors)
            if servedInPart > 0 { try container.encode(servedInPart, forKey: .servedInPart) }
            try container.encodeIfPresent(leftOut, forKey: .leftOut)
            try container.encode(metrics, forKey: .metrics)
            try container.encode(truncatedRate, forKey: .truncatedRate)
            try container.encode(extraction, forKey: .extraction)
            try container.encode(errorKinds, forKey: .errorKinds)
            try container.encode(usage, forKey: .usage)
            try container.encode(latency, forKey: .latency)
        }
    }
}

extension RunSummary.Arm {
    /// How many sessions failed by what, "timeout: 3, plugin: 1".
    package var errorKindsText: String {
        errorKinds.map { ($0.key.rawValue, $0.value) }.sorted { $0.0 < $1.0 }.map { "\($0.0): \($0.1)" }
            .joined(separator: ", ")
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try container.decode(String.self, forKey: .id),
            oracle: try container.decodeIfPresent(Bool.self, forKey: .oracle) ?? false,
            strategy: try container.decode(String.self, forKey: .strategy),
            params: try container.decode(JSONValue.self, forKey: .params),
            model: try container.decode(String.self, forKey: .model),
            level: try container.decodeIfPresent(JSONValue.self, forKey: .level),
            items: try container.decode(Int.self, forKey: .items),
            sessions: try container.decode(Int.self, forKey: .sessions),
            errors: try container.decode(Int.self, forKey: .errors),
            servedInPart: try container.decodeIfPresent(Int.self, forKey: .servedInPart) ?? 0,
            leftOut: try container.decodeIfPresent(RunSummary.LeftOut.self, forKey: .leftOut),
            metrics: try container.decode([String: RunSummary.Metric].self, forKey: .metrics),
            truncatedRate: try container.decodeIfPresent(Double.self, forKey: .truncatedRate),
            extraction: try container.decode([String: Int].self, forKey: .extraction),
            errorKinds: try container.decodeIfPresent([SessionError.Kind: Int].self, forKey: .errorKinds) ?? [:],
            usage: try container.decode(RunSummary.Usage.self, forKey: .usage),
            latency: try container.decode(RunSummary.Latency.self, forKey: .latency))
    }
}
