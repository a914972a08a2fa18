package import Completions
internal import GRDB

/// What was really paid in a run, over all arms: each completion once.
package struct PaidTotals: Hashable, Sendable {
    package var usage: TokenUsage
    package var usd: Double
    package var completions: Int

    package init(usage: TokenUsage = TokenUsage(), usd: Double = 0, completions: Int = 0) {
        self.usage = usage
        self.usd = usd
        self.completions = completions
    }
}

extension Journal {
    /// The whole completion recorded under a key and sample index.
    package func completion(_ key: RequestKey, _ sample: SampleIndex) throws(JournalError) -> Completion? {
        try access { db in
            guard let request = try requestID(key, db) else { return nil }
            return try statement(.completion, db).first(
                [request, sample.repeatIndex, sample.index], Completion.init(row:))
        }
    }

    /// All that is recorded under a key and sample index: first the parts of it that were given up, in the order of
    /// recording, and then the whole, if there is one.
    package func generations(_ key: RequestKey, _ sample: SampleIndex) throws(JournalError) -> [Completion] {
        try access { db in
            guard let request = try requestID(key, db) else { return [] }
            var whole: Completion?
            var parts: [Completion] = []
            try statement(.generations, db).forEach([request, sample.repeatIndex, sample.index]) { row in
                let part: Int = row[CompletionColumn.isPartial]
                let completion = try Completion(row: row)
                if part == 0 { whole = completion } else { parts.append(completion) }
            }
            if let whole { parts.append(whole) }
            return parts
        }
    }

    /// Where a request stands, if anything was recorded for it.
    func requestID(_ key: RequestKey, _ db: Database) throws -> Int64? {
        if let id = requestIDs[key] { return id == 0 ? nil : id }
        guard try isReadOnly || filter(db).mayContain(key) else { return nil }
        let id: Int64? = try statement("SELECT id FROM requests WHERE key = ?", db).first([key.bytes]) { $0[0] }
        if id != nil || !isReadOnly { requestIDs[key] = id ?? 0 }
        return id
    }

    private func filter(_ db: Database) throws -> RequestFilter {
        if let requestFilter { return requestFilter }
        var filter = RequestFilter()
        try statement("SELECT key FROM requests", db).forEach { filter.insert(RequestKey(bytes: $0[0])) }
        requestFilter = filter
        return filter
    }

    /// Sums over everything paid: whole completions, partial ones, and what failed requests are known to have cost.
    package func paidTotals() throws(JournalError) -> PaidTotals {
        try access { db in
            let done = try Row.fetchOne(
                db,
                sql: """
                    SELECT total(1 - shares_prompt), total(prompt_tokens * (1 - shares_prompt)),
                        total(cached_prompt_tokens * (1 - shares_prompt)), total(completion_tokens), \
                    total(reasoning_tokens),
                        total(cancelled_tokens), total(usd),
                        total(is_partial = 0 OR shares_prompt = 0 OR completion_tokens > 0) FROM completions
                    """)
            let failed = try Row.fetchOne(
                db, sql: "SELECT total(prompt_tokens), total(completion_tokens) FROM failures")
            var totals = PaidTotals()
            if let row = done {
                totals.usage = TokenUsage(
                    requests: Int(row[0] as Double), promptTokens: Int(row[1] as Double),
                    cachedPromptTokens: Int(row[2] as Double),
                    completionTokens: Int(row[3] as Double), reasoningTokens: Int(row[4] as Double),
                    cancelledTokens: Int(row[5] as Double))
                totals.usd = row[6]
                totals.completions = Int(row[7] as Double)
            }
            if let row = failed {
                totals.usage.promptTokens += Int(row[0] as Double)
                totals.usage.completionTokens += Int(row[1] as Double)
            }
            return totals
        }
    }
}

extension Journal {
    /// All whole completions of a model with what was asked for them.
    package func forEachCompletion(
        of fingerprint: String, _ body: (CompletionRequest, SampleIndex, Completion) throws -> Void
    ) throws(JournalError) {
        try access { db in
            func text(_ id: Int64) throws -> String {
                try self.statement("SELECT text FROM texts WHERE id = ?", db).first([id]) { $0[0] } ?? ""
            }
            let statement = try self.statement(.completionsOfRequest, db)
            let rows = try Row.fetchCursor(
                db, sql: "SELECT id, messages, prefix, sampling FROM requests WHERE fingerprint = ? ORDER BY id",
                arguments: [fingerprint])
            while let row = try rows.next() {
                let messages = try JSONText.decode([[String]].self, from: row[1]).map { pair in
                    ChatMessage(
                        role: ChatRole(rawValue: pair.first ?? "") ?? .user,
                        content: try text(pair.last.flatMap { Int64($0) } ?? 0))
                }
                let request = CompletionRequest(
                    messages: messages, prefix: try (row[2] as Int64?).map(text) ?? "",
                    sampling: try JSONText.decode(SamplingParameters.self, from: row[3]))
                let id: Int64 = row[0]
                try statement.forEach([id]) { completion in
                    let sample = SampleIndex(
                        repeatIndex: completion[CompletionColumn.repeat], index: completion[CompletionColumn.sample])
                    try body(request, sample, try Completion(row: completion))
                }
            }
        }
    }
}

/// A completion of the pool with what was asked for it.
package struct PooledCompletion: Sendable {
    package var fingerprint: String
    package var sampling: SamplingParameters
    package var sample: SampleIndex
    package var completion: Completion
}

/// The requests of a journal that continue no text, by their messages: to find all that was answered to a prompt.
package struct PooledRequests: Sendable {
    fileprivate struct Request: Sendable {
        var id: Int64
        var fingerprint: String
        var sampling: SamplingParameters
    }

    fileprivate var byMessages: [String: [Request]] = [:]
}

extension Journal {
    package func pooledRequests() throws(JournalError) -> PooledRequests {
        try access { db in
            var requests = PooledRequests()
            let rows = try Row.fetchCursor(
                db, sql: "SELECT id, fingerprint, messages, sampling FROM requests WHERE prefix IS NULL ORDER BY id")
            while let row = try rows.next() {
                let request = PooledRequests.Request(
                    id: row[0], fingerprint: row[1],
                    sampling: try JSONText.decode(SamplingParameters.self, from: row[3]))
                requests.byMessages[row[2], default: []].append(request)
            }
            return requests
        }
    }

    /// All whole completions of a prompt, by request in the order of asking, then by repeat and sample.
    package func completions(of messages: [ChatMessage], in requests: PooledRequests) throws(JournalError)
        -> [PooledCompletion]
    {
        try access { db in
            let key = JSONText.messages(
                try messages.map { message in
                    var canonical = CanonicalBytes()
                    canonical.append(message.content)
                    let id: Int64? = try self.statement("SELECT id FROM texts WHERE hash = ?", db)
                        .first([canonical.sha256]) { $0[0] }
                    return (message.role, id ?? -1)
                })
            let statement = try self.statement(.completionsOfRequest, db)
            var found: [PooledCompletion] = []
            for request in requests.byMessages[key] ?? [] {
                try statement.forEach([request.id]) { row in
                    found.append(
                        PooledCompletion(
                            fingerprint: request.fingerprint, sampling: request.sampling,
                            sample: SampleIndex(
                                repeatIndex: row[CompletionColumn.repeat], index: row[CompletionColumn.sample]),
                            completion: try Completion(row: row)))
                }
            }
            return found
        }
    }
}
