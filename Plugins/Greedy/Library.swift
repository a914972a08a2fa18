package import EvalhPluginKit

package let greedy: [Plugin] = [.strategy(GreedyStrategy.self)]
