package import EvalhPluginKit

package let confidenceVote: [Plugin] = [.strategy(ConfidenceVoteStrategy.self)]
