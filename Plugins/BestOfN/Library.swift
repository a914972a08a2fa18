package import EvalhPluginKit

package let bestOfN: [Plugin] = [.strategy(BestOfNStrategy.self), .strategy(WeightedBestOfNStrategy.self)]
