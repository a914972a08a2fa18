package import Completions
package import JSON
internal import PluginHost

/// A service as the engine knows it. To pool, broker and budget it is a model whose requests hold payloads: it has a
/// role of its own among the plan's models, and its calls are recorded, shared, resumed and replayed as completions.
package struct RunService: Sendable {
    package var name: String
    package var kind: String
    /// What strategies are told of it: a JSON object.
    package var descriptionJSON: String
    /// What a call costs beside tokens.
    package var usdPerCall: Double
    /// Why a payload is none; `nil`: it is one.
    package var problem: @Sendable (JSONValue) -> String?
    /// The most tokens that a call can cost.
    package var worstCase: @Sendable (JSONValue) -> TokenUsage

    package init(
        name: String, kind: String, descriptionJSON: String = "{}", usdPerCall: Double = 0,
        problem: @escaping @Sendable (JSONValue) -> String? = { _ in nil },
        worstCase: @escaping @Sendable (JSONValue) -> TokenUsage = { _ in TokenUsage() }
    ) {
        self.name = name
        self.kind = kind
        self.descriptionJSON = descriptionJSON
        self.usdPerCall = usdPerCall
        self.problem = problem
        self.worstCase = worstCase
    }

    /// The role of its calls. No model can have it: roles are letters, digits, `.`, `_` and `-`.
    package var role: String { Self.role(name) }

    package static func role(_ name: String) -> String { rolePrefix + name }

    /// The service whose role this is; `nil`: it is a model's.
    package static func name(ofRole role: String) -> String? {
        role.hasPrefix(rolePrefix) ? String(role.dropFirst(rolePrefix.count)) : nil
    }

    private static let rolePrefix = "service:"

    var shown: SessionService { SessionService(name: name, kind: kind, descriptionJSON: descriptionJSON) }

    /// The request that a call is recorded under: equal payloads are equal requests, in whatever order their members
    /// were written.
    package static func request(_ payload: JSONValue) -> CompletionRequest {
        CompletionRequest(
            messages: [ChatMessage(role: .user, content: payload.canonicalText)],
            sampling: SamplingParameters(temperature: 0, maxTokens: 1))
    }

    /// The payload of such a request.
    package static func payload(_ request: CompletionRequest) -> JSONValue? {
        request.messages.first.flatMap { try? JSONValue(parsing: $0.content) }
    }
}

extension RunModel {
    /// What usage costs; `nil`: the price is unknown.
    func usd(of usage: TokenUsage) -> Double? {
        let tokens = service != nil && usage.totalTokens == 0 ? 0 : price?.cost(of: usage)
        guard let service, usage.requests > 0 else { return tokens }
        return tokens.map { $0 + service.usdPerCall }
    }

    /// The same for budgets, where what has no price is free.
    func amount(of usage: TokenUsage) -> BudgetLedger.Amount {
        BudgetLedger.Amount(tokens: usage.totalTokens, usd: usd(of: usage) ?? 0)
    }
}
