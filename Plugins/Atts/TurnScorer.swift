import EvalhPluginKit
import Glibc

/// How likely the target finds a turn of the draft.
struct TurnScorer {
    let parameters: AttsParameters
    let session: Session
    let target: Model
    /// The service that scores by the target; `nil`: single tokens are asked for.
    let scorer: ServiceInfo?

    init(parameters: AttsParameters, session: Session, target: Model) {
        self.parameters = parameters
        self.session = session
        self.target = target
        scorer = session.scorer(parameters.target)
    }

    /// How turns are scored, for the record.
    var method: String {
        scorer.map { "one call of the service \($0.name) a turn" }
            ?? "up to \(parameters.probes) single tokens a turn: the suite has no service of kind score for the model "
            + "'\(target.role)'"
    }

    private func fallBack(_ reason: String) {
        session.note("scoring", "single tokens for a turn that the service does not score: \(reason)")
    }

    /// exp(−mean log p) over the turn's tokens.
    ///
    /// - Returns: Infinite if the endpoints do not tell log-probabilities.
    /// - Throws: What kept the target from answering.
    func perplexity(of turn: Choice, after prefix: String) async throws -> Double {
        if scorer != nil {
            do {
                let score = try await session.score(turn.text, prefix: prefix, model: parameters.target)
                let count = score.tokens.isEmpty ? turn.textTokens.count : score.tokens.count
                return count > 0 && score.value.isFinite ? exp(-score.value / Double(count)) : .infinity
            } catch let rejected as Rejected where rejected.reason == .unsupported || rejected.reason == .invalid {
                fallBack(rejected.message)
            } catch let failed as RequestFailed where failed.failure == .request {
                fallBack(failed.message)
            }
        }
        let logprobs = try await probe(turn, prefix)
        return logprobs.isEmpty ? .infinity : exp(-logprobs.reduce(0, +) / Double(logprobs.count))
    }

    /// Asks the target for one token at places spread evenly over the turn, all at once.
    private func probe(_ turn: Choice, _ prefix: String) async throws -> [Double] {
        let tokens = turn.textTokens
        let places = Self.places(tokens.count, atMost: parameters.probes)
        let sampling = Sampling(
            temperature: 0, maxTokens: 1, topLogprobs: min(parameters.alternatives, target.topLogprobs))
        let texts = places.map { prefix + tokens[..<$0].map(\.text).joined() }
        let batches = await session.sideBySide(texts) {
            await session.gather(sampling: sampling, prefix: $0, model: parameters.target)
        }
        var logprobs: [Double] = []
        for (place, batch) in zip(places, batches) {
            if let interruption = batch.interruption { throw interruption }
            guard let drawn = batch.choices.first?.tokens.first, !drawn.logprob.isNaN else { continue }
            logprobs.append(Self.logprob(of: tokens[place].text, in: drawn))
        }
        return logprobs
    }

    /// k of n places, evenly spread, from the first one.
    private static func places(_ count: Int, atMost most: Int) -> [Int] {
        count <= most ? Array(0..<count) : (0..<most).map { $0 * count / most }
    }

    /// A token that is not listed gets the logarithm of the mass of all that are not, an upper bound; of at least
    /// e^−23.
    private static func logprob(of text: String, in drawn: Token) -> Double {
        if drawn.text == text { return drawn.logprob }
        if let listed = drawn.alternatives.first(where: { $0.text == text }) { return listed.logprob }
        return max(-23, log(drawn.unlistedProbability))
    }
}
