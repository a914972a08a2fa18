package import EvalhPluginKit

package let oracle: [Plugin] = [.strategy(OracleStrategy.self)]
