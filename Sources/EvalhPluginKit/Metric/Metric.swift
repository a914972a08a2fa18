import CEvalhPlugin

/// A metric: turns scores and costs into numbers with intervals. It sees every finished session, item by item: all of
/// one item's sessions, over all arms, levels and repeats, follow each other. Its memory must grow with items, not with
/// sessions.
public protocol Metric: SendableMetatype {
    /// What suites may set; `NoParameters` unless said otherwise.
    associatedtype Parameters: PluginParameters = NoParameters
    /// Who it is and what it does.
    static var descriptor: Descriptor { get }
    /// - Parameters:
    ///   - parameters: As the suite sets them. Throw to refuse them.
    ///   - seed: For all randomness, such as resampling.
    init(parameters: Parameters, seed: UInt64) throws
    /// One more session.
    mutating func add(_ row: SessionRow) throws
    /// The numbers, after the last session.
    mutating func result() throws -> [MetricValue]
}

/// One finished session.
public struct SessionRow: Hashable, Sendable {
    /// The session failed; it has no score.
    public var isError: Bool
    /// Dense number of the item, from 0.
    public var item: Int
    /// The arm's id.
    public var arm: String
    /// The level's JSON object, for example `{"samples":4}`; empty: none.
    public var level: String
    /// Place in the arm's list of levels; `nil`: none.
    public var levelIndex: Int?
    /// From 0.
    public var repeatIndex: Int
    /// `nil` if the session failed.
    public var score: Double?
    /// `nil`: none claimed.
    public var confidence: Double?
    /// Why the completion that the answer is from ended.
    public var finish: Finish
    /// Tokens that the session is charged.
    public var usage: Usage
    /// Generated tokens of completions that were cancelled midway.
    public var cancelledTokens: Int
    /// `nil`: unknown.
    public var usd: Double?
    /// Logical seconds from its start to its answer.
    public var criticalPathSeconds: Double
    /// The canonical answer the grader found; empty: none.
    public var answer: String
    /// Equivalent floating-point operations of its completions; `nil`: a model's shape is unknown.
    public var eflops: Double?
    /// The same by the work that the model told of: early exits cost less. `nil`: a shape is unknown, or it told
    /// nothing, and `eflops` says all there is to say.
    public var toldEflops: Double?
    /// What a model that shows its inside did; `nil`: it told nothing.
    public var work: Work?
    /// Calls of services that it is charged.
    public var serviceCalls = 0
    /// Why its strategy stopped, in the strategy's word.
    public var stopReason = ""
    /// The item's fields, a JSON object; empty where they are not known.
    public var fieldsJSON = ""
    /// What its strategy reported, by name; see `Session.report`.
    public var numbers: [String: Double] = [:]

    /// Sums over generated tokens.
    public struct Work: Hashable, Sendable {
        /// Tokens it is about, above 0.
        public var tokens: Int
        /// Of the share of layers a token's prediction was made from.
        public var depth: Double
        /// Of a token's work as a share of that at full depth.
        public var compute: Double
        /// Tokens that a draft model proposed.
        public var drafted: Int
        /// Of these, accepted.
        public var accepted: Int
        /// Passes of the whole model after the prompt.
        public var targetCalls: Int

        /// What a model told of its work.
        public init(
            tokens: Int, depth: Double, compute: Double, drafted: Int = 0, accepted: Int = 0, targetCalls: Int = 0
        ) {
            self.tokens = tokens
            self.depth = depth
            self.compute = compute
            self.drafted = drafted
            self.accepted = accepted
            self.targetCalls = targetCalls
        }
    }

