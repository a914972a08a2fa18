internal import Completions
internal import JSON

/// The JSON of draws and logs: keys in alphabetical order, what is absent left out.
extension [SessionDraw]: JournalText {
    func write(to json: inout JSONWriter) {
        json.array { json in for draw in self { draw.write(to: &json) } }
    }

    init(reading json: inout JSONReader) throws(JSONError) {
        var draws: [SessionDraw] = []
        let isArray = try json.array { (json) throws(JSONError) in draws.append(try SessionDraw(reading: &json)) }
        guard isArray else { throw json.error("the draws of a session are a list") }
        self = draws
    }
}

extension SessionDraw {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.field("asked_at", askedAt)
            if let cancelledAt { json.field("cancelled_at", cancelledAt) }
            json.field("completion_tokens", completionTokens)
            json.field("finish", finish.rawValue)
            json.field("model", model)
            json.field("prompt_tokens", promptTokens)
            json.field("request", request)
            json.field("sample", sample)
            json.field("seconds", seconds)
        }
    }

    fileprivate init(reading json: inout JSONReader) throws(JSONError) {
        var draw = SessionDraw(
            request: "", model: "", sample: 0, finish: .other, promptTokens: 0, completionTokens: 0, seconds: 0,
            cancelledAt: nil, askedAt: 0)
        let isObject = try json.object { (json, key) throws(JSONError) in
            switch key {
            case "asked_at": draw.askedAt = try json.double() ?? 0
            case "cancelled_at": draw.cancelledAt = try json.int()
            case "completion_tokens": draw.completionTokens = try json.int() ?? 0
            case "finish": draw.finish = FinishReason(rawValue: try json.string() ?? "") ?? .other
            case "model": draw.model = try json.string() ?? ""
            case "prompt_tokens": draw.promptTokens = try json.int() ?? 0
            case "request": draw.request = try json.string() ?? ""
            case "sample": draw.sample = try json.int() ?? 0
            case "seconds": draw.seconds = try json.double() ?? 0
            default: try json.skip()
            }
        }
        guard isObject else { throw json.error("a draw is an object") }
        self = draw
    }
}

extension SessionLog: JournalText {
    func write(to json: inout JSONWriter) {
        json.object { json in
            json.array("candidates") { json in
                for candidate in candidates {
                    json.object { json in
                        json.field("candidate", candidate.candidate)
                        json.field("evidence", candidate.evidence)
                        json.field("weight", candidate.weight)
                    }
                }
            }
            if !debug.isEmpty { json.array("debug") { json in for line in debug { json.add(line) } } }
            json.array("notes") { json in
                for note in notes { json.array { json in for part in note { json.add(part) } } }
            }
        }
    }

    init(reading json: inout JSONReader) throws(JSONError) {
        var log = SessionLog()
        let isObject = try json.object { (json, key) throws(JSONError) in
            switch key {
            case "candidates":
                try json.array { (json) throws(JSONError) in log.candidates.append(try Candidate(reading: &json)) }
            case "debug": try json.array { (json) throws(JSONError) in log.debug.append(try json.string() ?? "") }
            case "notes":
                try json.array { (json) throws(JSONError) in
                    var note: [String] = []
                    try json.array { (json) throws(JSONError) in note.append(try json.string() ?? "") }
                    log.notes.append(note)
                }
            default: try json.skip()
            }
        }
        guard isObject else { throw json.error("the log of a session is an object") }
        self = log
    }
}

extension SessionLog.Candidate {
    fileprivate init(reading json: inout JSONReader) throws(JSONError) {
        var candidate = SessionLog.Candidate(candidate: "", weight: 0, evidence: "")
        try json.object { (json, key) throws(JSONError) in
            switch key {
            case "candidate": candidate.candidate = try json.string() ?? ""
            case "evidence": candidate.evidence = try json.string() ?? ""
            case "weight": candidate.weight = try json.double() ?? 0
            default: try json.skip()
            }
        }
        self = candidate
    }
}
