package import Completions

/// Why a session has no score.
package struct SessionError: Codable, Hashable, Sendable {
    /// Who or what is at fault. Stored and reported under `rawValue`.
    package enum Kind: RawRepresentable, Codable, Hashable, Sendable {
        /// A request failed after all retries, and the strategy could not do without it.
        case model(ModelFailure.Kind)
        /// The strategy gave up, or broke the plugin interface's rules.
        case strategy
        /// The plugin could not be made, waits for nothing, or keeps asking for what is refused.
        case plugin
        /// The suite's prompt cannot be rendered for this item.
        case prompt
        /// The grader failed on the answer.
        case grader
        /// A replay needed what its pool does not hold.
        case poolMiss
        /// The word of another evalh, kept as it stands in the journal.
        case unknown(String)

        private static let plain: [String: Kind] = [
            "strategy": .strategy, "plugin": .plugin, "prompt": .prompt, "grader": .grader, "pool_miss": .poolMiss,
        ]

        package init(rawValue: String) {
            self =
                Self.plain[rawValue] ?? ModelFailure.Kind(rawValue: rawValue).map(Kind.model) ?? .unknown(rawValue)
        }

        package var rawValue: String {
            switch self {
            case .model(let kind): kind.rawValue
            case .strategy: "strategy"
            case .plugin: "plugin"
            case .prompt: "prompt"
            case .grader: "grader"
            case .poolMiss: "pool_miss"
            case .unknown(let word): word
            }
        }
    }

    package var kind: Kind
    package var message: String

    package init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    /// The model's failure as the session's.
    package init(_ failure: ModelFailure) {
        self.init(kind: .model(failure.kind), message: failure.message)
    }
}

/// In JSON, counts by kind are an object.
extension SessionError.Kind: CodingKeyRepresentable {
    package var codingKey: any CodingKey { Key(stringValue: rawValue) }

    package init(codingKey: some CodingKey) { self.init(rawValue: codingKey.stringValue) }

    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
