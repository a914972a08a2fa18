package import Completions
package import EvalhStatistics
package import JSON

/// `summary.json`, schema `evalh.summary/1`. Keys are only ever added.
package struct RunSummary: Codable, Sendable {
    package static let schemaID = "evalh.summary/1"

    package var schema = RunSummary.schemaID
    package var suite: String
    package var runID: String
    package var status: Status
    package var dataset: Dataset
    package var arms: [Arm]
    /// Curve-wide metrics of arms with levels.
    package var scaling: [Scaling] = []
    /// Numbers about the run as a whole, of metrics and allocators.
    package var metrics: [String: Metric] = [:]
    /// `nil`: every arm answered every item.
    package var allocation: Allocation?
    /// `nil`: no model judged.
    package var judging: Judging?
    /// Metrics that failed, with their words.
    package var problems: [String] = []
    /// Why sessions failed; `nil`: none did.
    package var failures: Failures?
    /// Results by the values of items' fields, in the order they were asked for.
    package var fields: [FieldResults] = []
    /// `nil`: no question stands in several rows.
    package var repeatedRows: RepeatedRows?
    package var comparisons: [Comparison]
    /// For every cost, the rows that no other beats.
    package var frontier: [CostFrontier]
    package var gates: [GateOutcome]
    /// What the run really paid, each completion once, whichever arms drew it.
    package var paid: Usage
    package var provenance: [String: String]

    package init(
        suite: String, runID: String, status: Status, dataset: Dataset, arms: [Arm], comparisons: [Comparison],
        gates: [GateOutcome],
        paid: Usage, provenance: [String: String]
    ) {
        self.suite = suite
        self.runID = runID
        self.status = status
        self.dataset = dataset
        self.arms = arms
        self.comparisons = comparisons
        frontier = Self.frontiers(arms)
        self.gates = gates
        self.paid = paid
        self.provenance = provenance
    }

    package enum Status: String, Codable, Sendable {
        case complete, incomplete, failed
    }

    package struct Dataset: Codable, Sendable {
        package var name: String
        package var sha256: String
        package var items: Int

        package init(name: String, sha256: String, items: Int) {
            self.name = name
            self.sha256 = sha256
            self.items = items
        }
    }

    /// A number with its 95 % interval; `null` where it is not defined.
    package struct Metric: Codable, Sendable {
        package var value: Double
        package var ciLow: Double?
        package var ciHigh: Double?
        package var stderr: Double?
        /// Independent units: items.
        package var n: Int
        package var method: String
        /// What a metric says beside its number; `null`: nothing.
        package var detail: JSONValue

        package init(_ estimate: Estimate, _ detail: JSONValue = .null) {
            value = estimate.value
            ciLow = estimate.ciLow
            ciHigh = estimate.ciHigh
            stderr = estimate.stderr
            n = estimate.n
            method = estimate.method
            self.detail = detail
        }

        enum CodingKeys: String, CodingKey {
            case value, stderr, n, method, detail
            case ciLow = "ci_low"
            case ciHigh = "ci_high"
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(value, forKey: .value)
            try container.encode(ciLow, forKey: .ciLow)
            try container.encode(ciHigh, forKey: .ciHigh)
            try container.encode(stderr, forKey: .stderr)
            try container.encode(n, forKey: .n)
            try container.encode(method, forKey: .method)
            if detail != .null { try container.encode(detail, forKey: .detail) }
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            value = try container.decode(Double.self, forKey: .value)
            ciLow = try container.decodeIfPresent(Double.self, forKey: .ciLow)
            ciHigh = try container.decodeIfPresent(Double.self, forKey: .ciHigh)
            stderr = try container.decodeIfPresent(Double.self, forKey: .stderr)
            n = try container.decode(Int.self, forKey: .n)
            method = try container.decode(String.self, forKey: .method)
            detail = try container.decodeIfPresent(JSONValue.self, forKey: .detail) ?? .null
        }
    }

    package struct Usage: Codable, Sendable {
        package var tokens: TokenUsage
        /// `null`: a model without a price took part.
        package var usd: Double?

        package init(tokens: TokenUsage, usd: Double?) {
            self.tokens = tokens
            self.usd = usd
        }

        enum CodingKeys: String, CodingKey { case usd }

        package init(from decoder: any Decoder) throws {
            tokens = try TokenUsage(from: decoder)
            usd = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(Double.self, forKey: .usd)
        }

        package func encode(to encoder: any Encoder) throws {
            try tokens.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(usd, forKey: .usd)
        }
    }

    /// Seconds. The critical path is that of one session alone, without waiting in evalh's own queue.
    package struct Latency: Codable, Sendable {
        package var criticalPath: Percentiles?
        package var firstToken: Percentiles?

        package init(criticalPath: Percentiles?, firstToken: Percentiles?) {
            self.criticalPath = criticalPath
            self.firstToken = firstToken
        }

        enum CodingKeys: String, CodingKey {
            case criticalPath = "critical_path_s"
            case firstToken = "ttft_s"
        }
    }

    package struct Percentiles: Codable, Sendable {
        package var p50: Double
        package var p90: Double
        package var p99: Double

        package init(p50: Double, p90: Double, p99: Double) {
            self.p50 = p50
            self.p90 = p90
            self.p99 = p99
        }
    }

    package struct Scaling: Codable, Sendable {
        package var arm: String
        package var metric: String
        /// `nil`: it could not be computed; `detail` says why.
        package var value: Double?
        package var ciLow: Double?
        package var ciHigh: Double?
        package var levels: [JSONValue]
        package var items: Int
        package var detail: JSONValue

        enum CodingKeys: String, CodingKey {
            case arm, metric, value, levels, items, detail
            case ciLow = "ci_low"
            case ciHigh = "ci_high"
        }
    }

    /// Two arms on the same items: `difference` is a − b.
    package struct Comparison: Codable, Sendable {
        package struct Flips: Codable, Sendable {
            /// Items that only a, or only b, got right.
            package var aOnly: Int
            package var bOnly: Int

            package init(aOnly: Int, bOnly: Int) {
                self.aOnly = aOnly
                self.bOnly = bOnly
            }

            enum CodingKeys: String, CodingKey {
                case aOnly = "a_only"
                case bOnly = "b_only"
            }
        }

        package var metric: String
        package var a: String
        package var b: String
        package var difference: Double
        package var ciLow: Double?
        package var ciHigh: Double?
        package var pValue: Double?
        /// By Holm's rule over all comparisons of the summary; `null` also in summaries from before it was written.
        package var pAdjusted: Double?
        /// The smallest difference these items could show with 80 % power; `null`: no item differs.
        package var detectable: Double?
        package var test: String
        package var n: Int
        package var flips: Flips

        package init(
            metric: String, a: String, b: String, difference: Double, ciLow: Double?, ciHigh: Double?, pValue: Double?,
            test: String,
            n: Int,
            flips: Flips, detectable: Double? = nil
        ) {
            self.metric = metric
            self.a = a
            self.b = b
            self.difference = difference
            self.ciLow = ciLow
            self.ciHigh = ciHigh
            self.pValue = pValue
            self.test = test
            self.n = n
            self.flips = flips
            self.detectable = detectable
        }

        enum CodingKeys: String, CodingKey {
            case metric, a, b, difference, test, n, flips, detectable
            case ciLow = "ci_low"
            case ciHigh = "ci_high"
            case pValue = "p_value"
            case pAdjusted = "p_adjusted"
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(metric, forKey: .metric)
            try container.encode(a, forKey: .a)
            try container.encode(b, forKey: .b)
            try container.encode(difference, forKey: .difference)
            try container.encode(ciLow, forKey: .ciLow)
            try container.encode(ciHigh, forKey: .ciHigh)
            try container.encode(pValue, forKey: .pValue)
            try container.encode(pAdjusted, forKey: .pAdjusted)
            try container.encode(detectable, forKey: .detectable)
            try container.encode(test, forKey: .test)
            try container.encode(n, forKey: .n)
            try container.encode(flips, forKey: .flips)
        }
    }

    package struct GateOutcome: Codable, Sendable {
        package var text: String
        package var verdict: String
        package var detail: String

        package init(text: String, verdict: String, detail: String) {
            self.text = text
            self.verdict = verdict
            self.detail = detail
        }
    }

    enum CodingKeys: String, CodingKey {
        case schema, suite, status, dataset, arms, scaling, metrics, allocation, judging, problems, failures,
            comparisons, frontier, gates, paid, provenance
        case fields = "by"
        case repeatedRows = "repeated_rows"
        case runID = "run_id"
    }
}

