internal import Completions
internal import Journal

/// One line of `samples.jsonl`: a session with everything it drew.
struct SampleLine {
    let record: SessionRecord
    let item: JournalItem
    let row: RunRow

    func write(to writer: inout JSONLineWriter) throws {
        writer.reset()
        writer.open()
        writer.field("item", item.id)
        writer.field("arm", row.arm.id)
        writer.field("level", json: row.hasLevel ? row.level.levelJSON : "null")
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
        writer.key("usage")
        writer.open()
        for field in SessionField.all where field.isUsage { writer.field(field.name, field.value(record.measure)) }
        writer.close()
        for field in SessionField.all where !field.isUsage { writer.field(field.name, field.value(record.measure)) }
        writer.field("requests", json: record.drawsJSON)
        error(to: &writer)
        if let log = record.logJSON { writer.members(ofObject: log) }
        writer.close()
        writer.endLine()
    }

    private func error(to writer: inout JSONLineWriter) {
        guard let error = record.error else { return writer.field("error", nil as String?) }
        writer.key("error")
        writer.open()
        writer.field("kind", error.kind.rawValue)
        writer.field("message", error.message)
        writer.close()
    }
}
