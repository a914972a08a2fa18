package import EvalhPluginKit

package let router: [Plugin] = [.strategy(RouterStrategy.self)]
