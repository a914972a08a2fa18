internal import Completions
internal import JSON
internal import Journal

/// One line of `samples.jsonl`: a session with everything it drew.
struct SampleLine {
    let record: SessionRecord
    let item: JournalItem
    let row: RunRow

    func write(to json: inout JSONWriter) {
        json.removeAll()
        json.object { json in
            json.field("item", item.id)
            json.field("arm", row.arm.id)
            json.field("level", json: row.hasLevel ? row.level.levelJSON : "null")
            json.field("repeat", record.key.repeatIndex)
            json.field("answer", record.answer)
            json.field("reasoning", record.reasoning)
            json.field("target", item.target)
            json.field("extracted", record.extracted)
            json.field("score", record.score)
            json.field("score_strict", record.strictScore)
            json.field("extraction_stage", record.error == nil ? record.stage : nil)
            json.field("finish", record.finish.rawValue)
            json.field("stop_reason", record.stopReason)
            json.field("confidence", record.confidence)
            json.object("usage") { json in write(SessionField.all.filter(\.isUsage), to: &json) }
            write(SessionField.all.filter { !$0.isUsage }, to: &json)
            if record.measure.serviceCalls > 0 { json.field("service_calls", record.measure.serviceCalls) }
            if !record.measure.numbers.isEmpty {
                json.object("numbers") { json in
                    for (name, value) in record.measure.numbers.sorted(by: { $0.key < $1.key }) {
                        json.field(name, value)
                    }
                }
            }
            json.field("requests", json: record.drawsJSON)
            if let judgement = record.judgement, let text = try? JSONValue(encoding: judgement) {
                json.field("judgement", json: text.sorted.canonicalText)
            }
            error(to: &json)
            if let log = record.logJSON { json.members(ofObject: log) }
        }
        json.endLine()
    }

    private func write(_ fields: [SessionField], to json: inout JSONWriter) {
        for field in fields { json.field(field.name, field.value(record.measure)) }
    }

    private func error(to json: inout JSONWriter) {
        guard let error = record.error else { return json.field("error", nil as String?) }
        json.object("error") { json in
            json.field("kind", error.kind.rawValue)
            json.field("message", error.message)
        }
    }
}