extension RunSummary {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            suite: try container.decode(String.self, forKey: .suite),
            runID: try container.decode(String.self, forKey: .runID),
            status: try container.decode(Status.self, forKey: .status),
            dataset: try container.decode(Dataset.self, forKey: .dataset),
            arms: try container.decode([Arm].self, forKey: .arms),
            comparisons: try container.decode([Comparison].self, forKey: .comparisons),
            gates: try container.decode([GateOutcome].self, forKey: .gates),
            paid: try container.decode(Usage.self, forKey: .paid),
            provenance: try container.decode([String: String].self, forKey: .provenance))
        schema = try container.decode(String.self, forKey: .schema)
        scaling = try container.decode([Scaling].self, forKey: .scaling)
        // Summaries from before it was written get it from their arms.
        metrics = try container.decodeIfPresent([String: Metric].self, forKey: .metrics) ?? [:]
        allocation = try container.decodeIfPresent(Allocation.self, forKey: .allocation)
        judging = try container.decodeIfPresent(Judging.self, forKey: .judging)
        problems = try container.decodeIfPresent([String].self, forKey: .problems) ?? []
        failures = try container.decodeIfPresent(Failures.self, forKey: .failures)
        fields = try container.decodeIfPresent([FieldResults].self, forKey: .fields) ?? []
        repeatedRows = try container.decodeIfPresent(RepeatedRows.self, forKey: .repeatedRows)
        frontier = try container.decodeIfPresent([CostFrontier].self, forKey: .frontier) ?? frontier
    }
}
