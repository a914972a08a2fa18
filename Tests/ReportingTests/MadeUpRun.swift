import Completions
import Journal
import Measurement

@testable import Reporting

/// A run of arms without levels, whose sessions are made up one by one.
struct MadeUpRun {
    var arms = ["a", "b"]
    var items = 10
    var repeats = 1
    var gates: [String] = []
    var fields: [String] = []
    var repeated = RepeatedQuestions()
    /// `nil`: the session failed.
    var score: (_ item: Int, _ arm: Int, _ repeatIndex: Int) -> Double?
    var fieldsJSON: (Int) -> String = { _ in "{}" }

    var description: RunDescription {
        RunDescription(
            suite: "s", runID: "r", datasetName: "d", datasetDigest: "0", itemCount: items, repeats: repeats,
            sessionsPlanned: items * arms.count * repeats,
            arms: arms.map {
                .init(
                    id: $0, strategy: "s", model: "m",
                    levels: [.init(index: -1, parametersJSON: "{}", levelJSON: "")])
            }, gates: gates, provenance: [:], fields: fields, repeated: repeated)
    }

    func sessions(_ item: Int) -> [SessionRecord] {
        arms.indices.flatMap { arm in
            (0..<repeats).map { repeatIndex in
                let score = score(item, arm, repeatIndex)
                return SessionRecord(
                    key: .init(item: item, arm: arm, level: -1, repeatIndex: repeatIndex), answer: "a",
                    extracted: "a", stage: "boxed", score: score, strictScore: nil, finish: .stop, stopReason: "done",
                    confidence: nil,
                    error: score == nil ? SessionError(kind: .model(.timeout), message: "no answer in 30 s") : nil,
                    measure: .init(criticalPathSeconds: 1, samples: 1), draws: [], log: .init())
            }
        }
    }

    func summary() -> RunSummary {
        var builder = SummaryBuilder(description)
        for item in 0..<items {
            for session in sessions(item) { builder.add(session, fieldsJSON: fieldsJSON(item)) }
        }
        return builder.finish(paid: PaidTotals())
    }
}
