import Completions
import Foundation
import Journal

@testable import Reporting

/// A run made up for the page: scores, draws and texts that can be told from an item's number, some of them hostile.
struct PageFixture {
    static let levels = [1, 2, 4, 8, 16]
    static let hostileAnswers = [
        "</script><script>window.owned=1;document.title='owned'</script><!-- <img src=x onerror=\"window.owned=1\">",
        "bidi \u{202E}gnp.exe\u{202C} bell \u{7} escape \u{1B}[31m zero\u{200B}width \u{2028} line",
        String(repeating: "x", count: 1 << 20),
        "]]> ${1+1} {{7*7}} \\u003cscript> &lt;b&gt; \u{FFFD}\u{D7FF} javascript:window.owned=1",
    ]

    let items: Int
    var answerWords = 60

    var description: RunDescription {
        let none = [RunDescription.Level(index: -1, parametersJSON: "{}", levelJSON: "")]
        let levels = Self.levels.enumerated().map {
            RunDescription.Level(
                index: $0.offset, parametersJSON: "{\"samples\":\($0.element)}",
                levelJSON: "{\"samples\":\($0.element)}")
        }
        return RunDescription(
            suite: "gsm8k <b>at night</b>", runID: "20261124-0302-fixture", datasetName: "gsm8k", datasetDigest: "0",
            itemCount: items,
            repeats: 1, sessionsPlanned: items * 8,
            arms: [
                .init(id: "greedy", strategy: "greedy", model: "qwen2.5-1.5b", levels: none),
                .init(id: "sc", strategy: "self-consistency", model: "qwen2.5-1.5b", levels: levels),
                .init(id: "peek", strategy: "best-sample", model: "qwen2.5-1.5b", levels: none, isOracle: true),
                .init(id: ReportFixture.hostile, strategy: "greedy", model: "qwen2.5-1.5b", levels: none),
            ], gates: ["accuracy(sc@16) > accuracy(greedy)", "truncated_rate(greedy) < 0.02"],
            provenance: ["evalh": "0.1.0", "suite": "</td><script>1</script>"])
    }

    /// The page's rows by the names it shows.
    static let rowNames = ["greedy"] + levels.map { "sc samples=\($0)" } + ["peek (oracle)", ReportFixture.hostile]
    static let fourSamples = 3

    /// 0 ..< 1, the same on every run.
    private func chance(_ values: Int...) -> Double {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        for value in values {
            state = (state ^ UInt64(bitPattern: Int64(value))) &* 0xBF58_476D_1CE4_E5B9
            state ^= state >> 29
        }
        return Double(state >> 11) / Double(1 << 53)
    }

    func isRight(_ item: Int, _ row: Int) -> Bool {
        let skill = [0.55, 0.55, 0.57, 0.63, 0.68, 0.71, 0.9, 0.4][row]
        return chance(item) * 0.75 + chance(item, row, 1) * 0.25 < skill
    }

    func hasFailed(_ item: Int, _ row: Int) -> Bool { row == 0 && item % 50 == 49 }

    func item(_ ordinal: Int) -> JournalItem {
        var input =
            "A baker sells \(ordinal + 12) loaves a day at \(ordinal % 7 + 2) dollars each. How much is earned in "
            + "\(ordinal % 5 + 3) days?"
        if ordinal == 1 { input = "<style>*{display:none}</style></script>\u{202E} \(input)" }
        let id = String(format: "item-%05d", ordinal) + (ordinal == 4 ? "<b onclick=x>\u{202E}" : "")
        return JournalItem(ordinal: ordinal, id: id, input: input, target: "\(ordinal * 3)", fieldsJSON: "{}")
    }

    private func answer(_ item: Int, _ row: Int) -> String {
        if item < Self.hostileAnswers.count, row == 7 { return Self.hostileAnswers[item] }
        let words = [
            "first", "we", "multiply", "the", "loaves", "by", "price", "and", "then", "days", "so", "that", "gives",
            "carry", "total",
        ]
        var text = "Let me think step by step."
        for place in 0..<answerWords {
            let pick = chance(item, row, place, 7)
            text +=
                " " + words[Int(pick * Double(words.count))]
                + (pick * 977 - (pick * 977).rounded(.down) < 0.2 ? " \(Int(pick * 9999))" : "")
        }
        if item == 5, row == 2 { text += " needle-7c1 " }
        return text + "\n\nThe answer is \\boxed{\(isRight(item, row) ? item * 3 : item * 3 + 1)}."
    }

