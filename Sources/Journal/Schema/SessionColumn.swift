internal import Completions

/// The table `sessions`.
enum SessionColumn: Int, JournalColumn {
    case item, arm, level, `repeat`
    case answer, reasoning, extracted, stage, score, strictScore, finish, stopReason, confidence, errorKind,
        errorMessage
    case requests, promptTokens, cachedPromptTokens, completionTokens, reasoningTokens, cancelledTokens, work
    case usd, eflops, toldEflops, criticalPathS, ttftS, samples, cutOffSamples, failedSamples
    case serviceCalls, numbers
    case draws, record, judgement

    static let count = allCases.count
    /// Sessions with their items.
    static let select =
        "SELECT \(list()), \(ItemColumn.list()) FROM sessions JOIN items ON items.ordinal = sessions.item"
    /// Sessions without their texts.
    static let selectResults =
        "SELECT \(list(without: [.answer, .reasoning, .stopReason, .errorMessage, .draws, .record, .judgement]))"
        + " FROM sessions"
}

/// The table `items`.
enum ItemColumn: Int, JournalColumn {
    case ordinal, id, input, target, fields

    static let count = allCases.count
    static let select = "SELECT \(list()) FROM items"
}

extension SessionKey {
    init(row: StatementRow) {
        self.init(
            item: row[SessionColumn.item], arm: row[SessionColumn.arm], level: row[SessionColumn.level],
            repeatIndex: row[SessionColumn.repeat])
    }
}

extension SessionMeasure {
    init(row: StatementRow) {
        self.init(
            usage: TokenUsage(
                requests: row[SessionColumn.requests], promptTokens: row[SessionColumn.promptTokens],
                cachedPromptTokens: row[SessionColumn.cachedPromptTokens],
                completionTokens: row[SessionColumn.completionTokens],
                reasoningTokens: row[SessionColumn.reasoningTokens],
                cancelledTokens: row[SessionColumn.cancelledTokens], work: JSONText.work(row[SessionColumn.work])),
            usd: row[SessionColumn.usd], eflops: row[SessionColumn.eflops], toldEflops: row[SessionColumn.toldEflops],
            criticalPathSeconds: row[SessionColumn.criticalPathS], firstTokenSeconds: row[SessionColumn.ttftS],
            samples: row[SessionColumn.samples], cutOffSamples: row[SessionColumn.cutOffSamples],
            failedSamples: row[SessionColumn.failedSamples], serviceCalls: row[SessionColumn.serviceCalls])
        numbers = JSONText.numbers(row[SessionColumn.numbers])
    }

    func put(in values: inout ColumnValues<SessionColumn>) throws {
        values.put(.requests, usage.requests)
        values.put(.promptTokens, usage.promptTokens)
        values.put(.cachedPromptTokens, usage.cachedPromptTokens)
        values.put(.completionTokens, usage.completionTokens)
        values.put(.reasoningTokens, usage.reasoningTokens)
        values.put(.cancelledTokens, usage.cancelledTokens)
        values.put(.work, try usage.work.map(JSONText.encode))
        values.put(.usd, usd)
        values.put(.eflops, eflops)
        values.put(.toldEflops, toldEflops)
        values.put(.criticalPathS, criticalPathSeconds)
        values.put(.ttftS, firstTokenSeconds)
        values.put(.samples, samples)
        values.put(.cutOffSamples, cutOffSamples)
        values.put(.failedSamples, failedSamples)
        values.put(.serviceCalls, serviceCalls)
        values.put(.numbers, numbers.isEmpty ? nil : JSONText.numbers(numbers))
    }
}

extension SessionRecord {
    /// From a row of `SessionColumn.select`.
    init(row: StatementRow) {
        let errorKind: String? = row[SessionColumn.errorKind]
        self.init(
            key: SessionKey(row: row), answer: row[SessionColumn.answer], extracted: row[SessionColumn.extracted],
            stage: row[SessionColumn.stage], score: row[SessionColumn.score],
            strictScore: row[SessionColumn.strictScore],
            finish: FinishReason(rawValue: row[SessionColumn.finish]) ?? .other,
            stopReason: row[SessionColumn.stopReason], confidence: row[SessionColumn.confidence],
            error: errorKind.map {
                SessionError(kind: .init(rawValue: $0), message: row[SessionColumn.errorMessage] ?? "")
            },
            measure: SessionMeasure(row: row), draws: [], log: SessionLog(),
            judgement: JSONText.judgement(row[SessionColumn.judgement]))
        reasoning = row[SessionColumn.reasoning]
        restore(drawsText: row[SessionColumn.draws], logText: row[SessionColumn.record])
    }

    var values: ColumnValues<SessionColumn> {
        get throws {
            var values = ColumnValues<SessionColumn>()
            values.put(.item, key.item)
            values.put(.arm, key.arm)
            values.put(.level, key.level)
            values.put(.repeat, key.repeatIndex)
            values.put(.answer, answer)
            values.put(.reasoning, reasoning)
            values.put(.extracted, extracted)
            values.put(.stage, stage)
            values.put(.score, score)
            values.put(.strictScore, strictScore)
            values.put(.finish, finish.rawValue)
            values.put(.stopReason, stopReason)
            values.put(.confidence, confidence)
            values.put(.errorKind, error?.kind.rawValue)
            values.put(.errorMessage, error?.message)
            try measure.put(in: &values)
            values.put(.draws, draws.isEmpty ? "[]" : drawsJSON)
            values.put(.record, log.isEmpty ? nil : logJSON)
            values.put(.judgement, try judgement.map(JSONText.encode))
            return values
        }
    }
}

extension JournalItem {
    /// From a row of `ItemColumn.select`, or of what follows `first` other columns.
    init(row: StatementRow, after first: Int = 0) {
        self.init(
            ordinal: row[first + ItemColumn.ordinal.rawValue], id: row[first + ItemColumn.id.rawValue],
            input: row[first + ItemColumn.input.rawValue], target: row[first + ItemColumn.target.rawValue],
            fieldsJSON: row[first + ItemColumn.fields.rawValue])
    }

    /// From a row of `SessionColumn.select`.
    init(sessionRow row: StatementRow) {
        self.init(row: row, after: SessionColumn.count)
    }

    var values: ColumnValues<ItemColumn> {
        var values = ColumnValues<ItemColumn>()
        values.put(.ordinal, ordinal)
        values.put(.id, id)
        values.put(.input, input)
        values.put(.target, target)
        values.put(.fields, fieldsJSON)
        return values
    }
}
