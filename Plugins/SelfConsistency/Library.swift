package import EvalhPluginKit

package let selfConsistency: [Plugin] = [.strategy(SelfConsistencyStrategy.self)]
