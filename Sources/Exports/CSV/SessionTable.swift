internal import Completions
internal import Journal

/// `sessions.csv`: one record a session, by item, arm, level and repeat.
final class SessionTable {
    static let header = [
        "item", "arm", "level", "repeat", "score", "score_strict", "extraction_stage", "extracted", "finish",
        "stop_reason", "confidence",
        "requests", "prompt_tokens", "cached_prompt_tokens", "completion_tokens", "reasoning_tokens",
        "cancelled_tokens", "usd",
        "critical_path_s", "ttft_s", "samples", "cut_off_samples", "error_kind", "error_message",
    ]

    private let path: String
    private let file: OutputFile

    init(_ path: String) throws {
        self.path = path
        file = try OutputFile(path)
        var line = CSVLine()
        for name in Self.header { line.add(name) }
        try file.write(line.end())
    }

    func add(_ session: ExportedSession) throws {
        let record = session.record
        var line = CSVLine()
        line.add(session.item.item.id)
        line.add(session.row.arm.id)
        line.add(session.row.level.label)
        line.add(record.key.repeatIndex)
        line.add(record.score)
        line.add(record.strictScore)
        line.add(record.error == nil ? record.stage : nil)
        line.add(record.extracted)
        line.add(record.finish.rawValue)
        line.add(record.stopReason)
        line.add(record.confidence)
        line.add(record.usage)
        line.add(record.usd)
        line.add(record.criticalPathSeconds)
        line.add(record.firstTokenSeconds)
        line.add(record.samples)
        line.add(record.cutOffSamples)
        line.add(record.error?.kind)
        line.add(record.error?.message)
        try file.write(line.end())
    }

    func finish() throws -> String {
        try file.finish()
        return path
    }
}

extension CSVLine {
    /// Six cells, in the order of the header.
    mutating func add(_ usage: TokenUsage) {
        for count in [
            usage.requests, usage.promptTokens, usage.cachedPromptTokens, usage.completionTokens, usage.reasoningTokens,
            usage.cancelledTokens,
        ] { add(count) }
    }
}
