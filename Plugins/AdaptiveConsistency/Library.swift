package import EvalhPluginKit

package let adaptiveConsistency: [Plugin] = [.strategy(AdaptiveConsistencyStrategy.self)]
