internal import Completions
internal import JSON
internal import Journal
internal import Reporting

/// A session as a sample of an Inspect log: repeats are epochs, a failed session is a sample with an error and without
/// a score.
struct InspectSample {
    /// The scorer's name; of the strict score it is `grader_strict`.
    static let scorer = "grader"
    /// Inspect shortens texts of summaries to about this many characters.
    private static let summaryText = 1000

    private let session: ExportedSession
    private let run: ExportedRun
    private var record: SessionRecord { session.record }
    private var item: JournalItem { session.item.item }

    init(_ session: ExportedSession, _ run: ExportedRun) {
        self.session = session
        self.run = run
    }

    /// An unfinished thought is a message without a text.
    private var hasMessage: Bool { record.answer != nil || record.reasoning != nil }

    private var epoch: Int { record.key.repeatIndex + 1 }

    var memberName: String { "samples/\(session.item.sampleID)_epoch_\(epoch).json" }

    /// The whole sample.
    var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("id", session.item.sampleID)
            json.field("epoch", epoch)
            json.field("input", item.input)
            json.field("target", item.target)
            json.field("messages") { json in
                json.array { json in
                    json.object {
                        $0.field("role", "user")
                        $0.field("content", item.input)
                        $0.field("source", "input")
                    }
                    if hasMessage { Self.message(record.answer ?? "", reasoning: record.reasoning, &json) }
                }
            }
            json.field("output") { output(&$0) }
            scores(&json, textLimit: nil)
            json.field("metadata") { json in
                json.object { json in
                    extras(&json, isSummary: false)
                    json.field("fields") { $0.add(json: session.item.fieldsJSON) }
                }
            }
            json.field("store") { $0.object { _ in } }
            json.field("events") { InspectEvents(session, run).write(&$0) }
            common(&json)
            if let error = record.error {
                json.field("error") {
                    $0.object {
                        $0.field("message", "\(error.kind.rawValue): \(error.message)")
                        $0.field("traceback", "")
                        $0.field("traceback_ansi", "")
                    }
                }
            }
            json.field("attachments") { $0.object { _ in } }
        }
        return json.bytes
    }

    /// Its entry among the summaries.
    var summary: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("id", session.item.sampleID)
            json.field("epoch", epoch)
            json.field("input", Self.short(item.input, Self.summaryText))
            json.field("target", Self.short(item.target, Self.summaryText))
            json.field("metadata") { json in json.object { extras(&$0, isSummary: true) } }
            scores(&json, textLimit: Self.summaryText)
            common(&json)
            if let error = record.error {
                json.field("error", Self.short("\(error.kind.rawValue): \(error.message)", Self.summaryText))
            }
            json.field("completed", true)
            json.field("message_count", hasMessage ? 2 : 1)
        }
        return json.bytes
    }

    static func message(_ text: String, reasoning: String? = nil, _ json: inout JSONWriter) {
        json.object { json in
            json.field("role", "assistant")
            if let reasoning {
                json.array("content") { json in
                    json.object {
                        $0.field("type", "reasoning")
                        $0.field("reasoning", reasoning)
                    }
                    json.object {
                        $0.field("type", "text")
                        $0.field("text", text)
                    }
                }
            } else {
                json.field("content", text)
            }
            json.field("source", "generate")
        }
    }

    static func stopReason(_ finish: FinishReason) -> String {
        switch finish {
        case .stop: "stop"
        case .length: "max_tokens"
        case .filter: "content_filter"
        case .cancelled, .other: "unknown"
        }
    }

    private func output(_ json: inout JSONWriter) {
        json.object { json in
            json.field("model", session.row.arm.model)
            json.field("choices") { json in
                json.array { json in
                    guard hasMessage else { return }
                    json.object { json in
                        json.field("message") {
                            Self.message(record.answer ?? "", reasoning: record.reasoning, &$0)
                        }
                        json.field("stop_reason", Self.stopReason(record.finish))
                    }
                }
            }
            json.field("completion", record.answer ?? "")
            json.field("usage") { InspectUsage.write(record.measure.usage, record.measure.usd, &$0) }
            json.field("time", record.measure.criticalPathSeconds)
        }
    }

    private func scores(_ json: inout JSONWriter, textLimit: Int?) {
        guard record.error == nil, let score = record.score else { return }
        json.field("scores") { json in
            json.object { json in
                for (name, value) in [(Self.scorer, score), (Self.scorer + "_strict", record.strictScore)] {
                    guard let value else { continue }
                    json.field(name) { json in
                        json.object { json in
                            json.field("value", value)
                            json.field(
                                "answer",
                                textLimit.map { limit in record.extracted.map { Self.short($0, limit) } }
                                    ?? record.extracted)
                            json.field("explanation", "found by \(record.stage)")
                        }
                    }
                }
            }
        }
    }

    private func extras(_ json: inout JSONWriter, isSummary: Bool) {
        json.field("evalh") { json in
            json.object { json in
                json.field("item", isSummary ? Self.short(item.id, 200) : item.id)
                json.field("finish", record.finish.rawValue)
                json.field("stop_reason", record.stopReason)
                json.field("extraction_stage", record.error == nil ? record.stage : nil)
                json.field("confidence", record.confidence)
                for field in InspectUsage.others { json.field("\(field.name)", field.value(record.measure)) }
                for field in SessionField.modelled {
                    if let value = field.value(record.measure) { json.field("\(field.name)", value) }
                }
                if let error = record.error { json.field("error_kind", error.kind.rawValue) }
                guard !isSummary else { return }
                json.field("candidates") { json in
                    json.array { json in
                        for candidate in record.log.candidates {
                            json.object {
                                $0.field("candidate", candidate.candidate)
                                $0.field("weight", candidate.weight)
                                $0.field("evidence", candidate.evidence)
                            }
                        }
                    }
                }
                json.field("notes") { json in
                    json.array { json in
                        for note in record.log.notes { json.array { for text in note { $0.add(text) } } }
                    }
                }
            }
        }
    }

    private func common(_ json: inout JSONWriter) {
        json.field("model_usage") { json in
            json.object {
                $0.field(session.row.arm.model) { InspectUsage.write(record.measure.usage, record.measure.usd, &$0) }
            }
        }
        json.field("total_time", record.measure.criticalPathSeconds)
        json.field("working_time", record.measure.criticalPathSeconds)
        json.field("uuid", "\(run.description.runID)-\(session.row.index)-\(record.key.item)-\(record.key.repeatIndex)")
    }

    private static func short(_ text: String, _ limit: Int) -> String {
        guard text.utf8.count > limit,
            let end = text.unicodeScalars.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex),
            end < text.endIndex
        else { return text }
        return String(text[..<end]) + "..."
    }
}
