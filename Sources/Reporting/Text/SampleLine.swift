internal import Completions
internal import Journal

/// One line of `samples.jsonl`: a session with everything it drew.
struct SampleLine {
    let record: SessionRecord
    let item: JournalItem
    let arm: RunDescription.Arm
    let level: RunDescription.Level?

    func write(to writer: inout JSONLineWriter) throws {
        writer.reset()
        writer.open()
        writer.field("item", item.id)
        writer.field("arm", arm.id)
        writer.field("level", json: level.flatMap { $0.levelJSON.isEmpty ? nil : $0.levelJSON } ?? "null")
        writer.field("repeat", record.key.repeatIndex)
        writer.field("answer", record.answer)
        writer.field("target", item.target)
        writer.field("extracted", record.extracted)
        writer.field("score", record.score)
        writer.field("score_strict", record.strictScore)
        writer.field("extraction_stage", record.error == nil ? record.stage : nil)
        writer.field("finish", record.finish.rawValue)
        writer.field("stop_reason", record.stopReason)
        writer.field("confidence", record.confidence)
        usage(record.usage, to: &writer)
        writer.field("critical_path_s", record.criticalPathSeconds)
        writer.field("ttft_s", record.firstTokenSeconds)
        writer.field("eflops", record.eflops)
        writer.field("requests", json: try record.drawsJSON)
        error(to: &writer)
        if let log = try record.logJSON { writer.members(ofObject: log) }
        writer.close()
        writer.endLine()
    }

    private func usage(_ usage: TokenUsage, to writer: inout JSONLineWriter) {
        writer.key("usage")
        writer.open()
        writer.field("requests", usage.requests)
        writer.field("prompt_tokens", usage.promptTokens)
        writer.field("cached_prompt_tokens", usage.cachedPromptTokens)
        writer.field("completion_tokens", usage.completionTokens)
        writer.field("reasoning_tokens", usage.reasoningTokens)
        writer.field("cancelled_tokens", usage.cancelledTokens)
        writer.field("usd", record.usd)
        writer.close()
    }

    private func error(to writer: inout JSONLineWriter) {
        guard let error = record.error else { return writer.field("error", nil as String?) }
        writer.key("error")
        writer.open()
        writer.field("kind", error.kind)
        writer.field("message", error.message)
        writer.close()
    }
}
