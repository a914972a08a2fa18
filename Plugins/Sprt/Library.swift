package import EvalhPluginKit

package let sprt: [Plugin] = [.strategy(SprtStrategy.self)]
