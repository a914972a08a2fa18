package import EvalhPluginKit

package let ceCollm: [Plugin] = [.strategy(CeCollmStrategy.self)]
