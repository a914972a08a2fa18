package import EvalhPluginKit

package let dynasor: [Plugin] = [.strategy(DynasorStrategy.self)]
