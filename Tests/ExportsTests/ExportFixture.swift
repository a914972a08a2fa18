import Completions
import Foundation
import Journal
import Reporting

@testable import Exports

/// A run with everything that may go wrong on its way into files: three arms, one of them at two levels and one that
/// always fails; two repeats; items whose ids and texts are hostile.
enum ExportFixture {
    static let ids = [
        "plain:0123", "a/b", "../../etc/passwd", "..", "line\nbreak\r\n", "😀 é ünïcode",
        "=HYPERLINK(\"http://x\",\"y\")", "-5",
        "quo\"te, comma",
        "back\\slash", "epoch_1_epoch_2", "\u{202E}gpj.exe", String(repeating: "long", count: 500), "\u{1B}[31m",
        "1_epoch_1/2", " padded ",
    ]

    /// Answers, one an item in turn.
    static let answers = [
        "The answer is 4.", "\\ud800 \\u0000 {\"a\": [1,", "</script><script>alert(1)</script>", "@SUM(A1:A9)|cmd",
        "tab\there\r\nquote \" comma , back \\",
        "\u{FEFF}\u{2028}\u{2029}\u{7F}\u{1}", "日本語のテキスト 👩‍👩‍👧‍👦", "",
    ]

    static let description = RunDescription(
        suite: "hostile", runID: "20261124-014847-19d7", datasetName: "items \"x\"", datasetDigest: "abc",
        itemCount: ids.count, repeats: 2,
        sessionsPlanned: ids.count * 2 * 4,
        arms: [
            .init(
                id: "greedy", strategy: "greedy", model: "org/model:8b",
                levels: [.init(index: -1, parametersJSON: "{}", levelJSON: "")]),
            .init(
                id: "vote", strategy: "self-consistency", model: "org/model:8b",
                levels: [
                    .init(index: 0, parametersJSON: "{\"samples\":2}", levelJSON: "{\"samples\":2}"),
                    .init(index: 1, parametersJSON: "{\"samples\":4}", levelJSON: "{\"samples\":4}"),
                ]),
            .init(
                id: "broken", strategy: "oracle", model: "../..",
                levels: [.init(index: -1, parametersJSON: "{}", levelJSON: "")],
                isOracle: true),
        ],
        gates: [],
        provenance: [
            "started": "2026-11-24T01:48:47Z", "tool": "evalh 0.1.0",
            "model.main": "evalh-model/1;provider=x;model=org/model:8b;served=y",
        ])

    static func temporaryFolder() throws -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("evalh-exports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path
    }

    static func item(_ ordinal: Int) -> JournalItem {
        JournalItem(
            ordinal: ordinal, id: ids[ordinal],
            input: ordinal == 3 ? String(repeating: "long question ", count: 1000) : "Question \(ordinal)?",
            target: "\(ordinal)",
            fieldsJSON:
                "{\"number\":\(ordinal),\"share\":0.25,\"tags\":[],\"text\":\"\\u00e9\\n\\\"\\u2028\",\"truth\":true}")
    }

    /// - Parameter sessions: only the first so many; the run is then incomplete.
    static func journal(in folder: String, sessions limit: Int = .max) throws -> Journal {
        let journal = try Journal(creating: folder + "/journal.sqlite")
        var items = ids.indices.map(item)[...]
        try journal.storeItems { items.popFirst() }
        var batch = JournalBatch()
        for ordinal in ids.indices {
            for (arm, level) in [(0, -1), (1, 0), (1, 1), (2, -1)] {
                for repeatIndex in 0..<2 {
                    batch.sessions.append(
                        session(SessionKey(item: ordinal, arm: arm, level: level, repeatIndex: repeatIndex)))
                }
            }
        }
        batch.sessions = Array(batch.sessions.prefix(limit))
        try journal.write(batch)
        return journal
    }

    static func session(_ key: SessionKey) -> SessionRecord {
        let fails = key.arm == 2 || key.item % 7 == 5 || (key.item == 2 && key.repeatIndex == 1)
        let answer =
            key.item == 0 && key.level == 0
            ? String(repeating: "1 MB \"of\" text\n", count: 70_000) : answers[key.item % answers.count]
        let draws = (0..<(key.level + 2)).map(draw)
        let extracted = key.item % 4 == 3 ? (key.item == 7 ? "-5" : nil) : answer
        let score: Double? = fails ? nil : key.item % 3 == 0 ? 1 : 0.5
        let strictScore: Double? = fails || key.item == 4 ? nil : 0
        let error = SessionError(kind: .model(.timeout), message: "+no answer\n\"within\" 3 s; ]]> \u{1B}[31m")
        let usage = TokenUsage(
            requests: draws.count, promptTokens: 100 * draws.count, cachedPromptTokens: 40,
            completionTokens: 11 * draws.count,
            reasoningTokens: 3, cancelledTokens: 2)
        return SessionRecord(
            key: key, answer: fails ? nil : answer, extracted: fails ? nil : extracted,
            stage: fails ? "none" : "last_number",
            score: score, strictScore: strictScore, finish: key.item % 5 == 1 ? .length : .stop,
            stopReason: "=complete",
            confidence: key.item % 2 == 0 ? 0.75 : nil, error: fails ? error : nil,
            measure: SessionMeasure(
                usage: usage, usd: key.arm == 0 ? nil : 0.001 * Double(key.item), criticalPathSeconds: 1.25,
                firstTokenSeconds: key.arm == 0 ? 0.1 : nil, samples: draws.count,
                cutOffSamples: draws.count { $0.finish == .length }),
            draws: draws,
            log: SessionLog(
                candidates: [.init(candidate: "4", weight: 1, evidence: "\u{1}x")], notes: [["key", "value \u{2028}"]]))
    }

    private static func draw(_ index: Int) -> SessionDraw {
        let finish: FinishReason = index == 1 ? .length : .stop
        return SessionDraw(
            request: "b220fb4dc164d3e3", model: index == 0 ? "main" : "grader", sample: index, finish: finish,
            promptTokens: 100,
            completionTokens: 10 + index, seconds: 1.5, cancelledAt: index == 2 ? 7 : nil, askedAt: 0.5 * Double(index))
    }

    /// Runs a program and gives its exit code and what it wrote.
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> (code: Int32, output: String)
    {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }
}
