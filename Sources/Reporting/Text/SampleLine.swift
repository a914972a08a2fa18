internal import Completions
internal import Foundation
internal import Journal

/// One line of `samples.jsonl`: a session with everything it drew.
struct SampleLine: Encodable {
    let record: SessionRecord
    let item: JournalItem
    let arm: RunDescription.Arm
    let level: RunDescription.Level?

    enum CodingKeys: String, CodingKey {
        case item, arm, level, answer, target, extracted, score, finish, confidence, usage, requests, error, candidates, notes
        case repeatIndex = "repeat"
        case strictScore = "score_strict"
        case extractionStage = "extraction_stage"
        case stopReason = "stop_reason"
        case criticalPath = "critical_path_s"
        case firstToken = "ttft_s"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(item.id, forKey: .item)
        try container.encode(arm.id, forKey: .arm)
        try container.encode(level.flatMap { $0.levelJSON.isEmpty ? nil : JSONValue(parsing: $0.levelJSON) }, forKey: .level)
        try container.encode(record.key.repeatIndex, forKey: .repeatIndex)
        try container.encode(record.answer, forKey: .answer)
        try container.encode(item.target, forKey: .target)
        try container.encode(record.extracted, forKey: .extracted)
        try container.encode(record.score, forKey: .score)
        try container.encode(record.strictScore, forKey: .strictScore)
        try container.encode(record.error == nil ? record.stage : nil, forKey: .extractionStage)
        try container.encode(record.finish.rawValue, forKey: .finish)
        try container.encode(record.stopReason, forKey: .stopReason)
        try container.encode(record.confidence, forKey: .confidence)
        try container.encode(RunSummary.Usage(tokens: record.usage, usd: record.usd), forKey: .usage)
        try container.encode(record.criticalPathSeconds, forKey: .criticalPath)
        try container.encode(record.firstTokenSeconds, forKey: .firstToken)
        try container.encode(record.draws, forKey: .requests)
        try container.encode(record.error, forKey: .error)
        if !record.log.candidates.isEmpty { try container.encode(record.log.candidates, forKey: .candidates) }
        if !record.log.notes.isEmpty { try container.encode(record.log.notes, forKey: .notes) }
    }
}
