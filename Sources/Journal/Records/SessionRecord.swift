package import Completions

/// Names a session within a run. Ordered as the journal streams them: item by item.
package struct SessionKey: Hashable, Comparable, Codable, Sendable {
    /// The item's ordinal.
    package var item: Int
    /// The arm's place in the suite.
    package var arm: Int
    /// The level's place in the arm's list; -1: the arm has none.
    package var level: Int
    package var repeatIndex: Int

    package init(item: Int, arm: Int, level: Int, repeatIndex: Int) {
        self.item = item
        self.arm = arm
        self.level = level
        self.repeatIndex = repeatIndex
    }

    package static func < (a: SessionKey, b: SessionKey) -> Bool {
        (a.item, a.arm, a.level, a.repeatIndex) < (b.item, b.arm, b.level, b.repeatIndex)
    }
}

/// A sample that a session drew, in the order of drawing.
package struct SessionDraw: Hashable, Sendable {
    /// The first eight bytes of the request key in hexadecimal.
    package var request: String
    package var model: String
    package var sample: Int
    package var finish: FinishReason
    package var promptTokens: Int
    package var completionTokens: Int
    package var seconds: Double
    /// Tokens counted when the strategy cancelled it; `nil`: it ran to its end.
    package var cancelledAt: Int?
    /// Logical seconds since the session's start at which it was asked for.
    package var askedAt: Double

    package init(
        request: String, model: String, sample: Int, finish: FinishReason, promptTokens: Int, completionTokens: Int,
        seconds: Double,
        cancelledAt: Int?, askedAt: Double
    ) {
        self.request = request
        self.model = model
        self.sample = sample
        self.finish = finish
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.seconds = seconds
        self.cancelledAt = cancelledAt
        self.askedAt = askedAt
    }
}

/// What a strategy put on record: candidates of a vote and notes.
package struct SessionLog: Hashable, Sendable {
    package struct Candidate: Hashable, Sendable {
        package var candidate: String
        package var weight: Double
        package var evidence: String

        package init(candidate: String, weight: Double, evidence: String) {
            self.candidate = candidate
            self.weight = weight
            self.evidence = evidence
        }
    }

    package var candidates: [Candidate]
    package var notes: [[String]]
    /// Lines for the strategy's author.
    package var debug: [String]

    package init(candidates: [Candidate] = [], notes: [[String]] = [], debug: [String] = []) {
        self.candidates = candidates
        self.notes = notes
        self.debug = debug
    }

    package var isEmpty: Bool { candidates.isEmpty && notes.isEmpty && debug.isEmpty }
}

/// A finished session. Either `score` or `error` is set, or neither: the grader could not tell.
package struct SessionRecord: Hashable, Sendable {
    package var key: SessionKey
    /// Without what the model thought.
    package var answer: String?
    /// What the model thought before it gave the answer, at most `RecordedReasoning.limit` bytes; `nil`: nothing that
    /// it showed.
    package var reasoning: String?
    package var extracted: String?
    /// Which rule of the grader found the answer; "none", "unfinished", "unfinished_thought" or "no_answer" if there is
    /// none.
    package var stage: String
    package var score: Double?
    package var strictScore: Double?
    package var finish: FinishReason
    /// Why the strategy stopped, in its own word.
    package var stopReason: String
    package var confidence: Double?
    package var error: SessionError?
    package var measure: SessionMeasure
    /// What a model said of the answer; `nil`: none was asked.
    package var judgement: Judgement?
    private var storedDraws: StoredJSON<[SessionDraw]>
    private var storedLog: StoredJSON<SessionLog>

    /// Completions one by one; empty where only their number was kept.
    package var draws: [SessionDraw] {
        get { storedDraws.value }
        set { storedDraws = StoredJSON(newValue, fallback: []) }
    }

    package var log: SessionLog {
        get { storedLog.value }
        set { storedLog = StoredJSON(newValue, fallback: SessionLog()) }
    }

    /// The list of `draws` as JSON text, without reading it where it comes from a journal.
    package var drawsJSON: String { storedDraws.json }
    /// The object of `log` as JSON text; `nil`: nothing was put on record.
    package var logJSON: String? { storedLog.isText || !log.isEmpty ? storedLog.json : nil }

    package init(
        key: SessionKey, answer: String?, extracted: String?, stage: String, score: Double?, strictScore: Double?,
        finish: FinishReason, stopReason: String, confidence: Double?, error: SessionError?, measure: SessionMeasure,
        draws: [SessionDraw], log: SessionLog, judgement: Judgement? = nil
    ) {
        self.key = key
        self.answer = answer
        self.extracted = extracted
        self.stage = stage
        self.score = score
        self.strictScore = strictScore
        self.finish = finish
        self.stopReason = stopReason
        self.confidence = confidence
        self.error = error
        self.measure = measure
        self.judgement = judgement
        storedDraws = StoredJSON(draws, fallback: [])
        storedLog = StoredJSON(log, fallback: SessionLog())
    }

    /// - Parameters:
    ///   - drawsText: As `drawsJSON` gave it.
    ///   - logText: As `logJSON` gave it; `nil`: nothing was put on record.
    mutating func restore(drawsText: String, logText: String?) {
        storedDraws = StoredJSON(text: drawsText, fallback: [])
        if let logText { storedLog = StoredJSON(text: logText, fallback: SessionLog()) }
    }
}