    func record(_ item: Int, _ row: Int) -> SessionRecord {
        let samples = row == 0 || row == 7 ? 1 : row == 6 ? 16 : Self.levels[row - 1]
        let draws = (0..<samples).map { sample -> SessionDraw in
            let tokens = 80 + Int(chance(item, sample, 3) * 300)
            let isLast = sample == samples - 1
            let finish: FinishReason =
                samples >= 4 && isLast
                ? .cancelled : chance(item, sample, 4) < 0.03 || (samples == 4 && sample == 1) ? .length : .stop
            return SessionDraw(
                request: "00ff", model: "qwen2.5-1.5b", sample: sample, finish: finish, promptTokens: 131,
                completionTokens: tokens,
                seconds: Double(tokens) / 110, cancelledAt: finish == .cancelled ? tokens : nil,
                askedAt: Double(sample / 4) * 2.1)
        }
        let tokens = draws.reduce(0) { $0 + $1.completionTokens }
        let score: Double? = hasFailed(item, row) ? nil : isRight(item, row) ? 1 : 0
        let arm = row == 0 ? 0 : row <= 5 ? 1 : row - 4
        let isCutOff = samples == 1 && draws[0].finish == .length
        return SessionRecord(
            key: .init(item: item, arm: arm, level: arm == 1 ? row - 1 : -1, repeatIndex: 0),
            answer: score == nil ? nil : answer(item, row),
            extracted: score == nil ? nil : "\(item * 3 + (isRight(item, row) ? 0 : 1))",
            stage: score == nil ? "none" : item % 5 == 0 ? "last_number" : "boxed",
            score: score, strictScore: score == 1 && item % 20 == 5 ? 0 : score, finish: isCutOff ? .length : .stop,
            stopReason: samples == 1 ? "done" : item % 3 == 0 ? "majority <reached>" : "budget",
            confidence: chance(item, row, 9),
            error: score == nil
                ? SessionError(kind: .model(.timeout), message: "no token for 60 s <i>from</i> the server") : nil,
            measure: SessionMeasure(
                usage: TokenUsage(requests: samples, promptTokens: 131 * samples, completionTokens: tokens),
                usd: Double(tokens) * 6e-7,
                criticalPathSeconds: draws.map { $0.askedAt + $0.seconds }.max() ?? 0, firstTokenSeconds: 0.06,
                samples: draws.count, cutOffSamples: draws.count { $0.finish == .length }),
            draws: draws,
            log: samples == 4
                ? SessionLog(
                    candidates: [
                        .init(candidate: "\(item * 3)", weight: 3, evidence: "3 votes"),
                        .init(candidate: "<b>1</b>", weight: 1, evidence: ""),
                    ],
                    notes: [["vote", "3 of 4 agree"]]) : SessionLog())
    }

    /// Writes the page as a run does, with values of metrics as plugins give them.
    /// - Returns: the page's path.
    @discardableResult
    func write(_ folder: URL) throws -> String {
        let path = folder.appendingPathComponent("report.html").path
        var builder = SummaryBuilder(description)
        let page = try PageWriter(path, description, sessions: items * Self.rowNames.count)
        for ordinal in 0..<items {
            let item = item(ordinal)
            for row in Self.rowNames.indices {
                let record = record(ordinal, row)
                builder.add(record)
                try page.add(record, item)
            }
        }
        var summary = builder.finish(
            paid: PaidTotals(
                usage: .init(requests: items * 16, promptTokens: 131 * items, completionTokens: 3000 * items), usd: 1.84
            ))
        let fixture = try ReportFixture.summary()
        summary.scaling = fixture.scaling
        for index in [0, 5] {
            for name in ["ece", "aurc"] { summary.arms[index].metrics[name] = fixture.arms[index].metrics[name] }
        }
        try page.finish(summary)
        return path
    }
}
