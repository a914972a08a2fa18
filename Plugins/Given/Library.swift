package import EvalhPluginKit

package let given: [Plugin] = [.strategy(GivenStrategy.self)]
