import EvalhPluginKit
import EvalhStatistics

/// What the sessions of one level of an arm claimed, and what became of it.
struct Claims {
    private(set) var graded = GradedConfidences()
    private var errors = 0
    private var without = 0
    private var outside = 0

    mutating func add(_ row: SessionRow) {
        guard let score = row.score else {
            errors += 1
            return
        }
        guard let confidence = row.confidence else {
            without += 1
            return
        }
        guard (0...1).contains(confidence), (0...1).contains(score) else {
            outside += 1
            return
        }
        graded.add(item: row.item, confidence: confidence, score: score)
    }

    /// Why nothing can be told of them; `nil` if something can.
    var refusal: String? {
        guard graded.sessions == 0 else { return nil }
        return outside > 0
            ? "no session claims a confidence from 0 to 1; this metric needs confidences that are chances"
            : "no session claims a confidence; use a strategy that gives one, such as self-consistency"
    }

    /// What was left out.
    var counts: [JSONValue.Member] {
        [
            .init("sessions", .integer(graded.sessions)), .init("sessions_without_confidence", .integer(without)),
            .init("sessions_out_of_range", .integer(outside)), .init("errors", .integer(errors)),
        ]
    }
}

extension MetricValue {
    init(_ name: String, of key: ArmLevel, _ estimate: EvalhStatistics.Estimate, detail: [JSONValue.Member]) {
        self.init(
            name, arm: key.arm, levelIndex: key.levelIndex, value: estimate.value, low: estimate.ciLow,
            high: estimate.ciHigh,
            standardError: estimate.stderr, n: estimate.n, method: estimate.method,
            detailJSON: JSONValue.object(detail).description)
    }
}
