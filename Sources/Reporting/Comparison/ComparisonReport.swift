internal import Foundation
package import Measurement

/// `evalh compare`'s result, schema `evalh.comparison/1`. Keys are only ever added.
package struct ComparisonReport: Sendable {
    package static let schemaID = "evalh.comparison/1"

    /// One of the two runs or baselines.
    package struct Side: Encodable, Sendable {
        /// The path it was read from.
        package var source: String
        package var suite: String
        package var runID: String
        package var created: String
        package var dataset: RunSummary.Dataset

        package init(_ run: ComparedRun, source: String) {
            self.source = source
            suite = run.suite
            runID = run.runID
            created = run.created
            dataset = run.dataset
        }

        enum CodingKeys: String, CodingKey {
            case source, suite, created, dataset
            case runID = "run_id"
        }
    }

    package var metric: ComparedMetric
    package var margin: Double?
    package var a: Side
    package var b: Side
    /// What a difference may also come from, and what could not be compared.
    package var warnings: [String]
    package var comparisons: [PairedComparison]
    /// Ids listed of each kind; counts are always whole.
    package var listed: Int

    package init(
        metric: ComparedMetric, margin: Double?, a: Side, b: Side, warnings: [String], comparisons: [PairedComparison],
        listed: Int = 20
    ) {
        self.metric = metric
        self.margin = margin
        self.a = a
        self.b = b
        self.warnings = warnings
        self.comparisons = comparisons
        self.listed = max(0, listed)
    }
}

extension ComparisonReport: Encodable {
    enum CodingKeys: String, CodingKey { case schema, metric, margin, a, b, warnings, comparisons }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(Self.schemaID, forKey: .schema)
        try container.encode(metric, forKey: .metric)
        try container.encode(margin, forKey: .margin)
        try container.encode(a, forKey: .a)
        try container.encode(b, forKey: .b)
        try container.encode(warnings, forKey: .warnings)
        try container.encode(comparisons.map { ComparisonJSON($0, listed: listed) }, forKey: .comparisons)
    }
}

/// A comparison as JSON has it: the keys of `summary.json`'s comparisons, and more.
struct ComparisonJSON: Encodable {
    private let comparison: PairedComparison
    private let listed: Int

    init(_ comparison: PairedComparison, listed: Int) {
        self.comparison = comparison
        self.listed = listed
    }

    enum CodingKeys: String, CodingKey {
        case metric, a, b, difference, stderr, method, test, n, detectable, flips, margin
        case meanA = "mean_a"
        case meanB = "mean_b"
        case ciLow = "ci_low"
        case ciHigh = "ci_high"
        case pValue = "p_value"
        case pAdjusted = "p_adjusted"
        case onlyInA = "only_in_a"
        case onlyInB = "only_in_b"
    }

    private struct Flips: Encodable {
        var aOnly: Int
        var bOnly: Int
        var items: [Flip]

        enum CodingKeys: String, CodingKey {
            case items
            case aOnly = "a_only"
            case bOnly = "b_only"
        }
    }

    private struct Flip: Encodable {
        var item: String
        var a: Double
        var b: Double
    }

    private struct Items: Encodable {
        var count: Int
        var items: [String]
    }

    private struct Margin: Encodable {
        var test: PairedComparison.MarginTest

        enum CodingKeys: String, CodingKey {
            case margin, verdict
            case pNonInferior = "p_non_inferior"
            case pInferior = "p_inferior"
            case pInferiorAdjusted = "p_inferior_adjusted"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(test.margin, forKey: .margin)
            try container.encode(test.verdict, forKey: .verdict)
            try container.encode(test.pNonInferior.map(tidy), forKey: .pNonInferior)
            try container.encode(test.pInferior.map(tidy), forKey: .pInferior)
            try container.encode(test.pInferiorAdjusted.map(tidy), forKey: .pInferiorAdjusted)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let difference = comparison.difference
        try container.encode(comparison.metric, forKey: .metric)
        try container.encode(comparison.a, forKey: .a)
        try container.encode(comparison.b, forKey: .b)
        try container.encode(tidy(comparison.meanA), forKey: .meanA)
        try container.encode(tidy(comparison.meanB), forKey: .meanB)
        try container.encode(tidy(difference.value), forKey: .difference)
        try container.encode(difference.ciLow.map(tidy), forKey: .ciLow)
        try container.encode(difference.ciHigh.map(tidy), forKey: .ciHigh)
        try container.encode(difference.stderr.map(tidy), forKey: .stderr)
        try container.encode(difference.method, forKey: .method)
        try container.encode(difference.n, forKey: .n)
        try container.encode(comparison.pValue.map(tidy), forKey: .pValue)
        try container.encode(comparison.pAdjusted.map(tidy), forKey: .pAdjusted)
        try container.encode(comparison.test, forKey: .test)
        try container.encode(comparison.detectable.map(tidy), forKey: .detectable)
        try container.encode(comparison.marginTest.map(Margin.init), forKey: .margin)
        try container.encode(
            Flips(
                aOnly: comparison.aOnly.count, bOnly: comparison.bOnly.count,
                items: (comparison.aOnly.prefix(listed) + comparison.bOnly.prefix(listed)).map {
                    Flip(item: $0.item, a: tidy($0.a), b: tidy($0.b))
                }),
            forKey: .flips)
        try container.encode(items(comparison.onlyInA), forKey: .onlyInA)
        try container.encode(items(comparison.onlyInB), forKey: .onlyInB)
    }

    private func items(_ ids: [String]) -> Items { Items(count: ids.count, items: Array(ids.prefix(listed))) }
}

/// Nine digits that count: the same text on every machine, whose mathematical libraries differ in the last.
private func tidy(_ value: Double) -> Double { Double(String(format: "%.9g", value)) ?? value }
