package import EvalhPluginKit

package let esc: [Plugin] = [.strategy(EscStrategy.self)]
