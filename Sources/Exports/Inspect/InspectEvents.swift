internal import Completions
internal import JSON
internal import Journal

/// A session's draws as Inspect's `model` events, in the order of asking, and its grade as a `score` event. Draws name
/// what they drew from by the beginning of the request's key; prompts and texts stay in the journal.
struct InspectEvents {
    /// More draws of one session than these are left out; their number stands in the sample's metadata.
    static let maxDraws = 1000

    private let session: ExportedSession
    private let run: ExportedRun

    init(_ session: ExportedSession, _ run: ExportedRun) {
        self.session = session
        self.run = run
    }

    func write(_ json: inout JSONWriter) {
        json.array { json in
            for (index, draw) in session.record.draws.prefix(Self.maxDraws).enumerated() { model(draw, index, &json) }
            if session.record.error == nil, let score = session.record.score { grade(score, &json) }
        }
    }

    private func model(_ draw: SessionDraw, _ index: Int, _ json: inout JSONWriter) {
        let usage = TokenUsage(requests: 1, promptTokens: draw.promptTokens, completionTokens: draw.completionTokens)
        let model = run.model(role: draw.model)
        json.object { json in
            head("draw-\(index)", after: draw.askedAt, &json)
            json.field("metadata") {
                $0.object {
                    $0.field("request", draw.request)
                    $0.field("sample", draw.sample)
                    $0.field("cancelled_at", draw.cancelledAt)
                }
            }
            json.field("event", "model")
            json.field("model", model)
            json.field("role", draw.model)
            json.field("input") { $0.array { _ in } }
            json.field("tools") { $0.array { _ in } }
            json.field("tool_choice", "none")
            json.field("config") { $0.object { _ in } }
            json.field("output") { json in
                json.object { json in
                    json.field("model", model)
                    json.field("choices") { json in
                        json.array { json in
                            json.object { json in
                                json.field("message") { InspectSample.message("", &$0) }
                                json.field("stop_reason", InspectSample.stopReason(draw.finish))
                            }
                        }
                    }
                    json.field("completion", "")
                    json.field("usage") { InspectUsage.write(usage, nil, &$0) }
                    json.field("time", draw.seconds)
                }
            }
            json.field("completed", run.started.iso(after: draw.askedAt + draw.seconds))
            json.field("working_time", draw.seconds)
        }
    }

    private func grade(_ score: Double, _ json: inout JSONWriter) {
        json.object { json in
            head("grade", after: session.record.measure.criticalPathSeconds, &json)
            json.field("event", "score")
            json.field("score") {
                $0.object {
                    $0.field("value", score)
                    $0.field("answer", session.record.extracted)
                }
            }
            json.field("target", session.item.item.target)
            json.field("intermediate", false)
            json.field("scorer", InspectSample.scorer)
        }
    }

    private func head(_ name: String, after seconds: Double, _ json: inout JSONWriter) {
        json.field("uuid", name)
        json.field("timestamp", run.started.iso(after: seconds))
        json.field("working_start", seconds.isFinite ? seconds : 0)
    }
}
