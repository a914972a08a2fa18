package import EvalhPluginKit

package let dsc: [Plugin] = [.strategy(DscStrategy.self)]
