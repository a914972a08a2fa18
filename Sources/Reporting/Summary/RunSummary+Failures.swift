internal import Completions
package import Journal

extension RunSummary {
    /// Why sessions failed.
    package struct Failures: Codable, Hashable, Sendable {
        /// Sessions whose errors are of one kind and say the same but for numbers, ids and times.
        package struct Cause: Codable, Hashable, Sendable {
            package var kind: SessionError.Kind
            /// On one line, at most some hundred characters; `…` stands for what varies.
            package var message: String
            package var sessions: Int
            /// Sessions by arm, `id` or `id@level`.
            package var arms: [String: Int]
            /// What to do about it.
            package var next: String
        }

        package var sessions: Int
        /// The commonest first, at most 20.
        package var causes: [Cause]
        /// Failed sessions of further causes.
        package var unlisted: Int

        /// For people: the commonest, and what they leave out.
        package func commonest(_ most: Int) -> (causes: ArraySlice<Cause>, others: Int) {
            let shown = causes.prefix(most)
            return (shown, sessions - shown.reduce(0) { $0 + $1.sessions })
        }

        /// Those of one arm, the commonest first.
        func causes(of arm: String) -> [(cause: Cause, sessions: Int)] {
            causes.compactMap { cause in cause.arms[arm].map { (cause, $0) } }.sorted { $0.sessions > $1.sessions }
        }
    }
}

extension SessionError.Kind {
    /// What to do about sessions that failed so, in a sentence.
    package var nextStep: String {
        switch self {
        case .strategy, .plugin: "Mend the strategy or its parameters, then `evalh resume`."
        case .grader: "Mend the grader or its parameters, then `evalh resume`."
        case .prompt: "Mend the suite's prompt or the data, and run it anew; `evalh validate` shows the place."
        case .poolMiss: "`evalh replay … --fill` asks a model for what the pool lacks."
        case .unknown: "Try again with `evalh resume`, by the evalh that wrote the run."
        case .model(let kind): kind.nextStep
        }
    }
}

extension ModelFailure.Kind {
    fileprivate var nextStep: String {
        switch self {
        case .connection: "See that the server runs and can be reached, then `evalh resume`."
        case .timeout: "Give it more time (`deadlines` of the model) or fewer connections, then `evalh resume`."
        case .server: "The server fails; see its log, then `evalh resume`."
        case .malformed: "See that the address speaks the API that the suite says (`evalh models probe`)."
        case .rateLimited: "Ask more slowly (`--max-connections`, `connections` of the model), then `evalh resume`."
        case .quota: "Raise the account's quota or wait for the next period, then `evalh resume`."
        case .authentication: "Check the key that `api_key_env` names, then `evalh resume`."
        case .badRequest: "Mend what the suite sends (`sampling`, `body`, `model`) and run it anew."
        case .contextExceeded: "Shorten the prompt, lower `sampling.max_tokens`, or serve a longer context."
        case .unsupported:
            "Choose a model or a strategy that fits; `evalh models probe` tells what the endpoint can do."
        }
    }
}
