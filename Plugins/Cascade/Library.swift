package import EvalhPluginKit

package let cascade: [Plugin] = [.strategy(CascadeStrategy.self)]
