package import EvalhPluginKit

package let bandit: [Plugin] = [.strategy(BanditStrategy.self)]
