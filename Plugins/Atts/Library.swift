package import EvalhPluginKit

package let atts: [Plugin] = [.strategy(AttsStrategy.self)]
