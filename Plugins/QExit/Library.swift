package import EvalhPluginKit

package let qExit: [Plugin] = [.strategy(QExitStrategy.self)]