    /// A session; one without a score has failed. For tests, as metrics get theirs from the host.
    public init(
        item: Int, arm: String, level: String = "", levelIndex: Int? = nil, repeatIndex: Int = 0, score: Double?,
        confidence: Double? = nil, finish: Finish = .stop, usage: Usage = Usage(), cancelledTokens: Int = 0,
        usd: Double? = nil,
        criticalPathSeconds: Double = 0, answer: String = "", eflops: Double? = nil, toldEflops: Double? = nil,
        work: Work? = nil
    ) {
        isError = score == nil
        self.item = item
        self.arm = arm
        self.level = level
        self.levelIndex = levelIndex
        self.repeatIndex = repeatIndex
        self.score = score
        self.confidence = confidence
        self.finish = finish
        self.usage = usage
        self.cancelledTokens = cancelledTokens
        self.usd = usd
        self.criticalPathSeconds = criticalPathSeconds
        self.answer = answer
        self.eflops = eflops
        self.toldEflops = toldEflops
        self.work = work
    }

    init(_ row: evalh_session_row) {
        isError = row.is_error == 1
        item = Int(clamping: row.item)
        arm = String(row.arm)
        level = String(row.level)
        levelIndex = row.level_index < 0 ? nil : Int(row.level_index)
        repeatIndex = Int(row.repeat)
        score = row.score.present
        confidence = row.confidence.present
        finish = Finish(rawValue: row.finish) ?? .other
        usage = Usage(row.usage)
        cancelledTokens = Int(row.usage.cancelled_tokens)
        usd = row.usd.present
        criticalPathSeconds = row.critical_path_seconds
        answer = String(row.answer)
        eflops = row.eflops.present
        toldEflops = row.told_eflops.present
        guard Int(row.struct_size) >= MemoryLayout<evalh_session_row>.size else { return }
        serviceCalls = Int(row.service_calls)
        stopReason = String(row.stop_reason)
        fieldsJSON = String(row.fields_json)
        if let list = row.numbers, let count = Int(exactly: row.number_count) {
            for index in 0..<count { numbers[String(list[index].name)] = list[index].value }
        }
        if row.told_tokens > 0 {
            work = Work(
                tokens: Int(row.told_tokens), depth: row.depth, compute: row.compute, drafted: Int(row.drafted_tokens),
                accepted: Int(row.accepted_tokens), targetCalls: Int(row.target_calls))
        }
    }
}

/// A number with its interval.
public struct MetricValue: Hashable, Sendable {
    /// Its name in reports and gates, one of the descriptor's `outputs`.
    public var name: String
    /// The arm it is about; empty: the run.
    public var arm: String
    /// The level it is about; `nil`: the whole arm.
    public var levelIndex: Int?
    /// The number; `nil`: it cannot be told.
    public var value: Double?
    /// 95 % interval.
    public var low: Double?
    /// Upper end of the 95 % interval.
    public var high: Double?
    /// Standard deviation of the estimate.
    public var standardError: Double?
    /// Independent units: items.
    public var n: Int?
    /// How the interval was made.
    public var method: String
    /// A JSON object, or empty.
    public var detailJSON: String

    /// A number by its name.
    public init(
        _ name: String, arm: String = "", levelIndex: Int? = nil, value: Double?, low: Double? = nil,
        high: Double? = nil,
        standardError: Double? = nil, n: Int? = nil, method: String = "", detailJSON: String = ""
    ) {
        self.name = name
        self.arm = arm
        self.levelIndex = levelIndex
        self.value = value
        self.low = low
        self.high = high
        self.standardError = standardError
        self.n = n
        self.method = method
        self.detailJSON = detailJSON
    }

    func wire(in arena: inout Arena) -> evalh_metric_value {
        var result = evalh_metric_value()
        result.struct_size = UInt32(MemoryLayout<evalh_metric_value>.size)
        result.name = arena.text(name)
        result.arm = arena.text(arm)
        result.level_index = levelIndex.map(Int64.init) ?? -1
        result.value = value.orNaN
        result.ci_low = low.orNaN
        result.ci_high = high.orNaN
        result.stderr_ = standardError.orNaN
        result.n = n.map(Int64.init) ?? -1
        result.method = arena.text(method)
        result.detail_json = arena.text(detailJSON)
        return result
    }
}
