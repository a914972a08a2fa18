package import EvalhPluginKit

package let entropyAdaptive: [Plugin] = [.strategy(EntropyAdaptiveStrategy.self)]
