package import EvalhPluginKit

package let servicesTour: [Plugin] = [.strategy(ServicesTourStrategy.self)]
