internal import Completions
internal import JSON
internal import Journal
internal import PluginHost

/// A session's books: what it is charged, what it may still spend, and its logical clock. A value: it is told what
/// happened, and tells what is refused.
///
/// | input                       | clock           | charged                           | budget                |
/// |-----------------------------|-----------------|-----------------------------------|-----------------------|
/// | `open` a request            | –               | –                                 | reserves, or refuses  |
/// | `show` a piece              | to when it came | –                                 | –                     |
/// | `wait` for a timer          | to its time     | –                                 | –                     |
/// | `charge` a complete choice  | to its end      | tokens, money, operations; a draw | spent                 |
/// | `charge` a cancelled choice | to its cancel   | the same, as far as it had come   | spent                 |
/// | `charge` a failed choice    | –               | tokens that were paid for nothing | spent                 |
/// | `close` a request           | –               | –                                 | reservation is over   |
/// | `adopt` a peer              | plus its time   | all that the peer was charged     | spent, or refuses     |
struct SessionAccount {
    private let models: [String: RunModel]
    /// The role of the arm's own model.
    private let ownRole: String
    private var ledger: BudgetLedger
    private var usage = TokenUsage()
    /// `nil`: a model without a price took part.
    private var usd: Double? = 0
    private var firstTokenSeconds: Double?
    private var operations = SessionOperations()
    /// Completions of peers that were adopted; `nil`: none was.
    private var adoptedSamples: Int?
    private var adoptedCalls = 0
    /// Prompt tokens as the model counts them, where it has told.
    private var promptTokens: [RequestKey: Int] = [:]
    private(set) var draws: [SessionDraw] = []
    /// Samples that failed while they were wanted.
    var failedSamples = 0
    /// Logical nanoseconds since the session's start.
    private(set) var now: Int64 = 0

    init(models: [String: RunModel], ownRole: String, limits: BudgetLimits) {
        self.models = models
        self.ownRole = ownRole
        ledger = BudgetLedger(limits: limits)
    }

    private var seconds: Double { LogicalTime.seconds(now) }

    // MARK: The budget

    var remaining: RemainingBudget { ledger.remaining(elapsedSeconds: seconds) }
    /// Less than a fifth of a limit is left.
    var isLow: Bool { ledger.isLow(elapsedSeconds: seconds) }
    var isOutOfTime: Bool { ledger.limits.seconds.map { seconds > $0 } ?? false }

    /// The most that a sample of a request can cost.
    func worstCase(of request: CompletionRequest, _ key: RequestKey, role: String) -> BudgetLedger.Amount {
        .worstCase(of: request, samples: 1, knownPromptTokens: promptTokens[key], price: models[role]?.price)
    }

    /// The most that a call of a service can cost.
    func worstCase(of payload: JSONValue, _ service: RunService) -> BudgetLedger.Amount {
        var usage = service.worstCase(payload)
        usage.requests = 1
        return models[service.role]?.amount(of: usage) ?? .init(tokens: usage.totalTokens)
    }

    /// Tokens of a request's prompt, as the model counted them or at most.
    func promptBound(of request: CompletionRequest, _ key: RequestKey) -> Int {
        promptTokens[key] ?? request.unlearnedPromptBound
    }

    /// Reserves the worst case of a request; false, and nothing changes, if the session cannot afford it.
    mutating func open(_ request: SessionRequest) -> Bool { ledger.reserve(request.worstCase) }

    /// All choices of a request have ended.
    mutating func close(_ request: SessionRequest) { ledger.settle(reserved: request.worstCase, spent: .init()) }

    // MARK: What happened

    mutating func show(_ request: SessionRequest, seconds: Double) { advance(to: request.askedAt, plus: seconds) }

    mutating func wait(until time: Int64) { now = max(now, time) }

    /// A choice is complete, or was cancelled.
    mutating func charge(_ request: inout SessionRequest, _ choice: Int, _ completion: Completion, isCancelled: Bool) {
        var charged = request.charge(completion)
        charged.cancelledTokens = isCancelled ? charged.completionTokens : 0
        let asked = request.asked
        let model = models[asked.role]
        usage += model?.service == nil ? charged : charged.withoutRequests
        if let cost = model?.usd(of: charged), let sum = usd { usd = sum + cost } else { usd = nil }
        ledger.settle(reserved: .init(), spent: model?.amount(of: charged) ?? .cost(of: charged, price: nil))
        promptTokens[asked.key] = max(promptTokens[asked.key] ?? 0, completion.usage.promptTokens)
        if model?.service == nil {
            operations.add(
                request: asked.request, shape: model?.shape, prompt: completion.usage.promptTokens, charged: charged)
        }
        advance(to: request.askedAt, plus: completion.seconds)
        if firstTokenSeconds == nil { firstTokenSeconds = completion.firstTokenSeconds }
        draws.append(
            SessionDraw(
                request: request.shortKey, model: asked.role, sample: asked.samples[choice].index,
                finish: completion.finish, promptTokens: charged.promptTokens,
                completionTokens: charged.completionTokens, seconds: completion.seconds,
                cancelledAt: isCancelled ? charged.completionTokens : nil, askedAt: Double(request.askedAt) / 1e9))
    }

    mutating func charge(_ request: SessionRequest, _ failure: ModelFailure) {
        usage += failure.spent
        ledger.settle(
            reserved: .init(), spent: .cost(of: failure.spent, price: models[request.asked.role]?.price))
    }

    /// Books what a peer cost, as if the session had done it itself at this point; false, and nothing changes, if it
    /// cannot afford that.
    mutating func adopt(_ cost: SessionMeasure) -> Bool {
        let amount = BudgetLedger.Amount(tokens: cost.usage.totalTokens, usd: cost.usd ?? 0)
        guard ledger.reserve(amount) else { return false }
        ledger.settle(reserved: amount, spent: amount)
        usage += cost.usage
        if let paid = cost.usd, let sum = usd { usd = sum + paid } else { usd = nil }
        operations.adopt(cost)
        adoptedSamples = (adoptedSamples ?? 0) + cost.samples
        adoptedCalls += cost.serviceCalls
        failedSamples += cost.failedSamples
        advance(to: now, plus: cost.criticalPathSeconds)
        return true
    }

    private mutating func advance(to askedAt: Int64, plus seconds: Double) {
        now = max(now, askedAt + LogicalTime.nanoseconds(seconds))
    }

    /// All that the session measured.
    var measure: SessionMeasure {
        let hasDrawnNothing = draws.isEmpty && adoptedSamples == nil
        let isPriced = models[ownRole]?.price != nil
        let calls = draws.count { RunService.name(ofRole: $0.model) != nil }
        var measure = SessionMeasure(
            usage: usage, usd: hasDrawnNothing ? (isPriced ? 0 : nil) : usd, criticalPathSeconds: seconds,
            firstTokenSeconds: firstTokenSeconds, samples: draws.count - calls + (adoptedSamples ?? 0),
            cutOffSamples: draws.count { $0.finish == .length }, failedSamples: failedSamples,
            serviceCalls: calls + adoptedCalls)
        operations.book(in: &measure)
        return measure
    }
}

extension TokenUsage {
    fileprivate var withoutRequests: TokenUsage {
        var usage = self
        usage.requests = 0
        return usage
    }
}
