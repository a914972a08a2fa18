package import EvalhPluginKit

package let speculative: [Plugin] = [.strategy(SpeculativeStrategy.self)]
