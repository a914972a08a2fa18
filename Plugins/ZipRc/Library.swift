package import EvalhPluginKit

package let zipRc: [Plugin] = [.strategy(ZipRcStrategy.self)]
