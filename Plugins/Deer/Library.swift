package import EvalhPluginKit

package let deer: [Plugin] = [.strategy(DeerStrategy.self)]
