internal import Completions
internal import PluginHost

/// Why a wish of a strategy is refused.
struct Refusal: Error {
    let reason: RejectionReason
    let message: String
    /// What the strategy asks for is not there: the suite is at fault, or the endpoint, not the plugin.
    var isLack = false
}

/// The rules a SUBMIT must keep, and the sampling that follows from it.
enum SubmitChecks {
    static let maxSamples = 1024

    static func sampling(_ base: SamplingParameters, _ overrides: SamplingOverrides) throws(Refusal)
        -> SamplingParameters
    {
        var sampling = base
        if let value = overrides.temperature { sampling.temperature = value }
        if let value = overrides.topP { sampling.topP = value }
        if let value = overrides.topK { sampling.topK = value }
        if let value = overrides.minP { sampling.minP = value }
        if let value = overrides.maxTokens { sampling.maxTokens = value }
        if let value = overrides.topLogprobs { sampling.topLogprobs = value }
        if let value = overrides.seed { sampling.seed = value }
        if let value = overrides.jsonSchema { sampling.jsonSchema = value }
        for stop in overrides.stop where !sampling.stop.contains(stop) { sampling.stop.append(stop) }
        guard (0...100).contains(sampling.temperature) else {
            throw invalid("temperature \(sampling.temperature) is not in [0, 100]")
        }
        guard sampling.topP > 0, sampling.topP <= 1 else { throw invalid("top_p \(sampling.topP) is not in (0, 1]") }
        guard (0...1).contains(sampling.minP) else { throw invalid("min_p \(sampling.minP) is not in [0, 1]") }
        guard sampling.topK >= 0 else { throw invalid("top_k \(sampling.topK) is negative") }
        guard (1...10_000_000).contains(sampling.maxTokens) else {
            throw invalid("max_tokens \(sampling.maxTokens) is not in [1, 10000000]")
        }
        guard sampling.stop.count <= 64, sampling.stop.allSatisfy({ !$0.isEmpty }) else {
            throw invalid("stop texts must be at most 64 and not empty")
        }
        return sampling
    }

    static func capabilities(_ model: SessionModel, _ request: CompletionRequest) throws(Refusal) {
        if let wanted = request.sampling.topLogprobs {
            guard let most = model.capabilities.topLogprobs else {
                throw unsupported("the endpoint of model '\(model.role)' gives no log-probabilities")
            }
            guard wanted <= most else {
                throw unsupported("the endpoint of model '\(model.role)' gives at most \(most) alternatives a token")
            }
        }
        if !request.prefix.isEmpty, !model.capabilities.prefix {
            throw unsupported("the endpoint of model '\(model.role)' cannot continue a given text")
        }
    }

    static func samples(_ n: Int) throws(Refusal) {
        guard (1...maxSamples).contains(n) else { throw invalid("n = \(n) is not in [1, \(maxSamples)]") }
    }

    private static func invalid(_ message: String) -> Refusal { Refusal(reason: .invalid, message: message) }
    private static func unsupported(_ message: String) -> Refusal {
        Refusal(reason: .unsupported, message: message, isLack: true)
    }
}
