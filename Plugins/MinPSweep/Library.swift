package import EvalhPluginKit

package let minPSweep: [Plugin] = [.strategy(MinPSweepStrategy.self)]
