internal import Completions

/// The table `completions`: the sample pool.
enum CompletionColumn: Int, JournalColumn {
    case request, `repeat`, sample, isPartial
    case text, reasoning, finish, promptTokens, cachedPromptTokens, completionTokens, reasoningTokens, cancelledTokens,
        work
    case sharesPrompt, isEstimated, seconds, firstTokenSeconds, seed, usd, servedModel, tokens, chunks

    static let count = allCases.count
    static let select = "SELECT \(list()) FROM completions"
}

extension Completion {
    /// From a row of `CompletionColumn.select`.
    init(row: StatementRow) throws {
        let tokens: String? = row[CompletionColumn.tokens]
        let chunks: String? = row[CompletionColumn.chunks]
        self.init(
            text: row[CompletionColumn.text], reasoning: row[CompletionColumn.reasoning],
            finish: FinishReason(rawValue: row[CompletionColumn.finish]) ?? .other,
            usage: TokenUsage(
                requests: 1, promptTokens: row[CompletionColumn.promptTokens],
                cachedPromptTokens: row[CompletionColumn.cachedPromptTokens],
                completionTokens: row[CompletionColumn.completionTokens],
                reasoningTokens: row[CompletionColumn.reasoningTokens],
                cancelledTokens: row[CompletionColumn.cancelledTokens],
                work: JSONText.work(row[CompletionColumn.work])),
            sharesPrompt: row[CompletionColumn.sharesPrompt], isUsageEstimated: row[CompletionColumn.isEstimated],
            seconds: row[CompletionColumn.seconds], firstTokenSeconds: row[CompletionColumn.firstTokenSeconds],
            tokens: try tokens.map { try JSONText.decode([TokenLogprob].self, from: $0) } ?? [],
            chunks: try chunks.map { try JSONText.decode([CompletionChunk].self, from: $0) } ?? [],
            servedModel: row[CompletionColumn.servedModel])
    }
}

extension CompletionRecord {
    /// - Parameter part: 0 for a whole completion; from 1 for what was received of one that was cancelled.
    func values(request: Int64, part: Int) throws -> ColumnValues<CompletionColumn> {
        let usage = completion.usage
        var values = ColumnValues<CompletionColumn>()
        values.put(.request, request)
        values.put(.repeat, sample.repeatIndex)
        values.put(.sample, sample.index)
        values.put(.isPartial, part)
        values.put(.text, completion.text)
        values.put(.reasoning, completion.reasoning)
        values.put(.finish, completion.finish.rawValue)
        values.put(.promptTokens, usage.promptTokens)
        values.put(.cachedPromptTokens, usage.cachedPromptTokens)
        values.put(.completionTokens, usage.completionTokens)
        values.put(.reasoningTokens, usage.reasoningTokens)
        values.put(.cancelledTokens, usage.cancelledTokens)
        values.put(.work, try usage.work.map(JSONText.encode))
        values.put(.sharesPrompt, completion.sharesPrompt)
        values.put(.isEstimated, completion.isUsageEstimated)
        values.put(.seconds, completion.seconds)
        values.put(.firstTokenSeconds, completion.firstTokenSeconds)
        values.put(.seed, Int64(bitPattern: seed))
        values.put(.usd, usd)
        values.put(.servedModel, completion.servedModel)
        values.put(.tokens, completion.tokens.isEmpty ? nil : try JSONText.encode(completion.tokens))
        values.put(.chunks, completion.chunks.isEmpty ? nil : try JSONText.encode(completion.chunks))
        return values
    }
}
