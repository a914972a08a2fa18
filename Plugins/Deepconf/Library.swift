package import EvalhPluginKit

package let deepconf: [Plugin] = [.strategy(DeepconfStrategy.self)]
